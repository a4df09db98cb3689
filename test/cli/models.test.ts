import { strict as assert } from "node:assert";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CareerPanel } from "labor-llm";
import { samplePersons } from "labor-llm/dist/careers/sample";
import { readCsv } from "labor-llm/dist/files/csv";
import { readParquet } from "labor-llm/dist/files/parquet";
import { rowsWriter } from "labor-llm/dist/files/rows-writer";
import type { Table } from "labor-llm/dist/files/table";
import { openModelFolder } from "labor-llm/dist/methods";
import { readNlsyYoungMen } from "labor-llm/dist/surveys/nlsy-young-men";
import { runCommand } from "../support/command";

/** Runs a command that must do well. @returns what it printed */
async function well(...args: string[]): Promise<string> {
  const { status, out, err } = await runCommand(...args);
  assert.equal(status, 0, err);
  return out;
}

/** Writes careers as the table that a user would have. */
function writeCareers(path: string, { careers }: Pick<CareerPanel, "careers">, without = ""): string {
  const rows = careers.flatMap(({ person, covariates, observations }) =>
    observations.map(({ year, title, education }) => ({
      person,
      year,
      title,
      education: education ?? null,
      ethnicity: covariates.ethnicity ?? null,
      gender: covariates.gender ?? null,
      region: covariates.region ?? null,
      birth_year: covariates.birthYear ?? null,
    })),
  );
  const names = (Object.keys(rows[0]) as (keyof (typeof rows)[0])[]).filter((name) => name !== without);
  const kinds = names.map((name) => [name, name === "year" || name === "birth_year" ? "integer" : "text"]);
  const file = rowsWriter(path, Object.fromEntries(kinds));
  file.write(Object.fromEntries(names.map((name) => [name, rows.map((row) => row[name])])));
  file.commit();
  return path;
}

