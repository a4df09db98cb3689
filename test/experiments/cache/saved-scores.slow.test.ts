import { strict as assert } from "node:assert";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  compareMethods,
  type Experiment,
  errorSources,
  type Outcome,
  perplexity,
  runExperiment,
  splitOf,
  type TitleDistribution,
  where,
} from "labor-llm";
import type { PanelSplit } from "labor-llm/dist/careers/split";
import type { SavedScores } from "labor-llm/dist/experiments/cache/saved-scores";
import { fitFolder, isAvailable } from "labor-llm/dist/experiments/experiment";
import { readSealed, writeSealed } from "labor-llm/dist/files/sealed";
import { surprisal } from "labor-llm/dist/metrics";
import { judgeRerun, rerun, rerunSaved } from "labor-llm/dist/studies/audit-rerun";
import { measureFits } from "labor-llm/dist/studies/evidence/measured-fits";
import { stderrOf } from "../../support/stderr";

const experiment: Experiment = {
  ...{ survey: "nlsy-young-men", method: "bag-of-jobs", seed: 1, observedOnly: true, saveScores: true },
  settings: { width: 8, training: { epochs: 1 } },
  persons: { train: 60, validation: 20, test: 25 },
};

describe("The log-probabilities of what happened that a costly fit leaves", () => {
  let folder: string;
  let split: PanelSplit;
  let fitted: Outcome;
  let path: string;

  /** Another machine: no fit is there, the results are. */
  const elsewhere = () => {
    process.env.LABOR_LLM_RUNS = mkdtempSync(join(folder, "runs-"));
  };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "labor-llm-kept-numbers-"));
    process.env.LABOR_LLM_FIGURES_BEFORE = join(folder, "figures");
    elsewhere();
    split = splitOf(experiment);
    fitted = await runExperiment(experiment);
    const [name, ...others] = readdirSync(join(folder, "figures", "fits"));
    assert.deepEqual(others, []);
    path = join(folder, "figures", "fits", name);
  });
  after(() => {
    delete process.env.LABOR_LLM_RUNS;
    delete process.env.LABOR_LLM_FIGURES_BEFORE;
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(elsewhere);

  it("are one number a person-year with six digits, and tell nothing of who the persons are", () => {
    const kept = readSealed<SavedScores>(path);
    const { test } = split;
    assert.equal(kept.logProbability.length, kept.personYears);
    assert.equal(kept.personYears, fitted.scores.observed.length);
    surprisal(fitted.scores).forEach((x, n) => {
      assert.equal(kept.logProbability[n], Number((-x).toPrecision(6)));
    });
    const text = readFileSync(path, "utf8");
    const { titles } = test.titles;
    for (const word of [...titles, '"person"', '"observations"', folder])
      assert.ok(!text.includes(word), word);
    assert.deepEqual(Object.keys(kept).sort(), [
      ...["careers", "code", "configuration", "engine", "fit", "format", "logProbability", "personYears"],
      ...["persons", "report", "seconds", "survey"],
    ]);
    assert.deepEqual(kept.persons, { train: 60, validation: 20, test: test.careers.length });
    assert.equal(kept.report.validationLoss, fitted.validationLoss);
    assert.equal(kept.report.bestEpoch, fitted.bestEpoch);
  });

  it("stand for the fit where it is not on the machine, to the digit", async () => {
    assert.equal(await isAvailable(experiment, split), true);
    let taken!: Outcome;
    const said = await stderrOf(async () => {
      taken = await runExperiment(experiment);
    });
    assert.ok(said.some((line) => /bag-of-jobs: not fitted, its log-probabilities are kept/.test(line)));
    // The same code on the same engine: a fit would say the same.
    assert.equal(taken.note, undefined);
    assert.deepEqual(taken.scores, fitted.scores);
    assert.equal(existsSync(await fitFolder(experiment, split)), false);
    assert.equal(taken.validationLoss, fitted.validationLoss);
    const [own, before] = [perplexity(taken.scores), perplexity(fitted.scores)];
    assert.ok(Math.abs(own / before - 1) < 1e-5, `${own}, ${before}`);
    assert.equal(taken.distribution, undefined);
    const markov = { ...experiment, method: "markov", settings: {} };
    const { measurements, outcomes } = await compareMethods(
      [
        { label: "Bag", experiment },
        { label: "Markov", experiment: markov },
      ],
      { replications: 20 },
    );
    assert.equal(outcomes.Bag.note, taken.note);
    assert.equal(outcomes.Markov.note, undefined);
    assert.ok(
      where(measurements, { measure: "perplexity" }).every(({ estimate }) => estimate.standardError > 0),
    );
  });

  it("are not taken where all is to be made again", async () => {
    process.env.LABOR_LLM_ANEW = "1";
    try {
      await runExperiment(experiment);
    } finally {
      delete process.env.LABOR_LLM_ANEW;
    }
    assert.equal(existsSync(await fitFolder(experiment, split)), true);
  });

  it("of other seeds are kept where a plan says so, and taken", async () => {
    const plan = {
      label: "Bag",
      experiment: { ...experiment, saveScores: undefined },
      seeds: 2,
      saved: true,
    };
    const names = () => readdirSync(join(folder, "figures", "fits")).length;
    const before = names();
    const made = await errorSources(plan);
    assert.equal(names(), before + 1);
    elsewhere();
    const taken = await errorSources(plan);
    const other = { ...experiment, fitSeed: 2 };
    assert.equal(existsSync(await fitFolder(other, split)), false);
    assert.deepEqual(taken.fits, made.fits);
  });

  it("have beside them what full distributions come to under other seeds and resamples, made once and taken", async () => {
    const plan = {
      label: "Bag",
      experiment: { ...experiment, observedOnly: undefined, saveScores: undefined },
      seeds: 2,
      draws: 2,
    };
    let measured = 0;
    const measure = {
      name: "mean probability of staying",
      of: ({ logProbability, previous, titles }: TitleDistribution) => {
        measured++;
        const stays = [...previous].flatMap((title, n) =>
          title < 0 ? [] : [Math.exp(logProbability[n * titles.size + title])],
        );
        return { stay: stays.reduce((a, b) => a + b) / stays.length, never: NaN };
      },
    };
    const { stay } = (await measureFits(plan, measure)).values;
    assert.deepEqual([stay.seeds.length, stay.resamples.length, measured], [2, 2, 4]);
    assert.equal(new Set([...stay.seeds, ...stay.resamples]).size, 4);
    const kept = { ...plan, saved: true };
    const made = await measureFits(kept, measure);
    [made.values.stay.seeds[1], ...made.values.stay.resamples].forEach((x, i) => {
      assert.equal(x, Number([stay.seeds[1], ...stay.resamples][i].toPrecision(6)));
    });
    elsewhere();
    measured = 0;
    const taken = await measureFits(kept, measure);
    assert.deepEqual(taken, made);
    // The own fit alone was made and measured.
    assert.equal(measured, 1);
    assert.equal(existsSync(await fitFolder({ ...experiment, fitSeed: 2 }, split)), false);
    // A measure of another name is another number.
    await measureFits({ ...kept, draws: undefined }, { ...measure, name: "another" });
    assert.equal(measured, 3);
    elsewhere();
    const none = await measureFits({ ...kept, ifAvailable: true }, { ...measure, name: "a third" });
    assert.deepEqual([none.values.stay.seeds.length, none.values.stay.resamples.length], [1, 0]);
  });

  it("say so where other code made them", async () => {
    const text = readFileSync(path);
    const { format, ...kept } = readSealed<SavedScores & { format: string }>(path);
    writeSealed(path, { format, ...kept, code: "0123456789ab" });
    const { note } = await runExperiment(experiment);
    assert.match(
      note!,
      /^from the committed .* fit, not fitted here: code 0123456789ab, other than this run's [0-9a-f]{12},/,
    );
    const of = await errorSources({ label: "Bag", experiment, seeds: 3, ifAvailable: true });
    assert.equal(of.note, note);
    writeFileSync(path, text);
  });

  it("do not stand for the full distribution, nor for a fit that is computed again on purpose", async () => {
    const all = await runExperiment({ ...experiment, observedOnly: false });
    assert.equal(all.note, undefined);
    assert.ok(all.distribution.validMass.every((mass) => Math.abs(mass - 1) < 1e-5));
    elsewhere();
    const again = await rerun({ label: "Bag", experiment });
    assert.ok(!("reason" in again) && again.unequal === 0 && again.files > 1);
  });

  it("are refused in one line, and the model is fitted, where the fit or the persons are others, or the file is cut", async () => {
    const whole = readFileSync(path, "utf8");
    const { test, train } = split;
    const [first, ...others] = test.careers;
    const moved = {
      ...first,
      observations: first.observations.map((one) => ({ ...one, education: "college" })),
    };
    const cases: [reason: RegExp, split: PanelSplit, text?: string][] = [
      [
        /: of other test persons, or of other years of them; it is not used$/,
        { ...split, test: { ...test, careers: others } },
      ],
      // As many rows, of one who is another.
      [
        /: of other test persons, or of other years of them; it is not used$/,
        { ...split, test: { ...test, careers: [moved, ...others] } },
      ],
      [
        /: its fit had other training careers or another base model; it is not used$/,
        { ...split, train: { ...train, careers: train.careers.slice(1) } },
      ],
      [/: damaged \(it is not as it was written\); it is not used$/, split, whole.slice(0, -200)],
      [/: damaged/, split, whole.replace(/-0\.(\d)/, (_, digit) => `-0.${(Number(digit) + 1) % 10}`)],
      [/: damaged/, split, ""],
    ];
    for (const [reason, own, text] of cases) {
      writeFileSync(path, text ?? whole);
      elsewhere();
      const said = await stderrOf(async () => {
        const outcome = await runExperiment(experiment, undefined, own);
        assert.equal(outcome.note, undefined, `${reason}`);
      });
      const lines = said.filter((line) => line.includes(path));
      assert.equal(lines.length, 1, said.join("\n"));
      assert.match(lines[0], reason);
      assert.ok(existsSync(await fitFolder(experiment, own)));
    }
    // What was damaged is written anew by a run that keeps.
    elsewhere();
    await runExperiment(experiment);
    assert.deepEqual(
      readSealed<SavedScores>(path).logProbability,
      (JSON.parse(whole) as { value: SavedScores }).value.logProbability,
    );
  });

  it("are what a fit anew says, digit by digit, and not where one was changed", async () => {
    const again = await rerunSaved({ label: "Bag", experiment });
    assert.ok(!("reason" in again) && again.unequal === 0 && again.cells > 100);
    assert.equal(judgeRerun(again, 1e-4), "the same digits");
    const text = readFileSync(path);
    const { format, ...kept } = readSealed<SavedScores & { format: string }>(path);
    const [first, ...rest] = kept.logProbability;
    writeSealed(path, { format, ...kept, logProbability: [first! - 0.5, ...rest] });
    elsewhere();
    const other = await rerunSaved({ label: "Bag", experiment });
    writeFileSync(path, text);
    assert.ok(!("reason" in other) && other.unequal === 1 && Math.abs(other.largest - 0.5) < 1e-4);
    assert.match(judgeRerun(other, 1e-4), /^ln P differs/);
  });

  it("stay as they are, to the byte, where the same fit is made again", async () => {
    const before = readFileSync(path, "utf8");
    await runExperiment({ ...experiment, observedOnly: undefined });
    await runExperiment(experiment);
    assert.equal(readFileSync(path, "utf8"), before);
  });

  it("of another seed, share or resample lie beside them", async () => {
    const names = () => readdirSync(join(folder, "figures", "fits")).length;
    const before = names();
    for (const change of [{ fitSeed: 3 }, { share: 0.5 }, { resample: 1 }]) {
      await runExperiment({ ...experiment, ...change });
    }
    assert.equal(names(), before + 3);
  });
});
