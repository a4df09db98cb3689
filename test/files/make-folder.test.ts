import { strict as assert } from "node:assert";
import { existsSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "labor-llm/dist/files/make-folder";
import { withScratchFolder } from "../support/scratch";

describe("a folder that is made", () => {
  it("has those that lead to it, and the first that was not there is named", () => {
    withScratchFolder((folder) => {
      assert.equal(makeFolder(join(folder, "a", "b", "c")), join(folder, "a"));
      assert(existsSync(join(folder, "a", "b", "c")));
      assert.equal(makeFolder(join(folder, "a", "b", "c")), undefined);
      assert.equal(makeFolder(join(folder, "a", "d")), join(folder, "a", "d"));
    });
  });

  it("ends in the system's reason where none can be made, and nothing is made then", () => {
    withScratchFolder((folder) => {
      writeFileSync(join(folder, "file"), "");
      symlinkSync("circle", join(folder, "circle"));
      const cases: [string, string][] = [
        [join(folder, "file", "x", "y"), "ENOTDIR"],
        [join(folder, "file"), "EEXIST"],
        [join(folder, "x".repeat(300), "y"), "ENAMETOOLONG"],
      ];
      if (process.platform === "linux") {
        // Where the system says ENOENT of a folder that is there.
        cases.push(["/proc/x", "ENOENT"], ["/proc/x/y", "ENOENT"]);
      }
      for (const [path, code] of cases) assert.throws(() => makeFolder(path), { code }, path);
      assert.throws(() => makeFolder(join(folder, "circle", "x")));
      assert.equal(existsSync(join(folder, "x".repeat(300))), false);
    });
  });
});
