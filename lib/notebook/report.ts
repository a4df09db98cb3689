import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { Marked, type Parser, type Tokens } from "marked";
import { escapeHtml, type Figure } from "../figures";
import { checkOutputFile, writeFileAtomically } from "../files";
import { plotlyType } from "./display";
import { type Cell, type CodeCell, type Output, readNotebook } from "./document";
import { reportScript, reportStyle } from "./report-style";

export interface ReportOptions {
  title?: string;
  /** What the reader must know of the run: profile, data, seed, engine, versions. */
  provenance?: Record<string, string>;
  /** Replaces a file that is no report. */
  force?: boolean;
}

/** By which a file is known as a report. */
const GENERATOR = '<meta name="generator" content="labor-llm">';

/** A heading of the report, for its table of contents. */
interface Heading {
  id: string;
  level: number;
  html: string;
}

/**
 * Writes notebooks with their outputs as one file of HTML that needs no network: text, tables, and figures to
 * point at, with images in their place where scripts do not run.
 * @throws UserError where a notebook cannot be read, the file cannot be written, or one is there that is no report
 */
export async function writeReport(
  notebooks: readonly string[],
  outPath: string,
  options: ReportOptions = {},
): Promise<void> {
  checkOutputFile(outPath, { inputs: notebooks, force: options.force, isOurs: isReport });
  const sections: string[] = [];
  const headings: Heading[] = [];
  const figures: Figure[] = [];
  for (const path of notebooks) {
    const name = basename(path, ".ipynb");
    const { cells } = readNotebook(path);
    const writer = new SectionWriter(name, headings, figures);
    const body: string[] = [];
    for (const cell of cells) body.push(await writer.cell(cell));
    sections.push(`<section id="${escapeHtml(name)}">\n${body.join("\n")}\n</section>`);
  }
  const title = options.title ?? "LABOR-LLM notebooks";
  writeFileAtomically(outPath, page(title, options.provenance ?? {}, headings, sections, figures));
}

function isReport(path: string): boolean {
  return readFileSync(path, "utf8").includes(GENERATOR);
}

class SectionWriter {
  /** For the notebook's own text, and for what its cells put out: that holds words of surveys, and may not be HTML. */
  private readonly markdown: Marked;
  private readonly ofOutputs = new Marked();

  constructor(
    private readonly name: string,
    headings: Heading[],
    private readonly figures: Figure[],
  ) {
    this.markdown = new Marked();
    const renderer = {
      renderer: {
        // The report has the one first level; those of the notebooks step down.
        heading(this: { parser: Parser }, { tokens, depth }: Tokens.Heading) {
          const html = this.parser.parseInline(tokens);
          const level = Math.min(depth + 1, 6);
          const id = `${name}-${headings.length + 1}`;
          headings.push({ id, level, html });
          return `<h${level} id="${escapeHtml(id)}">${html}</h${level}>\n`;
        },
      },
    };
    this.markdown.use(renderer);
    this.ofOutputs.use(renderer, {
      renderer: {
        html: ({ text }) => escapeHtml(text),
        // No script and no file of the reader's machine.
        link({ href, tokens }) {
          const html = this.parser.parseInline(tokens);
          return /^(?:https?:|mailto:|#)/i.test(href) ? `<a href="${escapeHtml(href)}">${html}</a>` : html;
        },
        image: ({ text }) => escapeHtml(text),
      },
    });
  }

  async cell(cell: Cell): Promise<string> {
    if (cell.cell_type === "code") return this.codeCell(cell);
    return cell.cell_type === "markdown" ? this.markdown.parse(cell.source) : "";
  }

  private async codeCell(cell: CodeCell): Promise<string> {
    const parts = [
      `<details class="code"><summary>Code</summary><pre><code>${escapeHtml(cell.source)}</code></pre></details>`,
    ];
    for (const output of cell.outputs) parts.push(await this.output(output));
    return parts.join("\n");
  }

  private async output(output: Output): Promise<string> {
    if (output.output_type === "stream") return `<pre class="output">${escapeHtml(output.text)}</pre>`;
    const text = (type: string) => String(output.data[type]);
    const { data } = output;
    const description = escapeHtml(String(data["text/plain"] ?? ""));
    const image =
      "image/png" in data && `src="data:image/png;base64,${text("image/png").trim()}" alt="${description}"`;
    if (plotlyType in data) return this.figure(data[plotlyType] as Figure, image);
    if ("text/html" in data) return scrollable("Table", withLongCells(text("text/html")));
    if ("text/markdown" in data) return this.ofOutputs.parse(text("text/markdown"));
    if (image) return `<img ${image}>`;
    return `<pre class="output">${description}</pre>`;
  }

  /** @param image attributes of the picture of it that the notebook holds, for readers without scripts */
  private figure({ data, layout }: Figure, image: string | false): string {
    this.figures.push({ data, layout });
    const number = this.figures.length;
    const description = escapeHtml(layout.meta?.description ?? `Figure ${number} of ${this.name}`);
    const size = `width="${layout.width}" height="${layout.height}"`;
    return scrollable(
      `Figure ${number}`,
      `<div class="figure" id="figure-${number}" role="img" aria-label="${description}" style="width: ${layout.width}px"></div>
${image ? `<noscript><img ${image} ${size}></noscript>` : ""}`,
    );
  }
}

/** Marks cells of long text, which are to have several lines, but not as many as a narrow column would make. */
function withLongCells(html: string): string {
  return html.replace(/<(t[dh])(?=(?: scope="row")? style="text-align: left">[^<]{25})/g, '<$1 class="long"');
}

/** What may be wider than a phone scrolls by itself, by touch and by keyboard, and the page stays. */
function scrollable(label: string, html: string): string {
  return `<div class="wide" role="region" aria-label="${label}" tabindex="0">\n${html}\n</div>`;
}

function page(
  title: string,
  provenance: Record<string, string>,
  headings: readonly Heading[],
  sections: readonly string[],
  figures: readonly Figure[],
): string {
  const facts = Object.entries(provenance).map(
    ([name, value]) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`,
  );
  const contents = headings
    .filter(({ level }) => level <= 3)
    .map(({ id, level, html }) => {
      const inside = html.replace(/<\/?a\b[^>]*>/g, "");
      return `<li class="level-${level}"><a href="#${escapeHtml(id)}">${inside}</a></li>`;
    });
  const plotly =
    figures.length > 0 ? readFileSync(require.resolve("plotly.js-cartesian-dist-min"), "utf8") : "";
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
${GENERATOR}
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:">
<title>${escapeHtml(title)}</title>
<style>${reportStyle}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the notebooks</a>
<header>
<h1>${escapeHtml(title)}</h1>
<dl>
${facts.join("\n")}
</dl>
</header>
<div class="columns">
<nav aria-label="Contents">
<h2>Contents</h2>
<ul>
${contents.join("\n")}
</ul>
</nav>
<main id="main">
${sections.join("\n")}
</main>
</div>
<script>${inScript(plotly)}</script>
<script type="application/json" id="figures">${inScript(JSON.stringify(figures))}</script>
<script>${reportScript}</script>
</body>
</html>
`;
}

/**
 * Text that cannot end the script element it stands in. In JSON and in JavaScript's strings and regular
 * expressions, the only places where these occur, the escaped forms mean the same.
 */
function inScript(text: string): string {
  return text.replace(/<\/(?=script)/gi, "<\\/").replace(/<!--/g, "\\u003c!--");
}
