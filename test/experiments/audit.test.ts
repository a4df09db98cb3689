import { strict as assert } from "node:assert";
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  auditClaims,
  checkManifest,
  compareDistributions,
  compareMethods,
  countOutcomes,
  currentProfile,
  type Experiment,
  errorSources,
  judgeRerun,
  makeManifest,
  notCompared,
  orderOverTrainingSets,
  type Rerun,
  readManifest,
  rerun,
  runExperiment,
  splitOf,
  tryErrorSources,
} from "labor-llm";
import { spread } from "labor-llm/dist/experiments/audit-errors";
import { outcomeOf } from "labor-llm/dist/experiments/audit-table";
import { fitFolder, predictionsFolder } from "labor-llm/dist/experiments/experiment";
import { toCsv } from "labor-llm/dist/figures/table";
import { readDistribution, writeDistribution } from "labor-llm/dist/models/distribution-file";
import { dependentModels } from "../metrics/distributions";

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "labor-llm-audit-"));
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** Runs kept in a folder of the test. */
function ownRuns() {
  before(() => {
    process.env.LABOR_LLM_RUNS = join(folder, "runs");
  });
  after(() => {
    delete process.env.LABOR_LLM_RUNS;
  });
}

const youngMen = (change: Partial<Experiment> = {}): Experiment => ({
  ...{
    survey: "nlsy-young-men",
    method: "markov",
    persons: { train: 80, validation: 20, test: 30 },
    seed: 1,
  },
  ...change,
});

describe("A re-run", () => {
  ownRuns();

  it("tells a distribution from one of which a single bit is changed", () => {
    const { a } = dependentModels(20, 4);
    assert.deepEqual(compareDistributions(a, { ...a, logProbability: a.logProbability.slice() }), {
      ...{ cells: a.logProbability.length, unequal: 0, largest: 0 },
    });
    const changed = { ...a, logProbability: a.logProbability.slice() };
    new Uint32Array(changed.logProbability.buffer)[7] ^= 1;
    const { unequal, largest } = compareDistributions(a, changed);
    assert.equal(unequal, 1);
    assert.ok(largest > 0 && largest < 1e-6, `${largest}`);
    for (const wild of [NaN, -Infinity]) {
      changed.logProbability[7] = wild;
      assert.equal(compareDistributions(a, changed).largest, Infinity);
    }
    const row: Rerun = { label: "A", files: 2, sameFiles: 2, cells: 80, unequal: 0, largest: 0 };
    assert.match(judgeRerun(row, 1e-4), /^holds: the same bytes$/);
    assert.match(judgeRerun({ ...row, sameFiles: 1 }, 1e-4), /other bytes/);
    assert.match(judgeRerun({ ...row, unequal: 1, largest: 1e-5 }, 1e-4), /^holds within.*not to the byte$/);
    assert.match(judgeRerun({ ...row, unequal: 1, largest: 1e-3 }, 1e-4), /^does not hold/);
  });

  it("of a network is the same to the byte, leaves what is kept alone, and sees a kept file that was changed", async () => {
    const settings = { width: 8, training: { epochs: 2 } };
    const named = { label: "Bag of jobs", experiment: youngMen({ method: "bag-of-jobs", settings }) };
    const split = splitOf(named.experiment);
    await runExperiment(named.experiment, undefined, split);
    const files = () => readdirSync(join(folder, "runs"), { recursive: true, encoding: "utf8" }).sort();
    const kept = files();
    const same = await rerun(named);
    assert.ok(!("reason" in same));
    assert.equal(same.cells, (await runExperiment(named.experiment)).distribution.logProbability.length);
    assert.equal(judgeRerun(same, 0), "holds: the same bytes");
    assert.deepEqual(files(), kept);

    const file = join(await predictionsFolder(named.experiment, split), "distribution.safetensors");
    assert.ok(file.startsWith(await fitFolder(named.experiment, split)));
    const changed = readDistribution(file);
    new Uint32Array(changed.logProbability.buffer)[0] ^= 1;
    writeDistribution(file, changed);
    const other = await rerun(named);
    assert.ok(!("reason" in other));
    assert.deepEqual([other.unequal, other.files - other.sameFiles], [1, 1]);

    const failed = await rerun({ label: "None", experiment: youngMen({ method: "none" }) });
    assert.ok("reason" in failed && /is no method/.test(failed.reason));
  });
});

