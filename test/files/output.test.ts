import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import {
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join, relative } from "node:path";
import { AtomicFile, writeFileAtomically } from "labor-llm/dist/files/atomic";
import { checkOutputFile, checkOutputFolder } from "labor-llm/dist/files/output";
import { isRowsFile, rowsWriter } from "labor-llm/dist/files/rows-writer";
import { withScratchFolder } from "../support/scratch";

const refusal = (message: RegExp) => ({ name: "UserError", message });

/** A folder with an input file, an input folder, and other names of both. */
function withInputs(use: (folder: string, inputs: string[]) => void): void {
  withScratchFolder((folder) => {
    const [survey, model] = [join(folder, "survey.csv"), join(folder, "model")];
    writeFileSync(survey, "person,year,title\n");
    mkdirSync(join(model, "part"), { recursive: true });
    writeFileSync(join(model, "part", "weights"), "1");
    linkSync(survey, join(folder, "hard.csv"));
    linkSync(join(model, "part", "weights"), join(folder, "hard-weights"));
    symlinkSync("survey.csv", join(folder, "soft.csv"));
    symlinkSync("model", join(folder, "soft-model"));
    use(folder, [survey, model]);
  });
}

describe("an output file", () => {
  it("is never an input, by whatever name or link, nor in a folder that is an input", () => {
    withInputs((folder, inputs) => {
      const names = [
        "survey.csv",
        "./survey.csv",
        "model/../survey.csv",
        "hard.csv",
        "soft.csv",
        "model/part/weights",
        "model/new.csv",
        "model/part/new/newer.csv",
        "soft-model/new.csv",
        "hard-weights",
      ];
      for (const name of names) {
        for (const path of [`${folder}/${name}`, join(relative(process.cwd(), folder), name)]) {
          const check = () => checkOutputFile(path, { inputs, force: true, isOurs: () => true });
          assert.throws(
            check,
            refusal(/^cannot write .*: it (is|lies in) the input .*(survey\.csv|model)/),
            name,
          );
        }
      }
      checkOutputFile(join(folder, "survey.csv.scores"), { inputs });
      checkOutputFile(join(folder, "models", "new.csv"), { inputs: [...inputs, join(folder, "not there")] });
    });
  });

  it("is never a device, pipe, socket or folder, and has a name", () => {
    withScratchFolder((folder) => {
      execFileSync("mkfifo", [join(folder, "pipe")]);
      symlinkSync("/dev/null", join(folder, "link to a device"));
      symlinkSync("loop", join(folder, "loop"));
      const cases: [string, RegExp][] = [
        [join(folder, "pipe"), /: a pipe stands there/],
        ["/dev/null", /^cannot write \/dev\/null: a device stands there/],
        [join(folder, "link to a device"), /: a device stands there/],
        [folder, /: a folder stands there/],
        [".", /^cannot write \.: a folder stands there/],
        [join(folder, "new/"), /: it names a folder/],
        ["", /^the path of the output is empty/],
        [join(folder, "loop"), /: its symbolic links lead in a circle/],
        [join(folder, "loop", "x.csv"), /: its symbolic links lead in a circle/],
        [join(folder, "x".repeat(300)), /: a name in the path is too long/],
        [join(folder, "a\0b"), /: the path holds a NUL byte/],
      ];
      for (const [path, says] of cases) {
        assert.throws(() => checkOutputFile(path, { force: true }), refusal(says));
        assert.throws(() => writeFileAtomically(path, "x"), refusal(says));
      }
      assert.ok(lstatSync(join(folder, "pipe")).isFIFO());
      assert.ok(statSync("/dev/null").isCharacterDevice());
      assert.deepEqual(readdirSync(folder).sort(), ["link to a device", "loop", "pipe"]);
    });
  });

  it("replaces what links lead to, and the links stay", () => {
    withScratchFolder((folder) => {
      mkdirSync(join(folder, "elsewhere"));
      symlinkSync("elsewhere/target.csv", join(folder, "first"));
      symlinkSync("first", join(folder, "second"));
      for (const text of ["made", "replaced"]) {
        writeFileAtomically(join(folder, "second"), text);
        assert.equal(readFileSync(join(folder, "elsewhere", "target.csv"), "utf8"), text);
      }
      assert.ok(lstatSync(join(folder, "first")).isSymbolicLink());
      assert.ok(lstatSync(join(folder, "second")).isSymbolicLink());
      const file = new AtomicFile(join(folder, "first"));
      file.write("given up");
      file.discard();
      assert.equal(readFileSync(join(folder, "first"), "utf8"), "replaced");
      assert.deepEqual(readdirSync(join(folder, "elsewhere")), ["target.csv"]);
    });
  });

  it("replaces an empty file and the product's own, and another only by force", () => {
    withScratchFolder((folder) => {
      const path = join(folder, "notes.csv");
      checkOutputFile(path, {});
      writeFileSync(path, "");
      checkOutputFile(path, {});
      writeFileSync(path, "mine");
      const says = refusal(/notes\.csv: a file is there that labor-llm did not write\. .*--force/);
      assert.throws(() => checkOutputFile(path, {}), says);
      assert.throws(() => checkOutputFile(path, { isOurs: () => false }), says);
      checkOutputFile(path, { isOurs: () => true });
      checkOutputFile(path, { force: true });
      assert.equal(readFileSync(path, "utf8"), "mine");
    });
  });
});

