import assert from "node:assert/strict";
import fc from "fast-check";
import { formatNotebook, notebookFromMarkdown, parseNotebook } from "labor-llm/dist/notebook/document";

describe("notebook documents", () => {
  it("come back from their bytes, and give the same bytes again", () => {
    const text = fc.string({ unit: "binary" });
    const outputs = fc.array(
      fc.oneof(
        fc.record({
          output_type: fc.constant("stream" as const),
          name: fc.constant("stdout" as const),
          text,
        }),
        fc.record({
          output_type: fc.constant("display_data" as const),
          data: fc.record({ "text/html": text, "image/png": text, "application/json": fc.jsonValue() }),
          metadata: fc.constant({}),
        }),
      ),
    );
    fc.assert(
      fc.property(text, outputs, (source, shown) => {
        const notebook = notebookFromMarkdown("# Title\n\n```ts\n1\n```\n");
        notebook.cells[1] = { cell_type: "code", id: "cell-2", metadata: {}, source, outputs: shown };
        const bytes = formatNotebook(notebook);
        const back = parseNotebook(bytes, "x.ipynb");
        assert.equal(formatNotebook(back), bytes);
        assert.equal(back.cells[1].source, source);
        assert.deepEqual(JSON.parse(JSON.stringify(back.cells)), JSON.parse(JSON.stringify(notebook.cells)));
      }),
    );
  });

  it("are made of prose and of the code between, in order", () => {
    const { cells } = notebookFromMarkdown(
      "# A\n\ntext\n\n```ts\nconst a = 1;\n```\n\n```ts\na\n```\n\nend\n",
    );
    assert.deepEqual(
      cells.map(({ cell_type, id, source }) => [cell_type, id, source]),
      [
        ["markdown", "cell-1", "# A\n\ntext"],
        ["code", "cell-2", "const a = 1;"],
        ["code", "cell-3", "a"],
        ["markdown", "cell-4", "end"],
      ],
    );
  });
});