describe("A resample of the training persons", () => {
  ownRuns();

  it("draws as many with replacement, gives copies names of their own, and leaves the others", () => {
    const whole = splitOf(youngMen());
    const shares: number[] = [];
    for (let resample = 1; resample <= 50; resample++) {
      const { train, validation, test } = splitOf(youngMen({ resample }));
      assert.deepEqual([validation, test], [whole.validation, whole.test]);
      assert.equal(train.careers.length, 80);
      assert.equal(new Set(train.careers.map(({ person }) => person)).size, 80);
      const originals = new Map(whole.train.careers.map((career) => [career.person, career]));
      for (const { person, ...career } of train.careers) {
        const { person: _, ...original } = originals.get(person.replace(/ \(\d+\)$/, ""))!;
        assert.deepEqual(career, original);
      }
      shares.push(train.careers.filter(({ person }) => originals.has(person)).length / 80);
    }
    assert.equal(new Set(shares).size > 5, true);
    // The expected share of persons who are drawn at all.
    const mean = shares.reduce((a, b) => a + b) / shares.length;
    assert.ok(Math.abs(mean - (1 - (1 - 1 / 80) ** 80)) < 0.02, `${mean}`);
    assert.deepEqual(splitOf(youngMen({ resample: 3 })), splitOf(youngMen({ resample: 3 })));
    for (const resample of [0, 1.5, NaN])
      assert.throws(() => splitOf(youngMen({ resample })), { message: /^resample is/ });
  });

  it("is the same in a comparison as alone, whichever row comes first", async () => {
    const experiments = [youngMen({ resample: 1 }), youngMen(), youngMen({ resample: 2, share: 0.5 })];
    const rows = experiments.map((experiment, i) => ({ label: `${i}`, experiment }));
    const { distributions } = await compareMethods(rows, { replications: 10 });
    for (const { label, experiment } of rows) {
      assert.deepEqual(distributions[label], (await runExperiment(experiment)).distribution);
    }
    assert.equal(new Set(rows.map(({ label }) => String(distributions[label].logProbability))).size, 3);
  });
});

