import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Staging } from "labor-llm/dist/notebook/staging";
import { withScratchFolder } from "../support/scratch";

describe("what a run stages", () => {
  it("replaces what links of the destination lead to, and no pipe", () => {
    withScratchFolder((folder) => {
      const destination = join(folder, "figures");
      mkdirSync(destination);
      writeFileSync(join(folder, "elsewhere.csv"), "old");
      symlinkSync("../elsewhere.csv", join(destination, "table.csv"));
      const staging = new Staging(destination);
      writeFileSync(join(staging.folder, "table.csv"), "new");
      writeFileSync(join(staging.folder, "other.csv"), "other");
      assert.deepEqual(staging.commit(), [join(destination, "other.csv"), join(destination, "table.csv")]);
      assert.ok(lstatSync(join(destination, "table.csv")).isSymbolicLink());
      assert.equal(readFileSync(join(folder, "elsewhere.csv"), "utf8"), "new");
      execFileSync("mkfifo", [join(destination, "pipe.csv")]);
      const second = new Staging(destination);
      writeFileSync(join(second.folder, "pipe.csv"), "new");
      assert.throws(() => second.commit(), { name: "UserError", message: /pipe\.csv: a pipe stands there/ });
      second.discard();
      assert.ok(lstatSync(join(destination, "pipe.csv")).isFIFO());
      assert.deepEqual(readdirSync(destination).sort(), ["other.csv", "pipe.csv", "table.csv"]);
    });
  });
});
