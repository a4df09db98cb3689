import assert from "node:assert/strict";
import { samplePersons } from "labor-llm";
import { demandPersons } from "labor-llm/dist/careers/demand-persons";
import { limitSplit } from "labor-llm/dist/careers/sample";
import { fitToFolder, methods, settingsOf } from "labor-llm/dist/methods";
import { measurePerplexity } from "labor-llm/dist/metrics/compare";
import { compareSubgroups } from "labor-llm/dist/metrics/compare-subgroups";
import { observedScores } from "labor-llm/dist/predictions/observed-scores";
import { emptyDistribution } from "labor-llm/dist/predictions/title-distribution";
import { readNlsyYoungMen } from "labor-llm/dist/surveys/nlsy-young-men";
import { literalWording } from "labor-llm/dist/text";
import { withScratchFolder } from "../support/scratch";

describe("a part of a split without persons", () => {
  const panel = readNlsyYoungMen();
  const few = { ...panel, careers: panel.careers.slice(0, 3) };
  const none = { ...panel, careers: [] };

  it("is refused where it is needed, by its name, with how many persons the parts have and what to do", () => {
    const split = { train: few, validation: none, test: none };
    const counts = "its persons are split into 3 training, 0 validation, 0 test";
    const cases: [needed: Parameters<typeof demandPersons>[1], part: string][] = [
      [undefined, "validation"],
      [["test"], "test"],
      [["train", "test"], "test"],
    ];
    for (const [needed, part] of cases) {
      assert.throws(() => demandPersons(split, needed), {
        name: "UserError",
        problem: `nlsy-young-men: nobody is among the ${part} persons (${counts})`,
        remedy: /a survey of more persons, or another seed/,
      });
    }
    demandPersons(split, ["train"]);
    demandPersons(split, []);
  });

  it("has nobody to draw a sample from, nor to limit", () => {
    const message = /nobody to draw a sample of persons from/;
    assert.throws(() => samplePersons(none, 2, 1), { name: "UserError", message });
    const split = { train: few, validation: none, test: few };
    assert.throws(() => limitSplit(split, { validation: 2 }, 1), { name: "UserError", message });
    assert.equal(limitSplit(split, { test: 2 }, 1).test.careers.length, 2);
  });

  it("is refused by the methods that need it: by all that choose or train, and by no other", async () => {
    const needs: [id: string, settings: object, validation: boolean][] = [
      ["empirical", {}, false],
      ["markov", {}, true],
      ["markov", { alpha: 1 }, false],
      ["multinomial-logit", {}, true],
      ["multinomial-logit", { ridge: 3 }, false],
      ["regression", {}, true],
      ["regression", { ridge: [3, 1] }, true],
      ["bag-of-jobs", {}, true],
      ["lstm", {}, true],
      ["career", {}, true],
      ["embedding-logit", {}, true],
      ["fine-tuned", {}, true],
    ];
    for (const [id, own, validation] of needs) {
      const method = methods.find((one) => one.id === id)!;
      const settings = settingsOf(method, own);
      const needed = method.needs?.(settings) ?? ["train", "validation"];
      assert.equal(needed.includes("validation"), validation, id);
      assert.ok(needed.includes("train"), id);
      if (!validation) continue;
      await withScratchFolder((folder) =>
        assert.rejects(
          fitToFolder(
            method,
            { train: few, validation: none, settings, wording: literalWording, seed: 1 },
            folder,
          ),
          { message: /nobody is among the validation persons \(.*3 training, 0 validation\)/ },
        ),
      );
    }
  });

  it("makes no table: neither of no person-year, nor of a group without one, nor of weights that are all 0", () => {
    const of = (careers: typeof few.careers) => observedScores(emptyDistribution(careers, panel.titles));
    assert.throws(() => measurePerplexity("s", { M: of([]) }), {
      name: "UserError",
      message: /no person-year/,
    });
    const some = of(few.careers);
    const weight = new Float64Array(some.observed.length);
    assert.throws(
      () => measurePerplexity("s", { M: { ...some, weight } }, { weighted: true, replications: 2 }),
      {
        name: "UserError",
        message: /no person-year of a weight above 0/,
      },
    );
    const group = { name: "female", of: "gender", persons: 0, rows: new Int32Array() };
    assert.throws(() => compareSubgroups("survey", { M: some }, [group], { replications: 2 }), {
      name: "UserError",
      message: /the group "female" has no person-year/,
    });
  });
});