describe("The error over training sets", () => {
  ownRuns();

  it("of empirical shares is that of the closed form, by the influence of each training person", async () => {
    // Few test persons: their shares are not the training persons', so that the first order counts.
    const experiment = youngMen({
      method: "empirical",
      settings: { smoothing: 1 },
      persons: { train: 300, test: 4 },
    });
    const { training, distribution, drawn } = await errorSources({ label: "Shares", experiment, draws: 80 });
    const { train } = splitOf(experiment);
    const J = train.titles.size;
    const tested = new Float64Array(J);
    for (const title of distribution.observed) tested[title] += 1 / distribution.observed.length;
    const counts = new Float64Array(J).fill(1);
    for (const { observations } of train.careers)
      for (const { title } of observations) counts[train.titles.indexOf(title)]++;
    const n = counts.reduce((a, b) => a + b);
    // d/dc_j of -sum_j q_j ln(c_j / n): 1 / n - q_j / c_j, summed over a person's own years.
    const influence = train.careers.map(({ observations }) =>
      observations.reduce((sum, { title }) => {
        const j = train.titles.indexOf(title);
        return sum + 1 / n - tested[j] / counts[j];
      }, 0),
    );
    const centre = influence.reduce((a, b) => a + b) / influence.length;
    const closed = Math.sqrt(influence.reduce((sum, x) => sum + (x - centre) ** 2, 0));
    // Three standard errors of a standard deviation over 80 draws.
    assert.ok(
      Math.abs(Math.log(training!.error / closed)) < 3 / Math.sqrt(2 * 79),
      `${training!.error}, ${closed}`,
    );
    assert.equal(drawn.length, 80);
  });

  it("is what fresh training sets from the law show, within the error of both", async () => {
    const { training, fresh, drawnFresh } = await errorSources({
      label: "Shares",
      experiment: {
        ...{ survey: "synthetic-psid", method: "empirical", seed: 1 },
        persons: { train: 150, validation: 20, test: 6 },
      },
      ...{ draws: 40, fresh: 40 },
    });
    assert.equal(new Set(drawnFresh).size, 40);
    const error = Math.sqrt(1 / (2 * 39) + 1 / (2 * 39));
    assert.ok(
      Math.abs(Math.log(training!.error / fresh!.error)) < 2.6 * error,
      `${training!.error}, ${fresh!.error}`,
    );
  });

  it("has an interval that is chi-squared's, whatever the number of draws", () => {
    // Quantiles of chi-squared at 0.975 and 0.025 (scipy.stats.chi2.ppf).
    const exact: [number, number, number][] = [
      [4, 11.143287, 0.484419],
      [9, 19.022768, 2.700389],
      [19, 32.852327, 8.906516],
    ];
    for (const [degrees, upper, lower] of exact) {
      const draws = Array.from({ length: degrees + 1 }, (_, i) => i);
      const { error, low, high, of } = spread(draws)!;
      assert.equal(of, degrees + 1);
      assert.ok(Math.abs(error ** 2 - ((degrees + 1) * (degrees + 2)) / 12) < 1e-9);
      assert.ok(Math.abs(low / (error * Math.sqrt(degrees / upper)) - 1) < 0.01);
      assert.ok(Math.abs(high / (error * Math.sqrt(degrees / lower)) - 1) < 0.05);
    }
  });

  it("is none over seeds where nothing is random, and is some where the first weights are", async () => {
    const table = await errorSources({ label: "Markov", experiment: youngMen(), draws: 3, seeds: 3 });
    assert.equal(table.seeds!.error, 0);
    const settings = { width: 8, training: { epochs: 2, batch: { texts: 8 } } };
    const experiment = youngMen({ method: "bag-of-jobs", settings });
    const network = await errorSources({ label: "Bag", experiment, draws: 3, seeds: 3 });
    assert.ok(network.seeds!.error > 0);
    assert.ok(
      Math.abs(
        network.total ** 2 -
          network.test.error ** 2 -
          network.training!.error ** 2 -
          network.seeds!.error ** 2,
      ) < 1e-12,
    );
    // Both saw the same resamples: the difference is paired, and its reverse is its negative.
    const [one, other] = [orderOverTrainingSets(table, network), orderOverTrainingSets(network, table)];
    // The difference is the mean over the network's seeds, whose error falls with their number.
    const seeded = network.fits.seeds.map((fit) => fit.reduce((sum, x) => sum + x, 0) / fit.length);
    const overSeeds = seeded.reduce((a, b) => a + b) / 3;
    assert.ok(Math.abs(one.difference - (overSeeds - Math.log(table.perplexity))) < 1e-12);
    assert.ok(Math.abs(one["standard error, seeds"]! - network.seeds!.error / Math.sqrt(3)) < 1e-12);
    assert.deepEqual([one.seeds, one.resamples], [3, 3]);
    assert.ok(Math.abs(one.difference + other.difference) < 1e-12);
    const paired = spread([0, 1, 2].map((i) => network.drawn[i] - table.drawn[i]))!.error;
    assert.ok(Math.abs(one["standard error, training sets"]! - paired) < 1e-12);
    const elsewhere = { ...network, trainingPersons: 79 };
    assert.throws(() => orderOverTrainingSets(table, elsewhere), { message: /other training persons/ });
  });

  it("that cannot be told says why", async () => {
    const reasonOf = async (change: object) => {
      const found = await tryErrorSources({ label: "M", experiment: youngMen(), draws: 2, ...change });
      assert.ok("reason" in found);
      return found.reason;
    };
    for (const draws of [1, 2.5, -2]) assert.match(await reasonOf({ draws }), /draws is/);
    assert.match(await reasonOf({ fresh: 2 }), /fresh training sets cannot be drawn/);
    assert.match(await reasonOf({ experiment: youngMen({ method: "none" }) }), /is no method/);
  });
});

