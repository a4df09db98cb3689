import assert from "node:assert/strict";
import { type CodeCell, readNotebook } from "labor-llm/dist/notebook/document";
import { runNotebook } from "labor-llm/dist/notebook/runner";
import { Workspace } from "../notebook/workspace";
import { typeErrors } from "../notebooks/type-check";
import { fencedBlocks } from "../support/fenced-blocks";
import { documents } from "./documents";

const minutes = 60_000;

/** What a run of a block in a notebook prints, by a part of its code; fewer persons where it fits a language model. */
const prints: [part: string, says: RegExp, smaller?: (code: string) => string][] = [
  ["Stay or leave", /^\| nlsy-young-men \| Stay or leave \| 114 \| 912 \| 4\.8\d+ /m],
  [
    'method: "fine-tuned"',
    /^$/,
    (code) => code.replace("  seed: 1,\n", "  seed: 1,\n  persons: { train: 6, validation: 3, test: 2 },\n"),
  ],
  ["flatMeasurements", /^\| Markov, given education \| +\d\.\d+ \|/m],
  ['method: "markov",', /^perplexity \d\.\d\d/],
];

const blocks = documents().flatMap((path) =>
  fencedBlocks(path)
    .filter(({ language }) => language === "ts")
    .map((block) => ({ ...block, path })),
);

describe("the snippets of README and docs, each alone in a cell of a notebook", () => {
  it("are found", () => {
    assert.deepEqual(
      blocks.map(({ path }) => path),
      ["README.md", "README.md", "README.md", "lib/README.md"],
    );
  });

  for (const { code, path, line } of blocks) {
    it(`have right types: ${path}, line ${line}`, () => {
      const workspace = new Workspace();
      assert.deepEqual(typeErrors(workspace.notebook(code)), []);
      workspace.remove();
    });

    it(`run: ${path}, line ${line}`, async function () {
      this.timeout(3 * minutes);
      const [, says, smaller = (same: string) => same] = prints.find(([part]) => code.includes(part))!;
      const workspace = new Workspace();
      const notebook = workspace.notebook(smaller(code));
      await runNotebook(notebook, { onStderr: () => {} });
      const outputs = readNotebook(notebook).cells.flatMap((cell) => (cell as CodeCell).outputs ?? []);
      const text = outputs.flatMap((output) => {
        if (output.output_type === "stream") return output.text;
        return output.output_type === "display_data" ? output.data["text/plain"] : "";
      });
      assert.match(text.join(""), says);
      workspace.remove();
    });
  }
});
