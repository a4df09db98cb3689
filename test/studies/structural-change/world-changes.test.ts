import { strict as assert } from "node:assert";
import { readdirSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { compareAhead, type MeasureId, only, readSurvey, where } from "labor-llm";
import { ORACLE } from "labor-llm/dist/experiments/compare-methods";
import { correlationClaims } from "labor-llm/dist/studies/multi-year/claims";
import {
  type AheadPlan,
  type AheadResult,
  truthAhead,
} from "labor-llm/dist/studies/multi-year/compare-ahead";
import { correlationNulls, nullClaims } from "labor-llm/dist/studies/multi-year/null-correlations";
import { compareChange, LAW_BEFORE } from "labor-llm/dist/studies/structural-change/compare-change";
import { compareForecasts } from "labor-llm/dist/studies/structural-change/forecasts";
import { oracleOf } from "labor-llm/dist/surveys/synthetic/survey";
import { ownRuns } from "../../support/own-runs";

describe("What time does to predictions", () => {
  const options = { replications: 300 };

  ownRuns();

  it("a survey with a break has the careers of the one without until then, others after, and an oracle of its own", () => {
    const [plain, broken] = ["synthetic-nlsy79", "synthetic-nlsy79-break-1986"].map((name) =>
      readSurvey(name),
    );
    const until = (panel: typeof plain, year: number) =>
      panel.careers.map(({ observations }) => observations.filter((one) => one.year < year));
    assert.deepEqual(until(broken, 1986), until(plain, 1986));
    assert.notDeepEqual(until(broken, 1987), until(plain, 1987));
    assert.equal(broken.name, "synthetic-nlsy79-break-1986");
    assert.match(oracleOf(broken)!.law.name, /break in 1986/);
    assert.deepEqual(broken.law, { kind: "nlsy79-like", break: { year: 1986 } });
  });

  it("the law before a break costs nothing before it and more than its error after it, and no forecast beats the oracle's", async () => {
    const survey = "synthetic-nlsy79-break-1986";
    const persons = { train: 150, validation: 30, test: 60 };
    const methods = [{ label: "Markov", experiment: { survey, method: "markov", persons, seed: 1 } }];
    const plan = { year: 1986, what: "break", span: 3, methods };
    const { measurements, skipped } = await compareChange(plan, options);
    assert.deepEqual(skipped, []);
    assert.deepEqual([...new Set(measurements.map(({ model }) => model))], [LAW_BEFORE, "Markov"]);
    const of = (model: string, measure: MeasureId) => only(measurements, { model, measure }).estimate;
    const cost = of(LAW_BEFORE, "cost of not knowing");
    assert.ok(cost.value > 1.96 * cost.standardError, `${cost.value} (${cost.standardError})`);
    // What knows the later years has seen no more person-years.
    assert.deepEqual(where(measurements, { model: LAW_BEFORE, measure: "person-years to train" }), []);
    const before = of("Markov", "person-years to train").value;
    const informed = of("Markov", "person-years to train, informed").value;
    assert.ok(before > 500 && Math.abs(informed / before - 1) < 0.05, `${before} and ${informed}`);
    for (const measure of ["perplexity before", "perplexity after, informed"] as const)
      assert.ok(of(LAW_BEFORE, measure).value < of("Markov", measure).value);
    const forecasts = await compareForecasts(plan, 40, options);
    for (const year of [1986, 1987, 1988]) {
      const ahead = (model: string, measure: MeasureId = "perplexity") =>
        only(forecasts.measurements, { model, measure, on: { year } }).estimate.value;
      assert.ok(ahead(ORACLE) < ahead("Markov"));
      // What happened in between is worth knowing; in the first year there is nothing between.
      if (year > 1986) assert.ok(ahead(ORACLE, "one-year perplexity") < ahead(ORACLE));
    }
  });

  it("a survey that does not reach a year is a row with its reason, also of forecasts", async () => {
    const methods = [
      { label: "Markov", experiment: { survey: "nlsy-young-men", method: "markov", seed: 1 } },
    ];
    const plan = { year: 2008, what: "the Great Recession", span: 3, methods };
    for (const { measurements, skipped } of [await compareChange(plan), await compareForecasts(plan, 10)]) {
      assert.deepEqual(measurements, []);
      assert.match(skipped[0].reason, /nobody is observed from 2\d+ to 20\d+; its years are 1980 to 1987/);
    }
  });

  it("a Markov table of real careers does not compose: who stays is rarer in its powers than in life", async () => {
    const plan: AheadPlan = {
      label: "Second-order Markov",
      experiment: { survey: "nlsy-young-men", method: "markov", seed: 1 },
      years: [5],
      direct: "trained",
      composed: { paths: 50 },
    };
    const { results, skipped } = await compareAhead([plan, { ...plan, years: [9] }], options);
    const [five] = results;
    const of = ({ measurements }: AheadResult, measure: MeasureId) =>
      only(measurements, { measure }).estimate;
    const observed = of(five, "same title, observed");
    assert.ok(observed.value - of(five, "same title, composed").value > 3 * observed.standardError);
    const direct = of(five, "same title, direct").value;
    assert.ok(Math.abs(observed.value - direct) < 3 * observed.standardError);
    const difference = of(five, "ln P, direct less composed");
    assert.ok(difference.value > 1.96 * difference.standardError);
    assert.equal(of(five, "Monte Carlo error").value, 0);
    assert.match(skipped[0].reason, /no test person is observed 9 years after/);
    // Asked across the gap, a table answers as for one year.
    const { results: asked } = await compareAhead([{ ...plan, direct: "asked" }], options);
    assert.ok(of(asked[0], "ln P, direct").value < of(five, "ln P, direct").value);
    assert.deepEqual(truthAhead(plan.experiment, [2]), []);
  });

  it("direct predictions correlate with another method's composed ones too: what is left beyond is told, for persons that both have", async () => {
    const table = { survey: "nlsy-young-men", method: "markov", seed: 1 };
    const plan = { years: [2, 3], direct: "trained", composed: { paths: 20 } } as const;
    const second = { ...table, settings: { order: 2 }, persons: { test: 40 } };
    const { results } = await compareAhead(
      [
        { ...plan, label: "Markov", experiment: table },
        { ...plan, label: "Second-order Markov", experiment: second },
        { ...plan, label: "Second-order Markov, 3 years", experiment: second, years: [3] },
      ],
      options,
    );
    const nulls = correlationNulls(results, options);
    const slices = {
      all: { transition: "all" },
      "given titles": { transition: "all", given: "titles" },
      movers: { transition: "move" },
    } as const;
    const of = (model: string, measure: MeasureId, kind: keyof typeof slices = "all") =>
      where(nulls, { model, measure }).filter(({ on }) => isDeepStrictEqual(on, slices[kind]));
    // Plans with the same composed predictions are no others to each other, and one to the rest.
    const others = (label: string) => of(label, "correlation difference").map(({ against }) => against);
    assert.deepEqual(others("Markov"), ["Second-order Markov"]);
    assert.deepEqual(others("Second-order Markov"), ["Markov"]);
    const [own] = of("Markov", "correlation with another");
    const all = (label: string) =>
      results.find((one) => one.label.startsWith(label) && one.years === "all")!.measurements;
    assert.equal(own.persons, 40);
    assert.equal(own.personYears, only(all("Second"), { measure: "correlation" }).personYears);
    // Against another the correlation is high as well: it alone distinguishes nothing.
    const [difference] = of("Markov", "correlation difference");
    assert.ok(own.estimate.value > 0.8 && Math.abs(difference.estimate.value) < 0.2);
    for (const [kind, measure] of [
      ["all", "correlation"],
      ["given titles", "correlation given titles"],
      ["movers", "correlation of movers"],
    ] as const) {
      const [whole] = of("Second-order Markov", "correlation with the own", kind);
      const { value } = only(all("Second"), { measure }).estimate;
      assert.ok(Math.abs(whole.estimate.value - value) < 1e-9, kind);
    }
    // A first-order table tells nothing beyond the two titles, and no claim is made of it.
    for (const [label, measure] of [
      ["Second-order Markov", "correlation with another"],
      ["Markov", "correlation with the own"],
    ] as const)
      assert.ok(Number.isNaN(of(label, measure, "given titles")[0].estimate.value));
    const claims = nullClaims(nulls, results);
    assert.equal(claims.length, 2 * 3);
    assert.ok(claims.every(({ claim }) => !claim.says.includes("given")));
    // One number of years is a claim of its own; a table replicates no language model.
    const found = correlationClaims(results);
    assert.equal(found.length, 3);
    assert.match(found[2].claim.says, /, 3 years ahead: /);
    assert.ok(found.every(({ claim }) => claim.published === undefined && claim.beside !== undefined));
  });

  it("sampled forecasts are taken up the second time, the same to the bit; another plan is computed again", async () => {
    const plan: AheadPlan = {
      label: "Logit",
      experiment: {
        survey: "nlsy-young-men",
        method: "markov",
        settings: { order: 2 },
        persons: { train: 100, validation: 20, test: 10 },
        seed: 1,
      },
      years: [2, 3],
      direct: "trained",
      composed: { paths: 20 },
    };
    const kept = () =>
      readdirSync(process.env.LABOR_LLM_RUNS!, { recursive: true, encoding: "utf8" }).filter((name) =>
        name.endsWith("forecast.json"),
      ).length;
    const first = await compareAhead([plan], options);
    const count = kept();
    assert.deepEqual(await compareAhead([plan], options), first);
    assert.equal(kept(), count);
    for (const change of [{ paths: 21 }, { paths: 20, seed: 2 }, { paths: 20, education: "held" as const }]) {
      const before = kept();
      await compareAhead([{ ...plan, composed: change }], options);
      assert.equal(kept(), before + 1, JSON.stringify(change));
    }
  });
});