describe("A manifest", () => {
  const profile = { base: "tiny", surveys: [] };

  it("names each file that is changed, gone or new, and leaves out images, reports and what comes later", async () => {
    const project = join(folder, "project");
    const write = (path: string, text: string) => {
      mkdirSync(join(project, path, ".."), { recursive: true });
      writeFileSync(join(project, path), text);
    };
    const cells = JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [] });
    for (const name of ["02-a.ipynb", "03-b.ipynb", "15-audit.ipynb"]) write(`notebooks/${name}`, cells);
    const outputs = ["02-claims.csv", "02-f.svg", "02-f.json", "02-f.png", "15-claims.csv", "report.html"];
    for (const name of outputs) write(`figures/quick/${name}`, name);
    for (const name of ["data/x.csv", "data/base-model/config.json", "data/README.md"]) write(name, name);
    for (const name of [
      "lib/careers/career.ts",
      "lib/careers/deep/split.ts",
      "lib/dist/x.js",
      "lib/index.ts",
    ])
      write(name, name);
    const options = { project, figures: join(project, "figures", "quick") };
    const manifest = await makeManifest(profile, options);
    assert.deepEqual(
      manifest.map(({ kind, entry, note }) => `${kind}: ${entry}${note && ", "}${note}`),
      [
        "base model: data/base-model/config.json",
        "data: data/x.csv",
        "code: lib",
        "code: lib/careers",
        "code: notebooks/02-a.ipynb, cells",
        "code: notebooks/03-b.ipynb, cells",
        "code: notebooks/15-audit.ipynb, cells",
        "output: figures/quick/02-claims.csv",
        "output: figures/quick/02-f.json",
        "output: figures/quick/02-f.svg",
        "output: figures/quick/03-*, not there: run labor-llm reproduce --only 03",
      ],
    );
    const file = join(folder, "manifest.csv");
    writeFileSync(file, toCsv(manifest));
    const differences = async () =>
      (await checkManifest(readManifest(file), profile, options)).map(
        (one) => `${one.difference}: ${one.entry}`,
      );
    assert.deepEqual(await differences(), []);
    for (const name of ["figures/quick/02-f.png", "figures/quick/15-claims.csv", "lib/dist/x.js"])
      appendFileSync(join(project, name), "x");
    assert.deepEqual(await differences(), []);
    appendFileSync(join(project, "lib/careers/deep/split.ts"), "x");
    appendFileSync(join(project, "data/x.csv"), "x");
    rmSync(join(project, "figures/quick/02-f.svg"));
    write("figures/quick/03-new.csv", "x");
    assert.deepEqual(await differences(), [
      "changed: data/x.csv",
      "changed: lib/careers",
      "not there any more: figures/quick/02-f.svg",
      "new: figures/quick/03-new.csv",
    ]);
  });

  it("of this project has data, code and outputs, each with a SHA-256, and is the same a second time", async () => {
    const manifest = await makeManifest(currentProfile(), { figures: join("figures", "quick") });
    for (const { sha256, note } of manifest) assert.match(sha256 || note, /^([0-9a-f]{64}|not there: .*)$/);
    const entries = manifest.map(({ entry }) => entry);
    for (const entry of ["data/nlsy-young-men.csv", "data/base-model/model.safetensors", "lib/careers"])
      assert.ok(entries.includes(entry), entry);
    assert.equal(new Set(entries).size, entries.length);
    assert.ok(!entries.some((entry) => entry.startsWith("/") || entry.includes("..")));
    assert.deepEqual(await makeManifest(currentProfile(), { figures: join("figures", "quick") }), manifest);
  });
});

