import { UserError } from "../errors";
import { largestJson, parseJson, readWhole, writeFileAtomically } from "../files";

/** A Jupyter notebook, nbformat 4.5. */
export interface Notebook {
  cells: Cell[];
  metadata: Record<string, unknown>;
  nbformat: 4;
  nbformat_minor: 5;
}

export type Cell = MarkdownCell | CodeCell;

export interface MarkdownCell {
  cell_type: "markdown" | "raw";
  id: string;
  metadata: Record<string, unknown>;
  source: string;
}

export interface CodeCell {
  cell_type: "code";
  id: string;
  metadata: Record<string, unknown>;
  source: string;
  outputs: Output[];
}

/** MIME type to content: JSON for `application/…+json`, text for all else (base64 for images but SVG). */
export type MimeBundle = Record<string, unknown>;

export type Output =
  | { output_type: "stream"; name: "stdout" | "stderr"; text: string }
  | { output_type: "display_data"; data: MimeBundle; metadata: Record<string, unknown> };

/** Whether a cell has one of Jupyter's tags. */
export function hasTag({ metadata: { tags } }: Cell, tag: string): boolean {
  return Array.isArray(tags) && tags.includes(tag);
}

/** The metadata that every notebook of ours carries: what tslab's kernel says of itself. */
const tslabMetadata = {
  kernelspec: { display_name: "TypeScript", language: "typescript", name: "tslab" },
  language_info: {
    codemirror_mode: { mode: "typescript", name: "javascript", typescript: true },
    file_extension: ".ts",
    mimetype: "text/typescript",
    name: "typescript",
    version: "3.7.2",
  },
};

/**
 * A new notebook from Markdown: each fenced block marked `ts` is a code cell, the prose between two a Markdown cell.
 * Cell ids are `cell-1`, `cell-2`, …
 */
export function notebookFromMarkdown(text: string): Notebook {
  const cells: Cell[] = [];
  text.split(/^```ts\n([\s\S]*?)^```$/m).forEach((part, i) => {
    const source = part.trim();
    if (source === "") return;
    const id = `cell-${cells.length + 1}`;
    cells.push(
      i % 2 === 1
        ? { cell_type: "code", id, metadata: {}, source, outputs: [] }
        : { cell_type: "markdown", id, metadata: {}, source },
    );
  });
  return { cells, metadata: tslabMetadata, nbformat: 4, nbformat_minor: 5 };
}

/** @throws UserError where the file cannot be read or holds no nbformat 4 notebook of the tslab kernel */
export function readNotebook(path: string): Notebook {
  const bytes = readWhole(path, largestJson, "Check the name of the notebook.");
  return parseNotebook(bytes.toString("utf8"), path);
}

/** @param path for messages */
export function parseNotebook(text: string, path: string): Notebook {
  const fail = (problem: string): never => {
    throw new UserError(`${path}: ${problem}`, "Restore the notebook from version control.");
  };
  let raw: unknown;
  try {
    raw = parseJson(text);
  } catch (error) {
    return fail(`no valid JSON (${(error as Error).message})`);
  }
  if (!isRecord(raw) || raw.nbformat !== 4 || !Array.isArray(raw.cells))
    return fail("no nbformat 4 notebook");
  const metadata = isRecord(raw.metadata) ? raw.metadata : {};
  const kernel = isRecord(metadata.kernelspec) ? metadata.kernelspec.name : "tslab";
  if (kernel !== "tslab") return fail(`its kernel is "${kernel}", not "tslab"`);
  const ids = new Set<string>();
  const cells = raw.cells.map((cell: unknown, i): Cell => {
    const where = `cell ${i + 1}`;
    if (!isRecord(cell)) return fail(`${where} is no object`);
    const id = typeof cell.id === "string" ? cell.id : `cell-${i + 1}`;
    if (ids.has(id)) fail(`${where} repeats the id "${id}"`);
    ids.add(id);
    const source = joinLines(cell.source);
    if (source === undefined) return fail(`${where} has no source`);
    const common = { id, metadata: isRecord(cell.metadata) ? cell.metadata : {}, source };
    if (cell.cell_type === "markdown" || cell.cell_type === "raw") {
      return { cell_type: cell.cell_type, ...common };
    }
    if (cell.cell_type !== "code") return fail(`${where} is of the unknown type "${cell.cell_type}"`);
    const outputs = (Array.isArray(cell.outputs) ? cell.outputs : []).map(parseOutput);
    return { cell_type: "code", ...common, outputs: outputs.filter((output) => output !== undefined) };
  });
  return { cells, metadata, nbformat: 4, nbformat_minor: 5 };
}

function parseOutput(output: unknown): Output | undefined {
  if (!isRecord(output)) return undefined;
  if (output.output_type === "stream") {
    const name = output.name === "stderr" ? "stderr" : "stdout";
    return { output_type: "stream", name, text: joinLines(output.text) ?? "" };
  }
  if (!isRecord(output.data)) return undefined;
  const data = Object.fromEntries(
    Object.entries(output.data).map(([type, content]) => [
      type,
      isJson(type) ? content : (joinLines(content) ?? ""),
    ]),
  );
  const metadata = isRecord(output.metadata) ? output.metadata : {};
  return { output_type: "display_data", data, metadata };
}

/**
 * The bytes of a notebook as Jupyter would write them (keys sorted, indent 1, text as lists of lines), with no
 * execution counts and no times, so that equal content is equal bytes.
 */
export function formatNotebook(notebook: Notebook): string {
  const cells = notebook.cells.map((cell) => {
    const { execution: _, ...metadata } = cell.metadata;
    const common = { ...cell, metadata, source: splitLines(cell.source) };
    if (cell.cell_type !== "code") return common;
    return { ...common, execution_count: null, outputs: cell.outputs.map(formatOutput) };
  });
  return `${JSON.stringify(sortKeys({ ...notebook, metadata: tslabMetadata, cells }), null, 1)}\n`;
}

function formatOutput(output: Output): unknown {
  if (output.output_type === "stream") return { ...output, text: splitLines(output.text) };
  const data = Object.entries(output.data).map(([type, content]) => [
    type,
    isJson(type) || !isText(type) ? content : splitLines(String(content)),
  ]);
  return { ...output, data: Object.fromEntries(data) };
}

/** @throws UserError where the file cannot be written; the old one stands then */
export function writeNotebook(path: string, notebook: Notebook): void {
  writeFileAtomically(path, formatNotebook(notebook));
}

export const isJson = (type: string) => /[/+]json$/.test(type);
const isText = (type: string) => type.startsWith("text/") || type === "image/svg+xml";

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function joinLines(text: unknown): string | undefined {
  if (typeof text === "string") return text;
  return Array.isArray(text) ? text.join("") : undefined;
}

function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sortKeys(value[key])]),
  );
}
