import { strict as assert } from "node:assert";
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  auditFindings,
  auditRows,
  checkManifest,
  compareMethods,
  countOutcomes,
  currentProfile,
  errorSources,
  type Finding,
  makeManifest,
  notCompared,
  published,
  readManifest,
  runExperiment,
  splitOf,
} from "labor-llm";
import { type FullExperiment, fitFolder, predictionsFolder } from "labor-llm/dist/experiments/experiment";
import { toCsv } from "labor-llm/dist/figures/table";
import { readDistribution, writeDistribution } from "labor-llm/dist/predictions/distribution-file";
import { publishedOrder } from "labor-llm/dist/results/claim";
import { readFindings, saveFindings } from "labor-llm/dist/results/findings-file";
import { verdictOf } from "labor-llm/dist/results/words";
import { compareDistributions, judgeRerun, type Rerun, rerun } from "labor-llm/dist/studies/audit-rerun";
import { orderOverTrainingSets, spread, tryErrorSources } from "labor-llm/dist/studies/evidence/audit-errors";
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

const youngMen = (change: Partial<FullExperiment> = {}): FullExperiment => ({
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
    assert.match(judgeRerun(row, 1e-4), /^the same bytes$/);
    assert.match(judgeRerun({ ...row, sameFiles: 1 }, 1e-4), /other bytes/);
    assert.match(judgeRerun({ ...row, unequal: 1, largest: 1e-5 }, 1e-4), /^within.*not to the byte$/);
    assert.match(judgeRerun({ ...row, unequal: 1, largest: 1e-3 }, 1e-4), /^ln P differs/);
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
    assert.equal(judgeRerun(same, 0), "the same bytes");
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
    const { training, scores, drawn } = await errorSources({ label: "Shares", experiment, draws: 80 });
    const { train } = splitOf(experiment);
    const J = train.titles.size;
    const tested = new Float64Array(J);
    for (const title of scores.observed) tested[title] += 1 / scores.observed.length;
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
  const finding = (change: Partial<Finding>): Finding => ({
    claim: { says: "A beats B", expects: { is: "above", bound: 0 } },
    ...{ survey: "s", measure: "log-loss difference", value: 0.1, standardError: 0.01, without: [] },
    ...{ side: "above", outcome: "supported", wholeError: 0.06, over: "9 persons, 3 seeds" },
    ...change,
  });
  /** Findings of notebooks, by number, in a folder of its own. */
  function left(name: string, found: Readonly<Record<string, Finding[]>>): string {
    const figures = join(folder, name);
    mkdirSync(figures, { recursive: true });
    const before = process.env.LABOR_LLM_FIGURES;
    process.env.LABOR_LLM_FIGURES = figures;
    for (const [number, own] of Object.entries(found)) saveFindings(`${number}-claims`, own);
    if (before === undefined) delete process.env.LABOR_LLM_FIGURES;
    else process.env.LABOR_LLM_FIGURES = before;
    return figures;
  }
  const none = () => join(folder, "none");

  it("has every claim of every notebook, counts each once, and its words are those of its outcome", () => {
    const figures = join("figures", "quick");
    const files = readdirSync(figures).filter((name) => /^(0\d|1[0-4])-claims\.json$/.test(name));
    assert.ok(files.length > 0);
    const audit = auditFindings({ figures, notebooks: "notebooks" });
    assert.deepEqual(
      [...new Set(audit.findings.map(({ notebook }) => notebook))],
      files.map((name) => name.slice(0, 2)),
    );
    for (const one of audit.findings) {
      const { claim, outcome, over, wholeError } = one;
      assert.ok(claim.says !== "" && verdictOf(one) !== "", claim.says);
      // Nothing is replicated or contradicted that nobody published, or on a fit that is held fixed.
      if (outcome === "replicates" || outcome === "contradicts the paper")
        assert.ok(claim.published !== undefined && over !== undefined, claim.says);
      if (outcome === "supported") assert.ok(claim.published === undefined && over !== undefined, claim.says);
      if (outcome === "supported for this fit") assert.equal(wholeError, undefined, claim.says);
    }
    const counts = countOutcomes(audit);
    for (const { notebook, claims, note: _, "supported, p adjusted": among, ...of } of counts) {
      assert.ok(Number(among) <= Number(of.supported) + Number(of.replicates), `${notebook}`);
      assert.equal(
        Object.values(of).reduce((a: number, b) => a + Number(b), 0),
        claims,
        `${notebook}`,
      );
    }
    assert.equal(counts.at(-1)!.claims, audit.findings.length);
    assert.equal(auditRows(audit).length, audit.findings.length + audit.notRun.length);
  });

  it("adjusts the p-values of a notebook's claims for their number, and counts what is then still supported", () => {
    const own = (...p: (number | undefined)[]) => p.map((one) => finding({ p: one }));
    const figures = left("adjusted", { "02": own(0.01, 0.03, 0.04, undefined), "03": own(0.04, 0.5) });
    const audit = auditFindings({ figures, notebooks: none() });
    // Benjamini and Hochberg: 3 x 0.01, 3 / 2 x 0.03 but at most the next, 0.04; 2 x 0.04, 0.5.
    const expected = [0.03, 0.04, 0.04, undefined, 0.08, 0.5];
    audit.findings.forEach(({ adjustedP }, i) => {
      if (expected[i] === undefined) assert.equal(adjustedP, undefined);
      else assert.ok(Math.abs(adjustedP! - expected[i]) < 1e-12, `${i}: ${adjustedP}`);
    });
    assert.deepEqual(
      countOutcomes(audit).map((row) => row["supported, p adjusted"]),
      [4, 0, 4],
    );
  });

  it("says of a notebook that it has not run, or left no readable findings, and goes on", () => {
    const { fineTuned7B, fineTuned7BNumericTitles } = published.perplexity;
    const claim = { ...finding({}).claim, published: publishedOrder(fineTuned7BNumericTitles, fineTuned7B) };
    const figures = left("partly", { "03": [finding({ claim })] });
    const notebooks = join(folder, "notebooks");
    mkdirSync(notebooks, { recursive: true });
    for (const name of ["02-a", "03-b", "04-c"])
      writeFileSync(join(notebooks, `${name}.ipynb`), `publishFindings("${name.slice(0, 2)}-claims")`);
    writeFileSync(join(notebooks, "01-no-claims.ipynb"), "{}");
    writeFileSync(join(figures, "04-claims.json"), '{"claims": []}');
    const audit = auditFindings({ figures, notebooks });
    assert.deepEqual(
      audit.findings.map(({ notebook }) => notebook),
      ["03"],
    );
    assert.deepEqual(
      audit.notRun.map(({ notebook }) => notebook),
      ["02", "04"],
    );
    assert.match(audit.notRun[1].reason, /no findings of this version/);
    assert.deepEqual(
      auditRows(audit).map(({ notebook, outcome }) => [notebook, outcome]),
      [
        ["02", "not run"],
        ["03", "supported"],
        ["04", "not run"],
      ],
    );
    assert.deepEqual(auditFindings({ figures: none(), notebooks: none() }), { findings: [], notRun: [] });
    // 03 quotes the numbers for words and codes; no other number is quoted.
    const rest = notCompared(audit).map(({ published: text }) => Number.parseFloat(text));
    assert.ok(!rest.includes(8.83) && !rest.includes(8.184));
    for (const number of [364.655, 8.58, 8.14, 8.082, 0.848, 0.754, 0.93, 52500])
      assert.ok(rest.includes(number), `${number}`);
  });

  it("has the whole error of a finding where it is known, and says what it is over", () => {
    const fixed = finding({ wholeError: undefined, over: undefined, outcome: "supported for this fit" });
    const figures = left("whole", { "02": [finding({}), fixed, finding({ outcome: "not supported" })] });
    const audit = auditFindings({ figures, notebooks: none() });
    assert.deepEqual(
      auditRows(audit).map((row) => [row.ours, row["standard error"], row["error over"], row.measure]),
      [
        [0.1, 0.06, "9 persons, 3 seeds", "mean difference of -ln P, nats"],
        [0.1, 0.01, "", "mean difference of -ln P, nats"],
        [0.1, 0.06, "9 persons, 3 seeds", "mean difference of -ln P, nats"],
      ],
    );
    const [, all] = countOutcomes(audit);
    assert.deepEqual(
      [all.claims, all.supported, all["supported for this fit"], all["not supported"]],
      [3, 1, 1, 1],
    );
    assert.equal(all["supported, p adjusted"], 1);
  });

  it("reads findings as they were, numbers that are none and infinite ones among them", () => {
    const odd = finding({ value: Infinity, standardError: NaN, wholeError: undefined, p: undefined });
    const figures = left("odd", { "02": [odd, finding({ value: 1 / 3 })] });
    const [first, second] = readFindings(join(figures, "02-claims.json"));
    assert.deepEqual([first.value, first.standardError, first.p], [Infinity, NaN, undefined]);
    assert.equal(second.value, 0.333333);
    assert.deepEqual({ ...second, value: 1 / 3 }, finding({ value: 1 / 3 }));
  });
});
