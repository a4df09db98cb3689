import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import type { Career } from "labor-llm/dist/careers/career";
import type { LogitTerm } from "labor-llm/dist/methods/logit/features";
import { fitMultinomialLogit } from "labor-llm/dist/methods/logit/multinomial-logit";
import { fitTwoStageRegression } from "labor-llm/dist/methods/logit/two-stage-regression";
import { TitleSet } from "labor-llm/dist/occupations/title-set";
import { expectClose } from "../../support/close";
import { fixture } from "../../support/paths";

interface Expected {
  features: [string, string | null][];
  standardErrors: number[] | number[][];
  estimates: number[] | number[][];
}

describe("The logits by maximum likelihood", () => {
  const golden = JSON.parse(readFileSync(fixture("logit", "golden.json"), "utf8"));
  const careers: Career[] = golden.careers;
  const titles = new TitleSet(golden.titles);
  const terms: LogitTerm[] = ["education", "gender", "tenure", "age"];

  it("have statsmodels' coefficients, errors clustered by person, and probabilities", async () => {
    const model = await fitMultinomialLogit({ titles, careers }, { terms, ridge: 0 });
    const table = model.coefficients({ reference: "A", standardErrors: true });
    const { features, estimates, standardErrors }: Expected = golden.likelihood;
    const cells = features.flatMap(([term, level], k) =>
      ["B", "C", "D"].map((title, j) => {
        const row = table.find((r) => r.title === title && r.term === term && (r.level ?? null) === level);
        assert.ok(row, `${title} ${term} ${level}`);
        return { row, estimate: (estimates[k] as number[])[j], error: (standardErrors[k] as number[])[j] };
      }),
    );
    assert.equal(table.length, cells.length);
    expectClose(
      cells.map(({ row }) => row.estimate),
      cells.map(({ estimate }) => estimate),
      1e-4,
      { relative: true },
    );
    expectClose(
      cells.map(({ row }) => row.standardError!),
      cells.map(({ error }) => error),
      1e-4,
      { relative: true },
    );
    const { logProbability } = await model.predict(careers);
    expectClose(logProbability, golden.likelihood.logProbabilities.flat(), 1e-5);
  });

  it("of staying and of the title after a move are those of statsmodels and of a direct maximisation", async () => {
    const model = await fitTwoStageRegression({ titles, careers }, { terms, ridge: 0 });
    const table = model.stay.coefficients({ reference: "move", standardErrors: true });
    const { features, estimates, standardErrors }: Expected = golden.stay;
    assert.deepEqual(
      table.map(({ term, level }) => [term, level ?? null]),
      features,
    );
    expectClose(
      table.map(({ estimate }) => estimate),
      estimates as number[],
      1e-4,
      { relative: true },
    );
    expectClose(
      table.map(({ standardError }) => standardError!),
      standardErrors as number[],
      1e-4,
      { relative: true },
    );
    const { logProbability, observed, previous } = await model.predict(careers);
    const stays: number[] = [];
    let loss = 0;
    observed.forEach((title, n) => {
      if (previous[n] < 0) return;
      const pStay = Math.exp(logProbability[n * 4 + previous[n]]);
      stays.push(pStay);
      if (title !== previous[n]) loss -= logProbability[n * 4 + title] - Math.log(1 - pStay);
    });
    expectClose(stays, golden.stay.probabilities, 1e-5);
    expectClose([loss], [golden.move.loss], 1e-3);
  });
});
