import { strict as assert } from "node:assert";
import {
  compareMethods,
  currentProfile,
  type Experiment,
  errorSources,
  only,
  runExperiment,
  splitOf,
} from "labor-llm";
import { ORACLE } from "labor-llm/dist/experiments/compare-methods";
import { fitFolder, isAvailable } from "labor-llm/dist/experiments/experiment";
import { profileNamed, profileOn } from "labor-llm/dist/experiments/profile/profile";
import { verdictOf } from "labor-llm/dist/results/words";
import {
  type ErrorSources,
  orderOverTrainingSets,
  tryErrorSources,
} from "labor-llm/dist/studies/evidence/audit-errors";
import type { OrderClaim } from "labor-llm/dist/studies/evidence/claims";
import { contrastOf } from "labor-llm/dist/studies/evidence/contrast-claims";
import { fitsOf } from "labor-llm/dist/studies/evidence/fits-of-claims";
import { headlinePlans, judgeHeadlines } from "labor-llm/dist/studies/evidence/headline";
import { ownRuns } from "../../support/own-runs";

const youngMen = (method: string, change: Partial<Experiment> = {}): Experiment => ({
  ...{ survey: "nlsy-young-men", method, persons: { train: 80, validation: 20, test: 30 }, seed: 1 },
  ...change,
});
const settings = { width: 8, training: { epochs: 1, batch: { texts: 8 } } };
const bag = { label: "Bag of jobs", experiment: youngMen("bag-of-jobs", { settings }) };
const markov = { label: "Markov", experiment: youngMen("markov") };
const shares = { label: "Empirical shares", experiment: youngMen("empirical") };
const claim = (lower: string, higher: string): OrderClaim => ({ claim: "one", lower, higher });

