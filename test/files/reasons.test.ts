import { strict as assert } from "node:assert";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { asUserError } from "labor-llm/dist/files/atomic";
import { isFile, isFolder } from "labor-llm/dist/files/kind";
import { asReadError } from "labor-llm/dist/files/read";
import { withScratchFolder } from "../support/scratch";

/** What the system says of a path that it does not open, make, read or write. */
const codes =
  "EACCES EPERM EROFS ENOSPC EDQUOT ENOTDIR EEXIST EISDIR ENOENT EBUSY ENAMETOOLONG ELOOP EINVAL EMFILE ENFILE " +
  "ETXTBSY EIO ENXIO ENODEV EFBIG ENOTEMPTY EXDEV ESTALE";

describe("an error of the system", () => {
  it("about a path is the user's mistake, in words, whether it is read or written", () => {
    for (const code of codes.split(" ")) {
      const error = Object.assign(new Error(`${code}: said otherwise`), { code });
      for (const told of [asReadError("a/b.csv", error), asUserError("a/b.csv", error)] as Error[]) {
        assert.equal(told.name, "UserError", code);
        assert.match(told.message, /^(cannot write )?a\/b\.csv: [a-z].*[a-z]/, code);
        assert.doesNotMatch(told.message, /said otherwise|E[A-Z]{3}|\n/, code);
        assert.equal(told.cause, error);
      }
    }
  });

  it("of another kind stays what it is: a bug", () => {
    for (const code of ["EBADF", "ERR_INVALID_ARG_TYPE", "ERR_INVALID_ARG_VALUE", "constructor", undefined]) {
      const error = Object.assign(new TypeError("wrong"), { code });
      assert.equal(asReadError("x", error), error);
      assert.equal(asUserError("x", error), error);
    }
  });

  it("about a path with a NUL byte is the user's mistake too", () => {
    const attempts: [() => unknown, (path: string, error: unknown) => unknown][] = [
      [() => readFileSync("a\0b"), asReadError],
      [() => mkdirSync("a\0b"), asUserError],
    ];
    for (const [attempt, as] of attempts) {
      let told: unknown;
      try {
        attempt();
      } catch (error) {
        told = as("a b", error);
      }
      assert.match((told as Error).message, /a b: the path holds a NUL byte/);
    }
  });
});

describe("what a path leads to", () => {
  it("is neither file nor folder where it cannot be looked up", () => {
    withScratchFolder((folder) => {
      assert.ok(isFolder(folder) && !isFile(folder));
      assert.ok(isFile(__filename) && !isFolder(__filename));
      for (const path of ["", "a\0b", join(__filename, "x"), "x".repeat(5000), join(folder, "none")]) {
        assert.ok(!isFile(path) && !isFolder(path));
      }
    });
  });
});
