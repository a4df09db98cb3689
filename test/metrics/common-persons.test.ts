import { strict as assert } from "node:assert";
import { measurePerplexity, onCommonPersons } from "labor-llm/dist/metrics";
import { selectRows } from "labor-llm/dist/predictions";
import { dependentModels, scoresOf } from "./distributions";

describe("onCommonPersons", () => {
  it("compares two models on the persons that both answer for, as if there were no others", () => {
    const { a, b } = dependentModels(40, 3);
    const few = (person: number) => person % 3 === 0;
    const fewB = selectRows(b, (n) => few(b.person[n]));
    const common = onCommonPersons({ A: a, B: fewB });
    assert.equal(common.B, fewB);
    const expected = { A: selectRows(a, (n) => few(a.person[n])), B: fewB };
    assert.deepEqual(measurePerplexity("s", scoresOf(common)), measurePerplexity("s", scoresOf(expected)));
    assert.equal(measurePerplexity("s", scoresOf(common))[0].persons, 14);
    // Each row is carried over whole.
    const { A } = common;
    let n = 0;
    a.person.forEach((person, row) => {
      if (!few(person)) return;
      assert.equal(A.observed[n], a.observed[row]);
      assert.equal(A.year[n], a.year[row]);
      assert.deepEqual(
        A.logProbability.subarray(n * 2, n * 2 + 2),
        a.logProbability.subarray(row * 2, row * 2 + 2),
      );
      n++;
    });
    assert.equal(n, A.observed.length);
  });
});
