import assert from "node:assert/strict";
import { existsSync, readdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import old from "@tslab/typescript-for-tslab";
import { notebookFromMarkdown, writeNotebook } from "labor-llm/dist/notebook/document";
import { Workspace } from "../notebook/workspace";
import { typeErrors, withVariations } from "./type-check";

const folder = "notebooks";
const notebooks = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".ipynb")) : [];

describe("the types of notebooks' cells", () => {
  for (const name of notebooks) {
    it(`are right in ${name} under strict rules, with what it says may be tried`, () => {
      assert.deepEqual(typeErrors(join(folder, name), withVariations), []);
    });
  }

  it("are checked strictly across cells, and errors name cell and line", () => {
    const workspace = new Workspace();
    const path = workspace.notebook(
      `import { Random } from "labor-llm";\nimport * as aq from "arquero";\nimport * as tf from "@tensorflow/tfjs";\nimport * as dfd from "danfojs-node";`,
      `const found = [new Random("a")].find((r) => r.uniform() > 2)`,
      `const n = await Promise.resolve(1);\nfound.uniform() + n + aq.table({ a: [1] }).numRows() + tf.scalar(1).size + new dfd.Series([1]).size;`,
    );
    assert.deepEqual(typeErrors(path), ["cell 3, line 2: 'found' is possibly 'undefined'."]);
    workspace.remove();
  });

  it("are those of variations too: in comments, behind a line, in Markdown", () => {
    const workspace = new Workspace();
    const cells = ["const seed = 1; // try seeded(2)", "// prose is no code"].map(
      (code) => `\`\`\`ts\n${code}\n\`\`\`\n`,
    );
    const variation = "## Try a variation\n\nGive `n: sead`, or `f(…)`.\n\n```ts\n// const m = seeed;\n```\n";
    const path = join(workspace.root, "notebooks", "01-example.ipynb");
    writeNotebook(path, notebookFromMarkdown(`${cells.join("\n")}\n${variation}`));
    assert.deepEqual(
      typeErrors(path, withVariations).map((error) => error.replace(/ Did you mean.*/, "")),
      [
        "cell 1, line 2: Cannot find name 'seeded'.",
        "cell 4, line 1: Cannot find name 'sead'.",
        "cell 5, line 1: Cannot find name 'seeed'.",
      ],
    );
    workspace.remove();
  });

  it("include what tslab gets wrong: a shorthand property of an earlier cell's variable", () => {
    const workspace = new Workspace();
    const path = workspace.notebook("const seed = 1;", "const own = 2;\nconsole.log({ own }, { seed });");
    const [error, ...rest] = typeErrors(path);
    assert.match(error, /^cell 2, line 2: write "seed: seed"/);
    assert.deepEqual(rest, []);
    workspace.remove();
  });

  it("include what else it gets wrong: a renamed property of an earlier cell's object", () => {
    const workspace = new Workspace();
    const path = workspace.notebook(
      "const one = { a: 1, b: 2 };",
      "const { a } = one;\nconst { b: other } = one;\nconst { length: n } = [a, other];\nconsole.log(n);",
    );
    const [error, ...rest] = typeErrors(path);
    assert.match(error, /^cell 2, line 2: write "\.b"/);
    assert.deepEqual(rest, []);
    workspace.remove();
  });

  it("are those that we declare: tslab's TypeScript 5.0 understands every declaration of the library", () => {
    const dist = realpathSync("lib/dist");
    const declarations = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".d.ts"),
    );
    const program = old.createProgram(
      declarations.map((name) => join(dist, name)),
      {
        module: old.ModuleKind.ESNext,
        moduleResolution: old.ModuleResolutionKind.Node10,
        target: old.ScriptTarget.ES2022,
        esModuleInterop: true,
        strict: true,
        types: ["node"],
      },
    );
    assert.equal(old.versionMajorMinor, "5.0");
    // What it does not understand it would silently take for "any" in a cell.
    const errors = declarations.flatMap((name) => {
      const file = program.getSourceFile(join(dist, name));
      return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
        ({ messageText }) => `${name}: ${old.flattenDiagnosticMessageText(messageText, " ")}`,
      );
    });
    assert.deepEqual(errors, []);
  });
});
