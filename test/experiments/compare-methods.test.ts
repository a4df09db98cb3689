import { strict as assert } from "node:assert";
import { measureModels } from "labor-llm/dist/experiments/compare-methods";
import { only, where } from "labor-llm/dist/metrics";
import { selectRows } from "labor-llm/dist/predictions";
import { dependentModels, scoresOf } from "../metrics/distributions";

describe("The perplexities of models, of some of which the observed titles only are scored", () => {
  const models = dependentModels(40, 3);
  const few = selectRows(models.b, (n) => models.b.person[n] % 2 === 0);
  const all = { ...models, few };
  const scores = scoresOf(all);
  const options = { replications: 50 };
  const whole = measureModels({ survey: "s", scores, distributions: all }, options);

  it("are normalised of those that have a full distribution alone", () => {
    const { b: _, ...full } = all;
    const found = measureModels({ survey: "s", scores, distributions: full }, options);
    assert.deepEqual(
      found,
      whole.filter(({ model, measure }) => model !== "b" || !/normalised|mass/.test(measure)),
    );
  });

  it("have no normalised difference to a reference without one, and the same normalised perplexities", () => {
    const { a: _, ...full } = all;
    const found = measureModels({ survey: "s", scores, distributions: full }, options);
    const known = whole.filter(
      ({ model, measure, against }) =>
        !/normalised|mass/.test(measure) || (model !== "a" && against === undefined),
    );
    assert.deepEqual(found, known);
    assert.equal(
      only(found, { model: "few", measure: "normalised perplexity", on: { transition: "all" } }).persons,
      20,
    );
  });

  it("are none but the raw where nobody has one", () => {
    const found = measureModels({ survey: "s", scores, distributions: {} }, options);
    assert.deepEqual(
      found,
      whole.filter(({ measure }) => !/normalised|mass/.test(measure)),
    );
    assert.ok(where(found, { model: "few" }).every(({ persons }) => persons <= 20));
  });
});
