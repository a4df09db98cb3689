import { strict as assert } from "node:assert";
import type { Career } from "labor-llm";
import { TitleSet } from "labor-llm/dist/occupations/title-set";
import {
  emptyDistribution,
  type OccupationModel,
  observedScores,
  personYearRows,
  scoreObserved,
} from "labor-llm/dist/predictions";

describe("Scores of the observed titles", () => {
  const titles = new TitleSet(["Cooks", "Bakers", "Nurses"]);
  const careers: Career[] = [
    [1, 0, 0],
    [2, 1],
  ].map((own, i) => ({
    ...{ person: `${i}`, covariates: {} },
    observations: own.map((title, n) => ({
      year: 2000 + n,
      title: titles.titles[title],
      weight: i === 0 ? 2 : undefined,
    })),
  }));
  const distribution = emptyDistribution(careers, titles);
  distribution.logProbability.forEach((_, i) => {
    distribution.logProbability[i] = -i;
  });
  // Titles 1, 0, 0, 2, 1 of three in each row.
  const expected = Float64Array.of(-1, -3, -6, -11, -13);

  it("are those of a distribution's own rows, which they describe as it does", () => {
    const { observedLogProbability, ...rows } = observedScores(distribution);
    assert.deepEqual(observedLogProbability, expected);
    assert.deepEqual(rows, personYearRows(careers, titles));
    const plain = careers.map((career) => ({
      ...career,
      observations: career.observations.map(({ weight: _, ...one }) => one),
    }));
    assert.ok(!("weight" in observedScores(emptyDistribution(plain, titles))));
  });

  it("are the model's own where it gives them at less cost, and else those of its distribution", async () => {
    const predicting: OccupationModel = { name: "predicting", predict: async () => distribution };
    assert.deepEqual((await scoreObserved(predicting, careers)).observedLogProbability, expected);
    const own = { ...personYearRows(careers, titles), observedLogProbability: new Float64Array(5) };
    const scoring: OccupationModel = {
      name: "scoring",
      predict: () => assert.fail("the full distribution was computed"),
      score: async () => own,
    };
    assert.equal(await scoreObserved(scoring, careers), own);
  });
});