describe("A headline claim", () => {
  ownRuns();

  it("is about the mean over fits and judged on persons, seeds and training samples together", async () => {
    const comparison = await compareMethods([bag, markov, shares], { replications: 50 });
    const fits = [
      await errorSources({ ...bag, seeds: 3, draws: 3 }),
      await errorSources({ ...markov, draws: 4 }),
    ];
    const [row] = judgeHeadlines(comparison, [claim("Markov", "Bag of jobs")], fits, { replications: 50 });
    const order = orderOverTrainingSets(fits[1], fits[0]);
    assert.equal(row.value, order.difference);
    assert.equal(row.wholeError, order["standard error, total"]);
    assert.ok(row.wholeError! > row.standardError);
    assert.equal(row.over, "30 persons, 3 seeds, 3 training samples");
    assert.equal(row.side === "within", order["by all"] === "no difference beyond its error");
    // Its perplexities are those of the mean over fits, too: their logarithms differ as the nats do.
    const means = fits.map((one) => one.fits.seeds.map((fit) => fit.reduce((a, b) => a + b) / fit.length));
    const [bags, tables] = means.map((one) => Math.exp(one.reduce((a, b) => a + b) / one.length));
    assert.ok(Math.abs(row.perplexity!.difference - (bags - tables)) < 1e-9);

    // Of a method that is fitted once the row is as it was, with the fit held fixed.
    const [fixed] = judgeHeadlines(comparison, [claim("Markov", "Empirical shares")], fits);
    assert.equal(fixed.wholeError, undefined);
    assert.equal(fixed.over, undefined);
    assert.ok(fixed.standardError > 0);
  });

  it("on what nobody fits, the law, is on persons alone, and that is its whole error", async () => {
    const experiment: Experiment = { ...markov.experiment, survey: "synthetic-psid" };
    const comparison = await compareMethods([{ label: "Markov", experiment }], { replications: 50 });
    comparison.scores["Law again"] = comparison.scores[ORACLE];
    const judged = async (lower: string, higher: string, draws?: number) =>
      judgeHeadlines(
        comparison,
        [claim(lower, higher)],
        await fitsOf([{ label: "Markov", experiment }], { draws }),
      )[0];
    const law = await judged(ORACLE, "Law again");
    assert.equal(law.over, "30 persons");
    assert.equal(law.wholeError, 0);
    assert.equal((await judged(ORACLE, "Markov")).over, undefined);
    const row = await judged(ORACLE, "Markov", 3);
    assert.equal(row.over, "30 persons, 3 training samples");
    assert.ok(row.wholeError! > row.standardError);
    const { estimate, whole } = contrastOf(
      "Markov less the law",
      [
        { times: 1, comparison, label: "Markov" },
        { times: -1, comparison, label: ORACLE },
      ],
      await fitsOf([{ label: "Markov", experiment }], { draws: 3 }),
    );
    assert.ok(
      Math.abs(estimate.value - row.value) < 1e-12 &&
        Math.abs(estimate.standardError - row.standardError) < 1e-12,
    );
    assert.equal(whole!.standardError, row.wholeError);
  });

  it("falls where other training samples move a method as far as it leads", async () => {
    const comparison = await compareMethods([markov, shares], { replications: 50 });
    const lower = await errorSources({ ...markov, draws: 3 });
    const higher = await errorSources({ ...shares, draws: 3 });
    const judged = (one: ErrorSources) =>
      judgeHeadlines(comparison, [claim("Markov", "Empirical shares")], [one, higher])[0];
    const lead = judged(lower);
    assert.equal(lead.outcome, "supported");
    const apart = lead.value;
    const resamples = lower.fits.resamples.map((fit, i) => fit.map((x) => x + apart * (i - 1)));
    const wild = judged({ ...lower, fits: { ...lower.fits, resamples } });
    assert.equal(wild.standardError, lead.standardError);
    assert.ok(wild.degrees! < 3);
    assert.equal(wild.outcome, "no difference");
  });

  it("is on the persons that both were asked about, each fit of them alone", async () => {
    const few = {
      label: "Few",
      experiment: youngMen("empirical", { persons: { ...bag.experiment.persons, test: 12 } }),
    };
    const comparison = await compareMethods([markov, few], { replications: 50 });
    const fits = [await errorSources({ ...markov, draws: 2 }), await errorSources({ ...few, draws: 2 })];
    const [row] = judgeHeadlines(comparison, [claim("Markov", "Few")], fits);
    assert.equal(row.over, "12 persons, 2 training samples");
    const direct = only(comparison.measurements, {
      ...{ model: "Few", measure: "log-loss difference", on: { transition: "all" } },
    });
    assert.ok(Math.abs(row.value - direct.estimate.value) < 1e-9);
  });

  it("says what its error is without where a costly fit has been made once", async () => {
    const experiment = youngMen("bag-of-jobs", { settings: { ...settings, width: 9 } });
    const split = splitOf(experiment);
    assert.equal(await isAvailable(experiment, split), false);
    const costly = { label: "Bag of jobs", experiment, seeds: 3, draws: 3, ifAvailable: true };
    const comparison = await compareMethods([{ label: "Bag of jobs", experiment }, markov]);
    assert.equal(await isAvailable(experiment, split), true);
    const judged = async () => {
      const fits = [await errorSources(costly), await errorSources({ ...markov, draws: 3 })];
      return judgeHeadlines(comparison, [claim("Markov", "Bag of jobs")], fits)[0];
    };
    const once = await judged();
    assert.equal(once.over, "30 persons, 3 training samples"); // the table's
    assert.match(verdictOf(once), / \(the error is without seeds and training samples of Bag of jobs\)$/);
    // No fit was made: the next seed's has no folder.
    const other = { ...experiment, fitSeed: 2 };
    assert.equal(await isAvailable(other, split), false);
    assert.notEqual(await fitFolder(other, split), await fitFolder(experiment, split));
    await runExperiment(other);
    const twice = await judged();
    assert.equal(twice.over, "30 persons, 2 seeds, 3 training samples");
    assert.match(verdictOf(twice), / \(the error is without training samples of Bag of jobs\)$/);
  });
});

describe("The fits of headline claims", () => {
  it("are three seeds at least of what is random, and three training samples of what is trained, in each profile", () => {
    const { headline } = profileNamed("quick");
    for (const label of ["Fine-tuned", "CAREER, tuned", "Bag of jobs"]) {
      const { seeds = 0, draws = 0 } = headline[label];
      assert.ok(seeds >= 3 && draws >= 3, label);
    }
    const plans = headlinePlans(currentProfile());
    assert.deepEqual(
      plans.map(({ label }) => label).sort(),
      Object.keys(headline).sort(),
      "each is a row of notebook 02",
    );
    // On a survey of the user's own a fit may take hours.
    assert.deepEqual(headlinePlans(profileOn("synthetic-psid", "quick")), []);
  });

  it("that cannot be made are told apart from those that were", async () => {
    const found = await tryErrorSources({ label: "None", experiment: youngMen("none"), seeds: 3 });
    assert.ok("reason" in found && /is no method/.test(found.reason));
  });
});
