import { strict as assert } from "node:assert";
import { compareMethods, fitExperiment, type NamedExperiment, paperMethods, splitOf } from "labor-llm";
import { allPersonsInFull, unlessTooCostly } from "labor-llm/dist/experiments/paper-methods";
import { profileNamed, type SurveyPlan } from "labor-llm/dist/experiments/profile/profile";
import { measureShift } from "labor-llm/dist/metrics";
import { examplesRead } from "labor-llm/dist/studies/examples-read";
import { int8Model } from "labor-llm/dist/studies/int8-model";
import { ownRuns } from "../support/own-runs";

describe("Size, prompts and rows that are too costly", () => {
  ownRuns();
  const survey = "nlsy-young-men";
  const persons = { train: 12, validation: 4, test: 3 };

  it("weights of 8 bits take a quarter of the bytes and hardly move the answers; other methods are refused", async () => {
    const settings = { base: "tiny", vocabulary: "full", training: { epochs: 1 } };
    const experiment = { survey, method: "fine-tuned", settings, persons, seed: 1 };
    const { distributions, split } = await compareMethods([{ label: "32 bits", experiment }]);
    const { model, bytes, float32Bytes } = await int8Model(experiment);
    const share = bytes / float32Bytes;
    assert.ok(share > 0.25 && share < 0.27, `${share}`);
    const rounded = await model.predict(split.test.careers);
    const names = { model: "8 bits", against: "32 bits" };
    const answers = [distributions["32 bits"], rounded] as const;
    const [{ measure, estimate }] = measureShift(survey, names, answers, { replications: 50 });
    assert.equal(measure, "total variation");
    assert.ok(estimate.value > 0 && estimate.value < 0.03, `${estimate.value}`);
    await assert.rejects(
      int8Model({ survey, method: "markov", persons, seed: 1 }),
      /8-bit weights of markov/,
    );
  });

  it("a row of fewer persons is trained on these, and one of more than the first row is refused", async () => {
    const row = (label: string, own: object): NamedExperiment => ({
      label,
      experiment: { survey, method: "markov", persons: { ...persons, ...own }, seed: 1 },
    });
    const [all, few] = [row("all", {}), row("few", { train: 3, validation: 2 })];
    const together = await compareMethods([all, few]);
    const alone = await compareMethods([few]);
    assert.deepEqual(together.distributions.few, alone.distributions.few);
    assert.notDeepEqual(together.distributions.few, together.distributions.all);
    for (const [part, most] of Object.entries(persons))
      await assert.rejects(compareMethods([all, row("more", { [part]: most + 1 })]), {
        name: "UserError",
        message: new RegExp(`^more: more persons than in the first row \\(${part}\\)`),
      });
  });

  it("examples read are those asked for until the context is full, and fewer then", async () => {
    const prompt = (k: number, step: number): NamedExperiment => ({
      label: `${k} by ${step}`,
      experiment: { survey, method: "in-context", settings: { base: "tiny", k }, persons, step, seed: 1 },
    });
    const { careers } = splitOf(prompt(0, 3).experiment).test;
    const read = await examplesRead([prompt(0, 3), prompt(1, 3), prompt(2, 3), prompt(8, 3)], careers);
    assert.deepEqual([read["0 by 3"], read["1 by 3"], read["2 by 3"]], [0, 1, 2]);
    assert.ok(read["8 by 3"] >= 2 && read["8 by 3"] < 8);
  });

  it("a row that is too costly stays in the table with its reason, and the others are run", async () => {
    const row = (label: string, tooCostly?: string): NamedExperiment => ({
      label,
      experiment: { survey, method: "empirical", persons, seed: 1, tooCostly },
    });
    const { failures, distributions } = await compareMethods([row("a"), row("b", "takes a week")]);
    assert.deepEqual(failures, { b: "takes a week" });
    assert.deepEqual(Object.keys(distributions), ["a"]);
    await assert.rejects(fitExperiment(row("b", "takes a week").experiment), {
      name: "UserError",
      message: "takes a week",
    });
    await assert.rejects(compareMethods([row("b", "takes a week")]), {
      name: "UserError",
      message: /none of 1 rows on .* could be run. b: takes a week/s,
    });
    const profile = { ...profileNamed("quick"), tooCostly: { "Fine-tuned": "takes a week" } };
    assert.equal(unlessTooCostly(profile, row("Markov")).experiment.tooCostly, undefined);
    const dear = paperMethods(profile, profile.surveys[0]).filter(({ experiment }) => experiment.tooCostly);
    assert.deepEqual(
      dear.map(({ label }) => label),
      ["Fine-tuned"],
    );
  });

  it("a costly model gives full distributions of few persons alone, and of the others scores observed titles only", () => {
    const profile = profileNamed("quick");
    const plan: SurveyPlan = { survey, persons: { test: 50 }, inFull: { tuned: 4 } };
    const tuned = (one: SurveyPlan) =>
      paperMethods(profile, one).find(({ label }) => label === "Fine-tuned")!.experiment;
    assert.deepEqual([tuned(plan).observedOnly, tuned(plan).persons], [true, { test: 50 }]);
    const full = allPersonsInFull(plan);
    assert.deepEqual([tuned(full).observedOnly, tuned(full).persons], [undefined, { test: 4 }]);
    const whole: SurveyPlan = { survey, persons: { test: 50 } };
    assert.deepEqual(allPersonsInFull(whole), whole);
    const unaware = (one: SurveyPlan) =>
      paperMethods(profile, one)
        .filter(({ label }) => label.startsWith("Off the shelf"))
        .map(({ label, experiment }) => [label, experiment.persons?.test, experiment.observedOnly]);
    for (const one of [plan, whole]) {
      assert.deepEqual(unaware({ ...one, inFull: { ...one.inFull, base: 2 } }), [
        ["Off the shelf", 50, true],
        ["Off the shelf, all titles", 2, undefined],
        ["Off the shelf, restricted", 50, true],
      ]);
    }
    assert.deepEqual(unaware(whole), [
      ["Off the shelf", 50, undefined],
      ["Off the shelf, restricted", 50, undefined],
    ]);
  });
});
