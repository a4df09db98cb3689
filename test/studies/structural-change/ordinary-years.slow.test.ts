import { strict as assert } from "node:assert";
import { linesFigure, type MeasureId, type Measurement, namedYears, only, where } from "labor-llm";
import {
  amongOrdinaryYears,
  amongYearsClaims,
  compareYears,
  yearKinds,
} from "labor-llm/dist/studies/structural-change/ordinary-years";
import { ownRuns } from "../../support/own-runs";

const years = (first: number, last: number, step = 1) =>
  Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, i) => first + i * step);

describe("A named year among ordinary years", () => {
  ownRuns();

  it("ordinary are the years whose window has the rounds of a break's, and none of the breaks within", () => {
    const annual = years(1979, 1994);
    const breaks = [{ year: 1986, what: "break" }];
    const letters = { break: "b", ordinary: "o", "straddles a break": "s", "other rounds": "x" };
    const kinds = (observed: readonly number[], plan: Parameters<typeof yearKinds>[1]) =>
      Object.fromEntries(yearKinds(observed, plan).map(({ year, kind }) => [year, letters[kind]]));
    for (const [observed, plan, expected] of [
      // Trained on three years, tested on two: 1986 is in the window of 1985 and of 1987 to 1988; 1989 begins with it.
      [
        annual,
        { history: 3, span: 2, breaks },
        {
          ...{ 1982: "o", 1983: "o", 1984: "o", 1985: "s", 1986: "b", 1987: "s", 1988: "s" },
          ...{ 1989: "o", 1990: "o", 1991: "o", 1992: "o", 1993: "o" },
        },
      ],
      // Without a break that is reached, every full window is ordinary.
      [
        years(1980, 1987),
        { history: 2, span: 2, breaks: [{ year: 2008, what: "recession" }] },
        {
          ...{ 1982: "o", 1983: "o", 1984: "o", 1985: "o", 1986: "o" },
        },
      ],
      // Rounds every two years: the years between have the same rounds in another place of the window.
      [
        years(2011, 2021, 2),
        { history: 3, span: 2, breaks: [{ year: 2020, what: "pandemic" }] },
        { 2014: "o", 2015: "x", 2016: "o", 2017: "x", 2018: "o", 2019: "s", 2020: "b" },
      ],
      [[2000, 2001], { history: 3, span: 2, breaks }, {}],
    ] as const) {
      assert.deepEqual(kinds(observed, plan), expected);
    }
  });

  const row = (year: number, cost: number, costError: number, change: string): Measurement => ({
    ...{ survey: "s", model: "m", on: { transition: "all", year, change }, measure: "cost of not knowing" },
    estimate: { value: cost, standardError: costError, interval: [0, 1] },
    ...{ persons: 100, personYears: 500 },
  });

  it("a break stands to the mean of the others with the error of one more year", () => {
    const ordinary = [0.02, 0.04, 0.03, 0.05, 0.01].map((cost, i) => row(1990 + i, cost, 0.005, "ordinary"));
    const apart = row(1988, 9, 0.005, "straddles a break");
    const among = (cost: number, others = ordinary) =>
      amongOrdinaryYears([...others, apart, row(1986, cost, 0.02, "break: it breaks")]);
    const one = among(0.2);
    const of = (found: Measurement[], measure: MeasureId) => only(found, { measure }).estimate;
    assert.ok(Math.abs(of(one, "mean of ordinary years").value - 0.03) < 1e-12);
    assert.equal(of(one, "ordinary years").value, 5);
    assert.ok(Math.abs(of(one, "deviation of ordinary years").value - Math.sqrt(0.001 / 4)) < 1e-12);
    const beyond = (found: Measurement[]) => of(found, "cost beyond ordinary years");
    assert.ok(Math.abs(beyond(one).standardError - Math.sqrt((0.001 / 4) * 1.2)) < 1e-12);
    const outcomeOf = (found: Measurement[]) => amongYearsClaims(found)[0].outcome;
    assert.equal(outcomeOf(one), "supported");
    assert.match(
      amongYearsClaims(one)[0].claim.says,
      /^1986, it breaks, costs more than 5 ordinary years: m$/,
    );
    // Student's t with 4 degrees of freedom: 2.776 times 0.0173 is 0.048.
    assert.equal(outcomeOf(among(0.03 + 0.047)), "no difference");
    assert.equal(outcomeOf(among(0.03 + 0.05)), "supported");
    assert.equal(outcomeOf(among(-0.1)), "not supported");
    // Years that happen to lie close together are no surer than the error of one of them.
    const close = among(0.2, [
      row(1990, 0.03, 0.1, "ordinary"),
      ...[1, 2].map((i) => row(1990 + i, 0.03, 0.1, "ordinary")),
    ]);
    assert.ok(Math.abs(beyond(close).standardError - 0.1 * Math.sqrt(4 / 3)) < 1e-12);
    assert.equal(outcomeOf(among(0.2, ordinary.slice(0, 2))), "not known");
  });

  it("the law's break costs a Markov table more than any ordinary year", async () => {
    const persons = { train: 400, validation: 80, test: 300 };
    const survey = "synthetic-nlsy79-break-1986";
    const { measurements, skipped } = await compareYears(
      {
        ...{ history: 3, span: 2, breaks: [{ year: 1986, what: "the law breaks" }] },
        methods: [{ label: "Markov", experiment: { survey, method: "markov", persons, seed: 1 } }],
      },
      { replications: 100 },
    );
    assert.deepEqual(skipped, []);
    const among = amongOrdinaryYears(measurements);
    const of = (measure: MeasureId) => only(among, { measure }).estimate.value;
    assert.ok(of("ordinary years") >= 8 && of("cost of not knowing") > of("largest of ordinary years"));
    assert.equal(amongYearsClaims(among)[0].outcome, "supported");
    // Both models of a year have seen as many person-years, from the same years on.
    for (const { on, estimate } of where(measurements, { measure: "person-years to train" })) {
      const informed = only(measurements, { measure: "person-years to train, informed", on }).estimate.value;
      assert.ok(Math.abs(informed / estimate.value - 1) < 0.05);
    }
    const drawn = linesFigure(where(measurements, { measure: "cost of not knowing" }), {
      ...{ title: "t", xTitle: "Year", xOf: ({ on }) => on.year, named: namedYears(measurements) },
    });
    assert.match(JSON.stringify(drawn), /Marked: 1986, the law breaks\./);
  });
});
