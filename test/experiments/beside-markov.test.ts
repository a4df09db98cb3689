import assert from "node:assert/strict";
import { worseThanMarkov } from "labor-llm/dist/experiments/beside-markov";
import { fitMarkov } from "labor-llm/dist/methods/markov/markov";
import { observedScores } from "labor-llm/dist/predictions/observed-scores";
import { personYearRows } from "labor-llm/dist/predictions/person-year-rows";
import { fewYoungMen } from "../methods/small-fits";

describe("A model beside the Markov table of its training persons", () => {
  it("is told of where it predicts worse, with both perplexities, and only there", async () => {
    const { train, validation, test } = fewYoungMen();
    const split = { train, validation };
    const J = train.titles.size;
    const rows = personYearRows(test.careers, train.titles);
    const everywhere = (logP: number) => ({
      ...rows,
      observedLogProbability: new Float64Array(rows.observed.length).fill(logP),
    });
    const uniform = everywhere(-Math.log(J));
    const said = (await worseThanMarkov(uniform, test, split, "5 test persons"))!;
    assert.match(
      said,
      /of the 5 test persons its perplexity is 9\.00, the table's, from the same training persons, [3-8]\.\d\d\.$/,
    );
    const table = fitMarkov(train, { validation: validation.careers });
    const own = observedScores(await table.predict(test.careers));
    assert.equal(await worseThanMarkov(own, test, split, ""), undefined);
    assert.equal(await worseThanMarkov(everywhere(-1), test, split, ""), undefined);
    const none = { train, validation: { ...validation, careers: [] } };
    assert.equal(await worseThanMarkov(uniform, test, none, ""), undefined);
  });
});