describe("The audit of claims", () => {
  it("has every claim of every notebook in place, whatever its columns, and counts each once", () => {
    const figures = join("figures", "quick");
    const tables = readdirSync(figures).filter((name) => /^(0\d|1[0-4])-claims\.csv$/.test(name));
    const rows = auditClaims({ figures, notebooks: "notebooks" });
    assert.deepEqual(
      [...new Set(rows.filter(({ claim }) => claim !== "").map(({ notebook }) => notebook))],
      tables.map((name) => name.slice(0, 2)),
    );
    for (const { claim, verdict, outcome, ours } of rows.filter((row) => row.outcome !== "not run")) {
      assert.ok(claim !== "" && verdict !== "" && ours !== undefined, `${claim}: ${verdict}, ${ours}`);
      assert.ok(outcome !== "another finding" || !/hold|replicate|differ/.test(verdict), verdict);
    }
    const counts = countOutcomes(rows);
    for (const { notebook, claims, note: _, "holds, p adjusted": among, ...of } of counts) {
      assert.ok(Number(among) <= Number(of.holds), `${notebook}: ${among} of ${of.holds}`);
      assert.equal(
        Object.values(of).reduce((a: number, b) => a + Number(b), 0),
        claims,
        `${notebook}`,
      );
    }
    assert.equal(counts.at(-1)!.claims, rows.filter(({ outcome }) => outcome !== "not run").length);
  });

  it("adjusts the p-values of a notebook's claims for their number, and counts what then still holds", () => {
    const figures = join(folder, "adjusted");
    mkdirSync(figures, { recursive: true });
    const table = (...p: string[]) =>
      ["claim,ours,p,whole error over,verdict", ...p.map((one) => `c,1,${one},9 persons,holds: x`)].join(
        "\n",
      );
    writeFileSync(join(figures, "02-claims.csv"), `${table("0.01", "0.03", "0.04", "")}\n`);
    writeFileSync(join(figures, "03-claims.csv"), `${table("0.04", "0.5")}\n`);
    const rows = auditClaims({ figures, notebooks: join(folder, "none") });
    // Benjamini and Hochberg: 3 x 0.01, 3 / 2 x 0.03 but at most the next, 0.04; 2 x 0.04, 0.5.
    const expected = [0.03, 0.04, 0.04, undefined, 0.08, 0.5];
    rows.forEach((row, i) => {
      const adjusted = row["p, adjusted"];
      if (expected[i] === undefined) assert.equal(adjusted, undefined);
      else assert.ok(Math.abs(adjusted! - expected[i]) < 1e-12, `${i}: ${adjusted}`);
    });
    assert.deepEqual(
      countOutcomes(rows).map((row) => row["holds, p adjusted"]),
      [4, 0, 4],
    );
  });

  it("says of a notebook that it has not run, or left no readable table, and goes on", () => {
    const figures = join(folder, "figures");
    const notebooks = join(folder, "notebooks");
    for (const path of [figures, notebooks]) mkdirSync(path, { recursive: true });
    for (const name of ["02-a", "03-b", "04-c"])
      writeFileSync(join(notebooks, `${name}.ipynb`), `publish("${name.slice(0, 2)}-claims")`);
    writeFileSync(join(notebooks, "01-no-claims.ipynb"), "{}");
    cpSync(join("figures", "quick", "03-claims.csv"), join(figures, "03-claims.csv"));
    writeFileSync(join(figures, "04-claims.csv"), "what,verdict\nx,holds\n");
    const rows = auditClaims({ figures, notebooks });
    assert.deepEqual(
      [...new Set(rows.map(({ notebook, outcome }) => `${notebook} ${outcome === "not run"}`))],
      ["02 true", "03 false", "04 true"],
    );
    assert.match(rows.at(-1)!.verdict, /there is no column "claim"/);
    assert.deepEqual(auditClaims({ figures: join(folder, "none"), notebooks: join(folder, "none") }), []);
    // 03 quotes the numbers for words and codes; no other number is quoted.
    const left = notCompared(rows).map(({ published }) => Number.parseFloat(published));
    assert.ok(!left.includes(8.83) && !left.includes(8.184));
    for (const number of [364.655, 8.58, 8.14, 8.082, 0.848, 0.754, 0.93, 52500])
      assert.ok(left.includes(number), `${number}`);
  });

  it("has the whole error of a claim that was judged by it, and says what it is over", () => {
    const figures = join(folder, "whole");
    mkdirSync(figures, { recursive: true });
    const nats = { claim: "A beats B", "ours, nats": 0.1, "standard error, nats": 0.01 };
    writeFileSync(
      join(figures, "02-claims.csv"),
      toCsv([
        {
          ...nats,
          "whole error, nats": 0.06,
          "whole error over": "9 persons, 3 seeds",
          verdict: "no difference",
        },
        { ...nats, verdict: "holds, beyond its error" },
      ]),
    );
    const rows = auditClaims({ figures, notebooks: join(folder, "none") });
    assert.deepEqual(
      rows.map((row) => [row.ours, row["standard error"], row["error over"], row.unit]),
      [
        [0.1, 0.06, "9 persons, 3 seeds", "nats"],
        [0.1, 0.01, "", "nats"],
      ],
    );
  });

  it("tells a claim that holds on the whole error from one that holds for the fit that was made", () => {
    const figures = join(folder, "fixed");
    mkdirSync(figures, { recursive: true });
    const row = (verdict: string, over: string) => ({
      claim: "c",
      ours: 1,
      "whole error": over && 0.1,
      "whole error over": over,
      verdict,
    });
    const told = [
      row("holds, beyond its error", "9 persons, 3 training samples"),
      row("holds, beyond its error", ""),
      row("replicates in sign", ""),
      row("does not hold: the order is reversed", ""),
    ];
    writeFileSync(join(figures, "02-claims.csv"), toCsv(told));
    const rows = auditClaims({ figures, notebooks: join(folder, "none") });
    assert.deepEqual(
      rows.map(({ outcome }) => outcome),
      ["holds", "holds for this fit", "holds for this fit", "does not hold"],
    );
    assert.equal(rows[0]["standard error"], 0.1);
    const [, all] = countOutcomes(rows);
    assert.deepEqual(
      [all.claims, all.holds, all["holds for this fit"], all["holds, p adjusted"]],
      [4, 1, 2, 1],
    );
  });

  it("sorts the verdicts of all notebooks by what they come to", () => {
    const verdicts: Record<string, string[]> = {
      holds: [
        "replicates in sign",
        "holds, beyond its error",
        "holds: equal within 0.05 nats",
        "replicates within 0.03",
      ],
      "no difference beyond its error": [
        "no difference beyond its error",
        "no group is, beyond its error: p adjusted for 9 groups 0.750",
        "neither is better beyond its error",
        "not known: there are too few cases",
        "not contradicted beyond its error (adjusted p 0.259)",
        "undecided: no difference beyond its error, nor shown to be equal within 0.05 nats",
        "another method than the paper's: undecided: no difference beyond its error, nor shown to be within 0.03",
        "no difference beyond its error (the error is without seeds and training samples of Fine-tuned)",
      ],
      "does not hold": [
        "does not replicate: the order is reversed",
        "does not hold, beyond its error",
        "lower than published",
        "too few stay or return",
        "the contrary",
      ],
      "another finding": ["the direct predictions are better"],
    };
    for (const [outcome, own] of Object.entries(verdicts))
      for (const verdict of own) assert.equal(outcomeOf(verdict), outcome, verdict);
  });
});
