import { strict as assert } from "node:assert";
import { missingRows, paperMethods, runExperiment } from "labor-llm";
import { onShare } from "labor-llm/dist/experiments/on-share";
import { allPersonsInFull, allPersonsScored } from "labor-llm/dist/experiments/paper-methods";
import { profileNamed, profiles, type SurveyPlan } from "labor-llm/dist/experiments/profile/profile";
import { surprisal } from "labor-llm/dist/metrics";
import { ownRuns } from "../support/own-runs";

describe("The papers' methods on a survey", () => {
  ownRuns();
  const profile = profileNamed("quick");
  const rows = (plan: Partial<SurveyPlan>) => {
    const survey = { survey: "synthetic-psid", persons: { test: 60 }, ...plan };
    return new Map(paperMethods(profile, survey).map(({ label, experiment }) => [label, experiment]));
  };
  /** Labels of the rows of few persons, by the label of the row that each stands beside. */
  const rowsInFull = (plan: Partial<SurveyPlan>) => {
    const survey = { survey: "synthetic-psid", persons: { test: 60 }, ...plan };
    const named = paperMethods(profile, survey);
    return named.flatMap(({ label, inFullOf }) => (inFullOf === undefined ? [] : [[inFullOf, label]]));
  };

  it("have a base model give the full distribution of as many persons as the plan says, and score observed titles of all", () => {
    const whole = rows({});
    assert.equal(whole.get("Off the shelf")!.observedOnly, undefined);
    assert.deepEqual(rowsInFull({}), []);
    for (const base of [0, 2]) {
      const some = rows({ inFull: { base } });
      for (const label of ["Off the shelf", "In context"]) {
        const { observedOnly, persons } = some.get(label)!;
        assert.deepEqual([observedOnly, persons?.test], [true, 60]);
        assert.equal(some.get(`${label}, all titles`)?.persons?.test, base || undefined);
      }
      const beside = ["Off the shelf", "In context"].map((label) => [label, `${label}, all titles`]);
      assert.deepEqual(rowsInFull({ inFull: { base } }), base === 0 ? [] : beside);
      assert.equal(some.get("Fine-tuned")!.observedOnly, undefined);
    }
    assert.equal(rows({ inFull: { base: 0, tuned: 10 } }).get("Fine-tuned")!.observedOnly, true);
  });

  it("hold the fine-tuned model against the off-the-shelf one under the same softmax too, on the same persons", () => {
    for (const plan of [{}, { inFull: { base: 0 } }, { inFull: { base: 2 } }]) {
      const all = rows(plan);
      const vocabulary = (label: string) =>
        (all.get(label)!.settings as { vocabulary?: string }).vocabulary ?? "full";
      const restricted = all.get("Off the shelf, restricted")!;
      assert.equal(vocabulary("Off the shelf"), "full");
      assert.equal(vocabulary("Off the shelf, restricted"), vocabulary("Fine-tuned"));
      assert.equal(restricted.persons?.test, 60);
      assert.equal(restricted.observedOnly, all.get("Off the shelf")!.observedOnly);
    }
  });

  it("off the shelf, restricted, hold nothing that happened for less probable than unrestricted", async () => {
    const named = paperMethods(profile, { survey: "nlsy-young-men", persons: { test: 4 } });
    const [full, restricted] = await Promise.all(
      ["Off the shelf", "Off the shelf, restricted"].map(async (label) => {
        const { experiment } = named.find((row) => row.label === label)!;
        return surprisal((await runExperiment({ ...experiment, observedOnly: true })).scores);
      }),
    );
    assert.equal(full.length, 32);
    full.forEach((nats, n) => {
      assert.ok(restricted[n] <= nats + 1e-4, `${restricted[n]} and ${nats}`);
    });
    const mean = (nats: Float64Array) => nats.reduce((a, b) => a + b, 0) / nats.length;
    assert.ok(mean(restricted) < mean(full) - 0.01, `${mean(restricted)} and ${mean(full)}`);
  });

  it("are scored on all test persons where the plan says so, but language models that are not fine-tuned", () => {
    const plan = {
      survey: "synthetic-psid",
      persons: { train: 60, test: 20 },
      inFull: { base: 2, tuned: 10 },
      scoresAll: true,
    };
    const scored = rows(allPersonsScored(plan));
    for (const [label, { persons, observedOnly }] of scored) {
      assert.equal(persons?.train, 60);
      if (/^(Off the shelf|Off the shelf, restricted|In context)$/.test(label))
        assert.deepEqual([persons?.test, observedOnly], [20, true]);
      else if (label.endsWith(", all titles")) assert.equal(persons?.test, 2);
      else assert.equal(persons?.test, undefined, label);
    }
    assert.equal(scored.get("Fine-tuned")!.observedOnly, true);
    // Measures that need the full distribution keep their few persons.
    assert.equal(rows(allPersonsInFull(plan)).get("CAREER, tuned")!.persons?.test, 10);
    const { scoresAll: _, ...some } = plan;
    assert.equal(allPersonsScored(some), some);
    // The real cohort is scored whole; of few there are full distributions.
    const [cohort] = profiles.standard().surveys;
    assert.equal(allPersonsScored(cohort).persons.test, undefined);
    assert.equal(allPersonsInFull(cohort).persons.test, 30);
  });

  it("take at least four steps a pass on a share of the persons, in batches no larger than on all", () => {
    const whole = rows({ survey: "nlsy-young-men", persons: {} }); // 374 to train
    const batchOf = (label: string, share: number) => {
      const { settings } = onShare(whole.get(label)!, share);
      return (settings as { training?: { batch?: { texts: number } } }).training?.batch?.texts;
    };
    const batches = [0.01, 0.1, 0.3].map((share) => batchOf("CAREER, tuned", share));
    assert.deepEqual(batches, [1, 8, 8]);
    assert.equal(batchOf("Fine-tuned", 0.3), 8);
    assert.equal(onShare(whole.get("CAREER, tuned")!, 1), whole.get("CAREER, tuned"));
  });

  it("have a row for a survey that is not available, with where to get it", () => {
    const missing = [{ survey: "psid", reason: "there is no download of psid. Get it." }];
    assert.deepEqual(missingRows({ ...profile, missing }), [
      { survey: "psid", note: "not run: there is no download of psid. Get it." },
    ]);
    assert.deepEqual(missingRows(profile), []);
  });
});