describe("labor-llm fine-tune, evaluate, score, models list", function () {
  this.timeout(120_000);
  const panel = readNlsyYoungMen();
  const some = samplePersons(panel, 4, 1);
  const J = panel.titles.size;
  const runs = process.env.LABOR_LLM_RUNS;
  let scratch: string;
  let [csv, parquet]: string[] = [];

  before(() => {
    scratch = mkdtempSync(join(tmpdir(), "labor-llm-models-"));
    process.env.LABOR_LLM_RUNS = join(scratch, "runs");
    csv = writeCareers(join(scratch, "careers.csv"), some);
    parquet = writeCareers(join(scratch, "careers.parquet"), some);
  });
  after(() => {
    if (runs === undefined) delete process.env.LABOR_LLM_RUNS;
    else process.env.LABOR_LLM_RUNS = runs;
    rmSync(scratch, { recursive: true, force: true });
  });

  const survey = ["--survey", "nlsy-young-men"];
  /** The cells of a column, row by row. */
  const cells = (table: Table, name: string) => {
    const { values, codes } = table.column(name);
    return Array.from(codes, (code) => values[code]);
  };

  /** Scores the careers, and checks the table against the model's own predictions. */
  async function scoresOf(folder: string, careers: string, out: string): Promise<string[]> {
    const said = await well("score", "--model", folder, "--careers", careers, "--out", out);
    assert.match(said, new RegExp(`: 4 persons, 32 person-years, ${J} titles each\n$`));
    const table = out.endsWith(".csv") ? readCsv(out) : readParquet(out);
    assert.deepEqual(table.header, ["person", "year", "title", "probability", "normalised", "observed"]);
    const { model } = await openModelFolder(folder);
    const { logProbability } = await model.predict(some.careers);
    const probabilities = cells(table, "probability");
    assert.equal(probabilities.length, 32 * J);
    probabilities.forEach((cell, i) => {
      assert.ok(Math.abs(Number(cell) / Math.exp(logProbability[i]) - 1) < 1e-6, `row ${i}`);
    });
    const normalised = cells(table, "normalised").map(Number);
    const observed = cells(table, "observed").map(Number);
    for (let n = 0; n < 32; n++) {
      const sum = (list: number[]) => list.slice(n * J, (n + 1) * J).reduce((a, b) => a + b, 0);
      assert.ok(Math.abs(sum(normalised) - 1) < 1e-4);
      assert.equal(sum(observed), 1);
    }
    return probabilities;
  }

  /** Scores the careers from CSV to CSV and from Parquet to Parquet: the same numbers. */
  async function scoresInBothFormats(folder: string): Promise<void> {
    const fromCsv = await scoresOf(folder, csv, `${folder}-scores.csv`);
    const fromParquet = await scoresOf(folder, parquet, `${folder}-scores.parquet`);
    assert.deepEqual(fromParquet.map(Number), fromCsv.map(Number));
  }

  it("fits, measures, scores and lists a simple model, which measures as the method does by its name", async () => {
    const folder = join(scratch, "models", "markov");
    const method = ["--method", "markov", "--set", "order=2"];
    const said = await well("fine-tune", ...survey, ...method, "--out", folder);
    assert.match(said, /markov: Markov, [\d,]+ parameters, \d+ persons, validation loss \d\.\d{4}, \d+ s\n$/);
    const measure = ["evaluate", ...survey, "--json", "--replications", "20"];
    const measured = JSON.parse(await well(...measure, "--model", folder));
    assert.equal(measured.model, "Second-order Markov");
    const [all] = measured.perplexity;
    assert.ok(all.perplexity > 2 && all.perplexity < J && all.standardError > 0);
    assert.deepEqual(JSON.parse(await well(...measure, "--model", "markov", "--set", "order=2")), measured);
    await scoresInBothFormats(folder);
    const { fitted, methods } = JSON.parse(await well("models", "list", join(scratch, "models"), "--json"));
    const { card } = await openModelFolder(folder);
    const [{ seconds: _, ...first }, { folder: run, ...kept }] = fitted;
    assert.deepEqual(first, {
      folder,
      method: "markov",
      parameters: card.report.parameters,
      survey: "nlsy-young-men",
      persons: card.persons.train,
      validationLoss: card.report.validationLoss,
    });
    assert.equal(fitted.length, 2);
    assert.ok(run.startsWith(process.env.LABOR_LLM_RUNS) && kept.validationLoss === first.validationLoss);
    assert.ok(methods.some(({ id }: { id: string }) => id === "markov"));
    assert.match(await well("models", "list", join(scratch, "models")), /markov +0\.0 M +– +nlsy-young-men/);
  });

  it("fits, measures, scores and lists the tiny language model", async () => {
    const folder = join(scratch, "models", "tiny");
    const short = ["--epochs", "1", "--persons", "6", "--set", "training.maxSteps=2"];
    const said = await well("fine-tune", ...survey, ...short, "--out", folder);
    assert.match(said, /tiny: Fine-tuned, 2,164,416 parameters, 6 persons, validation loss \d\.\d{4}/);
    assert.ok(existsSync(join(folder, "config.json")) && !existsSync(join(folder, "checkpoints")));
    const measure = ["evaluate", ...survey, "--test-persons", "4", "--replications", "20", "--json"];
    const { perplexity, testPersons } = JSON.parse(await well(...measure, "--model", folder));
    assert.equal(testPersons, 4);
    assert.ok(perplexity[0].validMass > 0 && perplexity[0].normalised <= perplexity[0].perplexity);
    await scoresInBothFormats(folder);
    const { fitted } = JSON.parse(await well("models", "list", folder, "--json"));
    assert.equal(fitted[0].base, "tiny");
    assert.equal(fitted[0].persons, 6);
  });

  it("lists the models that can be read, and names each that cannot on a line of its own", async () => {
    const shelf = join(scratch, "shelf");
    await well("fine-tune", ...survey, "--method", "empirical", "--out", join(shelf, "b"));
    const card = readFileSync(join(shelf, "b", "labor-llm.json"), "utf8");
    const cards = { a: card.replace(/"format": \d+/, '"format": 99'), c: card.slice(0, 100), d: "{}" };
    for (const [name, text] of Object.entries(cards)) {
      mkdirSync(join(shelf, name));
      writeFileSync(join(shelf, name, "labor-llm.json"), text);
    }
    const { fitted, unreadable } = JSON.parse(await well("models", "list", shelf, "--json"));
    const folders = (list: { folder: string }[]) => list.map(({ folder }) => folder);
    assert.equal(folders(fitted)[0], join(shelf, "b"));
    assert.deepEqual(
      folders(unreadable),
      ["a", "c", "d"].map((name) => join(shelf, name)),
    );
    const lines = (await well("models", "list", shelf)).split("\n");
    assert.ok(lines.some((line) => line.includes(join(shelf, "b")) && line.includes("empirical")));
    const named = lines.filter((line) => line.startsWith("not readable: "));
    assert.equal(named.length, 3);
    assert.match(named[0], /shelf.a.labor-llm\.json: the model is of format 99/);
    assert.match(named[1], /shelf.c.labor-llm\.json: not valid JSON/);
    assert.match(named[2], /shelf.d.labor-llm\.json: /);
  });

  it("answers a mistake with status 2 and one line, and leaves earlier results as they were", async () => {
    const folder = join(scratch, "kept");
    await well("fine-tune", ...survey, "--method", "empirical", "--out", folder);
    const out = join(scratch, "kept.csv");
    writeFileSync(out, "earlier\n");
    const empty = join(scratch, "empty");
    mkdirSync(empty);
    const renamed = panel.careers.slice(0, 60).map((career) => ({
      ...career,
      observations: career.observations.map((one) => ({ ...one, title: `${one.title} of old` })),
    }));
    const others = writeCareers(join(scratch, "others.csv"), { careers: renamed });
    const untitled = writeCareers(join(scratch, "untitled.csv"), some, "title");
    const personless = writeCareers(join(scratch, "personless.parquet"), some, "person");
    const contents = () =>
      readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), "latin1")]);
    const before = contents();
    const fit = ["fine-tune", "--out", folder, "--force"];
    const score = ["score", "--force", "--out", out];
    const cases: [string[], RegExp][] = [
      [["fine-tune", ...survey, "--out", folder], /kept: a fitted model is there already/],
      [[...fit, ...survey, "--method", "oracle"], /"oracle" is no method.*empirical, markov/],
      [[...fit, ...survey, "--method", "markov", "--set", "ordre=2"], /settings of markov: .*"ordre"/],
      [[...fit, ...survey, "--method", "markov", "--set", "order=3"], /settings of markov: order: /],
      [[...fit, ...survey, "--base", "no-such-base"], /no base model "no-such-base"/],
      [[...fit, "--survey", untitled, "--method", "empirical"], /untitled\.csv.*title/],
      [
        ["evaluate", ...survey, "--model", empty],
        /empty: the folder holds no fitted model.*fine-tune .*--out.*--base/,
      ],
      [
        ["evaluate", "--survey", others, "--model", folder],
        /kept: the model knows \d+ titles, which are not/,
      ],
      [
        [...score, "--model", empty, "--careers", csv],
        /empty: the folder holds no fitted model.*fine-tune .*--out.*--base/,
      ],
      [[...score, "--model", csv, "--careers", csv], /careers\.csv: no folder of a fitted model.*fine-tune/],
      [
        [...score, "--model", folder, "--careers", others],
        /person \d+, \d{4}: ".* of old" is none of the model's/,
      ],
      [[...score, "--model", folder, "--careers", untitled], /untitled\.csv.*title/],
      [[...score, "--model", folder, "--careers", personless], /personless\.parquet.*"person"/],
      [[...score, "--model", folder, "--careers", join(scratch, "absent.csv")], /absent\.csv/],
      [["models", "list", join(scratch, "absent")], /absent: no such folder/],
    ];
    for (const [args, says] of cases) {
      const { status, out: printed, err } = await runCommand(...args);
      assert.equal(status, 2, `${args.join(" ")}\n${err}`);
      assert.equal(printed, "");
      assert.match(err, says);
      assert.match(err, /^[^\n]+\n$/, args.join(" "));
    }
    assert.deepEqual(contents(), before);
    assert.equal(readFileSync(out, "utf8"), "earlier\n");
    assert.deepEqual(
      readdirSync(scratch).filter((name) => name.endsWith(".tmp")),
      [],
    );
    await openModelFolder(folder);
  });
});
