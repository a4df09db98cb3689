import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fillTables } from "labor-llm/dist/results/results-page";
import { repository } from "../support/paths";

describe("The tables of README.md and RESULTS.md", () => {
  for (const name of ["README.md", "RESULTS.md"]) {
    it(`${name} are those of the result files: npm run results changes nothing`, () => {
      const document = readFileSync(join(repository, name), "utf8");
      assert.ok(document.includes("<!-- table "), "it has tables");
      assert.equal(fillTables(document, join(repository, "figures")), document);
    });
  }

  it("are computed again between their marks alone, and a name that there is not is refused", () => {
    const before =
      "a\n<!-- table young-men -->\nold\n<!-- end -->\nb\n<!-- table young-men -->\n<!-- end -->\nc\n";
    const after = fillTables(before, join(repository, "figures"));
    assert.match(after, /^a\n<!-- table young-men -->\n\n\| model \|/);
    assert.equal(after.split("| Fine-tuned |").length, 3);
    assert.ok(
      after.includes("<!-- end -->\nb\n") && after.endsWith("<!-- end -->\nc\n") && !after.includes("old"),
    );
    assert.throws(
      () => fillTables("<!-- table none -->\n<!-- end -->", "figures"),
      /there is no table "none"/,
    );
  });
});
