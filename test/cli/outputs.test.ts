import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dataFile } from "labor-llm";
import { fileDigest } from "labor-llm/dist/files/digest";
import { runCommand as command } from "../support/command";

describe("the outputs of commands", () => {
  let scratch: string;
  let home: string;
  const survey = ["--survey", "nlsy-young-men"];
  const careers = "person,year,title\na,1985,Sales workers\na,1986,Sales workers\n";

  before(async () => {
    home = process.cwd();
    scratch = mkdtempSync(join(tmpdir(), "labor-llm-outputs-"));
    process.chdir(scratch);
    const { status, err } = await command("fine-tune", ...survey, "--method", "markov", "--out", "model");
    assert.equal(status, 0, err);
    mkdirSync("sub");
    writeFileSync("careers.csv", careers);
    writeFileSync(
      "careers.map.json",
      '{ "columns": { "person": "person", "year": "year", "occupation": "title" } }',
    );
    writeFileSync("notes.csv", "mine\n");
    linkSync("careers.csv", "hard.csv");
    symlinkSync("careers.csv", "soft.csv");
    symlinkSync("loop", "loop");
    symlinkSync("target.csv", "link.csv");
    execFileSync("mkfifo", ["pipe"]);
  });
  after(() => {
    process.chdir(home);
    rmSync(scratch, { recursive: true, force: true });
  });

  /** Digests of the regular files under the scratch folder, and kinds of what else lies there. */
  function contents(): Record<string, string> {
    const names = readdirSync(".", { recursive: true, encoding: "utf8" });
    return Object.fromEntries(
      names.map((name) => {
        const found = lstatSync(name);
        return [name, found.isFile() ? fileDigest(name) : String(found.mode)];
      }),
    );
  }

  /** Runs a command that must end in one line and status 2, and leave everything as it was. */
  async function refused(says: RegExp, ...args: string[]): Promise<void> {
    const before = contents();
    const { status, out, err } = await command(...args);
    assert.deepEqual([status, out], [2, ""], `${args.join(" ")}: ${err}`);
    assert.match(err, says, args.join(" "));
    assert.match(err, /^.+\n$/, err);
    assert.deepEqual(contents(), before, args.join(" "));
  }

  it("are never what the command reads, nor what is no file", async () => {
    const score = ["score", "--model", "model", "--careers", "careers.csv", "--force", "--out"];
    const cases: [string, RegExp][] = [
      ["careers.csv", /^cannot write careers\.csv: it is the input careers\.csv/],
      ["./careers.csv", /input careers\.csv/],
      ["sub/../careers.csv", /input careers\.csv/],
      [join(scratch, "careers.csv"), /input careers\.csv/],
      ["hard.csv", /input careers\.csv/],
      ["soft.csv", /input careers\.csv/],
      ["careers.map.json", /input careers\.map\.json/],
      ["model", /a folder stands there/],
      ["model/labor-llm.json", /it lies in the input model/],
      ["model/new.csv", /it lies in the input model/],
      ["pipe", /a pipe stands there/],
      ["/dev/null", /a device stands there/],
      ["", /the output is empty/],
      [".", /a folder stands there/],
      [`${"x".repeat(256)}.csv`, /a name in the path is too long/],
      ["loop", /links lead in a circle/],
      ["loop/x.csv", /links lead in a circle/],
      ["notes.csv/x.csv", /a part of the path is a file/],
    ];
    for (const [out, says] of cases) await refused(says, ...score, out);
    const map = ["score", "--model", "model", "--careers", "careers.csv", "--map", "notes.csv", "--force"];
    await refused(/it is the input notes\.csv/, ...map, "--out", "notes.csv");
    const named = ["score", "--model", "model", "--careers", "nlsy-young-men", "--force", "--out"];
    const data = fileDigest(dataFile("nlsy-young-men.csv"));
    await refused(/it lies in the input .*data/, ...named, dataFile("nlsy-young-men.csv"));
    assert.equal(fileDigest(dataFile("nlsy-young-men.csv")), data);
  });

  it("replace the product's own, and the user's other files only with --force; links stay", async () => {
    const score = ["score", "--model", "model", "--careers", "careers.csv", "--top", "1", "--out"];
    for (const out of ["scores.csv", "scores.parquet", "link.csv"]) {
      for (let time = 0; time < 2; time++) {
        const { status, err } = await command(...score, out);
        assert.equal(status, 0, `${out}: ${err}`);
      }
    }
    assert.ok(lstatSync("link.csv").isSymbolicLink());
    assert.equal(fileDigest("target.csv"), fileDigest("scores.csv"));
    await refused(
      /^notes\.csv: a file is there that labor-llm did not write\. .*--force/,
      ...score,
      "notes.csv",
    );
    writeFileSync("mine.parquet", "PAR1");
    await refused(/^mine\.parquet: a file is there/, ...score, "mine.parquet");
    assert.equal((await command(...score, "mine.parquet", "--force")).status, 0);
    assert.equal(fileDigest("mine.parquet"), fileDigest("scores.parquet"));
  });

  it("that are folders hold neither an input nor, without --force, other files, and those stay with it", async () => {
    const fit = ["fine-tune", "--method", "markov"];
    await refused(/a pipe stands there, not a folder/, ...fit, ...survey, "--out", "pipe");
    await refused(/links lead in a circle/, ...fit, ...survey, "--out", "loop/model");
    await refused(/the output is empty/, ...fit, ...survey, "--out", "");
    await refused(/holds the input/, ...fit, "--survey", "careers.csv", "--out", ".", "--force");
    await refused(/a fitted model is there already/, ...fit, ...survey, "--out", "model");
    mkdirSync("full/checkpoints", { recursive: true });
    writeFileSync("full/notes.txt", "mine");
    writeFileSync("full/checkpoints/notes.txt", "mine");
    await refused(/the folder holds files .*notes\.txt.*--force/, ...fit, ...survey, "--out", "full");
    await refused(/the folder holds files/, "pretrain", "--out", "full", "--checkpoints", "checkpoints");
    const { status, err } = await command(...fit, ...survey, "--out", "full", "--force");
    assert.equal(status, 0, err);
    assert.ok(existsSync("full/labor-llm.json"));
    for (const name of ["full/notes.txt", "full/checkpoints/notes.txt"]) {
      assert.equal(readFileSync(name, "utf8"), "mine");
    }
  });
});
