import assert from "node:assert/strict";
import { worseThanMarkov } from "labor-llm/dist/experiments/beside-markov";
import { fitMarkov } from "labor-llm/dist/methods/markov/markov";
import { emptyDistribution } from "labor-llm/dist/predictions/title-distribution";
import { fewYoungMen } from "../methods/small-fits";

describe("A model beside the Markov table of its training persons", () => {
  it("is told of where it predicts worse, with both perplexities, and only there", async () => {
    const { train, validation, test } = fewYoungMen();
    const split = { train, validation };
    const J = train.titles.size;
    const uniform = emptyDistribution(test.careers, train.titles);
    uniform.logProbability.fill(-Math.log(J));
    const said = (await worseThanMarkov(uniform, test, split, "5 test persons"))!;
    assert.match(
      said,
      /of the 5 test persons its perplexity is 9\.00, the table's, from the same training persons, [3-8]\.\d\d\.$/,
    );
    const table = fitMarkov(train, { validation: validation.careers });
    assert.equal(await worseThanMarkov(await table.predict(test.careers), test, split, ""), undefined);
    const better = emptyDistribution(test.careers, train.titles);
    better.logProbability.fill(-1);
    assert.equal(await worseThanMarkov(better, test, split, ""), undefined);
    const none = { train, validation: { ...validation, careers: [] } };
    assert.equal(await worseThanMarkov(uniform, test, none, ""), undefined);
  });
});