describe("an output folder", () => {
  it("is and holds no input, nor a link to one", () => {
    withInputs((folder, inputs) => {
      const out = join(folder, "out");
      for (const [name, target] of [
        ["weights", "../model/part/weights"],
        ["survey", "../survey.csv"],
      ]) {
        mkdirSync(join(folder, name));
        symlinkSync(target, join(folder, name, "linked"));
      }
      linkSync(inputs[0], join(folder, "part.csv"));
      const cases: [string, RegExp][] = [
        [folder, /it holds the input/],
        ["model", /it is the input/],
        ["soft-model", /it is the input/],
        ["weights", /weights.linked: it leads to the input .*model/],
        ["survey", /it (holds|leads to) the input .*survey\.csv/],
      ];
      for (const [name, says] of cases) {
        const path = name === folder ? folder : join(folder, name);
        assert.throws(() => checkOutputFolder(path, { inputs, force: true }), refusal(says), name);
      }
      checkOutputFolder(out, { inputs });
      checkOutputFolder(join(folder, "model", "fine-tuned"), { inputs });
    });
  });

  it("is new, empty or the product's own, and holds other files only by force", () => {
    withScratchFolder((folder) => {
      checkOutputFolder(folder, {});
      writeFileSync(join(folder, ".hidden"), "");
      checkOutputFolder(folder, {});
      writeFileSync(join(folder, "letter.txt"), "");
      assert.throws(
        () => checkOutputFolder(folder, { isOurs: () => false }),
        refusal(/the folder holds files that labor-llm did not write \(letter\.txt\)\. .*--force/),
      );
      checkOutputFolder(folder, { isOurs: () => true });
      checkOutputFolder(folder, { force: true });
      for (const path of [join(folder, "letter.txt"), "/dev/null"]) {
        assert.throws(() => checkOutputFolder(path, { force: true }), refusal(/stands there, not a folder/));
      }
      assert.throws(() => checkOutputFolder("", { force: true }), refusal(/the output is empty/));
    });
  });
});

describe("a table of rows", () => {
  it("is known again by its header, or by the writer and the columns in its footer", () => {
    const columns = { person: "text", year: "integer" } as const;
    withScratchFolder((folder) => {
      for (const end of ["csv", "parquet"]) {
        const path = join(folder, `rows.${end}`);
        const file = rowsWriter(path, columns);
        file.write({ person: ["a"], year: [1990] });
        file.commit();
        assert.ok(isRowsFile(path, columns), end);
        assert.ok(!isRowsFile(path, { ...columns, title: "text" }), end);
        assert.ok(!isRowsFile(path, { person: "text" }), end);
        assert.ok(!isRowsFile(join(folder, "none"), columns));
        writeFileSync(path, "PAR1, and not more");
        assert.ok(!isRowsFile(path, columns), end);
      }
    });
  });
});
