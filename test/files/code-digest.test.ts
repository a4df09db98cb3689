import { strict as assert } from "node:assert";
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { codeDigest, codeModules } from "labor-llm/dist/files/code-digest";
import { withScratchFolder } from "../support/scratch";

const texts: Readonly<Record<string, string>> = {
  "a.js": `const b_1 = require("./b"); exports.f = () => b_1.N + 1;`,
  "b.js": `exports.N = 2; const later = () => import("./c.js"); require("node:fs"); require("zod");`,
  "c.js": `require("./a"); require("./d.json"); const text = \`one \${1 /* two */} three\`;`,
  "d.json": `{"x": 1}`,
  "other.js": "exports.other = 1;",
};

/** The digest of a.js once some files are otherwise; one is taken once in a process, so that each try has a folder of its own. */
function digestWith(changes: Readonly<Record<string, string>> = {}): string {
  return withScratchFolder((folder) => {
    for (const [name, text] of Object.entries({ ...texts, ...changes }))
      writeFileSync(join(folder, name), text);
    return codeDigest(join(folder, "a.js"));
  });
}

describe("A digest of code", () => {
  it("is of the modules that are loaded, at once, later or by their folder", () =>
    withScratchFolder((folder) => {
      for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
      const modules = codeModules(join(folder, "a"));
      assert.deepEqual(
        [...modules.keys()].map((file) => basename(file)),
        ["a.js", "b.js", "c.js", "d.json"],
      );
      assert.deepEqual(modules.get(join(folder, "b.js"))!.packages, ["zod"]);
      assert.match(codeDigest(join(folder, "a.js")), /^[0-9a-f]{64}$/);
    }));

  it("is the same after a change of comments, of line breaks or of a module that is not loaded", () => {
    const before = digestWith();
    assert.equal(digestWith(), before);
    for (const [name, text] of Object.entries({
      "a.js": `// Why.\nconst b_1 = require("./b");\n\nexports.f = () =>\n  /* more */ b_1.N + 1;\n`,
      "b.js": `${texts["b.js"]}\n//# sourceMappingURL=b.js.map`,
      "other.js": "exports.other = 2;",
    })) {
      assert.equal(digestWith({ [name]: text }), before, name);
    }
  });

  it("is another after a change of a number, a name, a text or data, however deep", () => {
    const before = digestWith();
    for (const [name, from, to] of [
      ["a.js", "+ 1", "+ 1.0000001"],
      ["b.js", "N = 2", "N = 3"],
      ["b.js", "zod", "acorn"],
      ["c.js", " three", " four"],
      ["c.js", "one ", "one  "],
      ["d.json", "1", "2"],
      ["a.js", "exports.f", "exports.g"],
      ["a.js", "b_1.N + 1", "b_1.N + -1"],
    ]) {
      assert.ok(texts[name].includes(from));
      assert.notEqual(digestWith({ [name]: texts[name].replace(from, to) }), before, `${name}: ${to}`);
    }
  });

  it("is the same where modules are moved to another folder", () => {
    const before = digestWith();
    const after = withScratchFolder((folder) => {
      for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
      mkdirSync(join(folder, "inner"));
      for (const name of ["c.js", "d.json"]) renameSync(join(folder, name), join(folder, "inner", name));
      writeFileSync(join(folder, "b.js"), texts["b.js"].replace("./c.js", "./inner/c.js"));
      writeFileSync(join(folder, "inner", "c.js"), texts["c.js"].replace("./a", "../a"));
      return codeDigest(join(folder, "a.js"));
    });
    assert.equal(after, before);
  });

  it("is the same whether an export is taken from its module or from one that hands it on", () => {
    const getter = (name: string, from: string) =>
      `Object.defineProperty(exports, "${name}", { enumerable: true, get: function () { return ${from}; } });`;
    const faces: Readonly<Record<string, string>> = {
      "index.js": `var b_1 = require("./b");\n${getter("N", "b_1.N")}\n__exportStar(require("./other"), exports);`,
      "stars.js": `__exportStar(require("./other"), exports);\n__exportStar(require("./b"), exports);`,
      "twice.js": `var index_1 = require("./index"); ${getter("N", "index_1.N")}`,
    };
    const before = digestWith();
    for (const [face, text] of Object.entries(faces)) {
      const through = {
        ...faces,
        "a.js": texts["a.js"].replace("./b", `./${face}`).replaceAll("b_1", "x_1"),
      };
      assert.equal(digestWith(through), before, face);
      assert.equal(digestWith({ ...through, "other.js": "exports.other = 2;" }), before, `${face}: not used`);
      assert.notEqual(digestWith({ ...through, "b.js": texts["b.js"].replace("2", "3") }), before, face);
      assert.equal(digestWith({ ...through, [face]: `// Why.\n${text}` }), before, `${face}: comment`);
    }
    const other = { ...faces, "a.js": texts["a.js"].replace("./b", "./index").replace("N", "other") };
    assert.notEqual(digestWith(other), before, "another export");
  });

  it("is of all that a module hands on where that is asked for as a whole", () =>
    withScratchFolder((folder) => {
      for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
      writeFileSync(join(folder, "index.js"), `__exportStar(require("./d.json"), exports);`);
      const whole = `exports.f = () => import("./index.js"); const o_1 = require("./other"); Object.keys(o_1);`;
      writeFileSync(join(folder, "whole.js"), whole);
      const modules = codeModules(join(folder, "whole.js"));
      assert.deepEqual(
        [...modules.keys()].map((file) => basename(file)),
        ["whole.js", "index.js", "d.json", "other.js"],
      );
    }));
});
