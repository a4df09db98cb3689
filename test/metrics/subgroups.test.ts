import { strict as assert } from "node:assert";
import type { Career } from "labor-llm/dist/careers/career";
import {
  benjaminiHochberg,
  clusterRobustMean,
  compareSubgroups,
  type MeasureId,
  only,
  perplexity,
  personTotals,
  type Subgroup,
  subgroupsOf,
  surprisal,
  where,
  withAllRows,
} from "labor-llm/dist/metrics";
import { Random } from "labor-llm/dist/random";
import { dependentModels, scoresOf } from "./distributions";

const career = (
  person: string,
  gender: string,
  ethnicity: string | undefined,
  ...education: string[]
): Career => ({
  person,
  covariates: { gender, ethnicity },
  observations: education.map((level, i) => ({ year: 2000 + i, title: "Cooks", education: level })),
});

describe("groups and their crossings", () => {
  const careers = [
    career("1", "female", "black", "high school", "college"),
    career("2", "female", "white", "college"),
    career("3", "male", undefined, "high school", "high school", "high school"),
  ];

  it("hold the person-years of their values, by the year's education, count persons, and stand in order", () => {
    const { groups } = subgroupsOf(careers, { minPersons: 1 });
    const found = Object.fromEntries(groups.map(({ name, persons, rows }) => [name, [persons, ...rows]]));
    assert.deepEqual(found, {
      female: [2, 0, 1, 2],
      male: [1, 3, 4, 5],
      black: [1, 0, 1],
      white: [1, 2],
      college: [2, 1, 2],
      "high school": [2, 0, 3, 4, 5],
      "female, black": [1, 0, 1],
      "female, white": [1, 2],
      "female, college": [2, 1, 2],
      "female, high school": [1, 0],
      "male, high school": [1, 3, 4, 5],
      "black, college": [1, 1],
      "black, high school": [1, 0],
      "white, college": [1, 2],
      "female, black, college": [1, 1],
      "female, black, high school": [1, 0],
      "female, white, college": [1, 2],
    });
  });

  it("that are too small are told by name; a field of one value makes none; depth bounds the crossings; education goes upwards", () => {
    const { groups, tooSmall } = subgroupsOf(careers, { minPersons: 2, depth: 1 });
    assert.deepEqual(
      groups.map(({ name }) => name),
      ["female", "high school", "college"],
    );
    assert.deepEqual(
      tooSmall.map(({ name, persons }) => `${name} ${persons}`),
      ["male 1", "black 1", "white 1"],
    );
    const women = subgroupsOf(careers.slice(0, 2), { minPersons: 1, fields: ["gender", "ethnicity"] });
    assert.deepEqual([...new Set(women.groups.map(({ of }) => of))], ["ethnicity"]);
    assert.throws(() => subgroupsOf(careers, { minPersons: 0 }), { name: "UserError" });
  });
});

describe("models compared by group", () => {
  const { a, b } = scoresOf(dependentModels(200, 11));
  const rows = (keep: (n: number) => boolean) => Int32Array.from(a.observed.keys()).filter(keep);
  const group = (name: string, keep: (n: number) => boolean): Subgroup => {
    const own = rows(keep);
    return { name, of: "x", persons: new Set(Array.from(own, (n) => a.person[n])).size, rows: own };
  };
  // Odd and even persons; years that differ within a person.
  const groups = [group("even", (n) => a.person[n] % 2 === 0), group("early", (n) => n % 3 === 0)];
  const found = compareSubgroups("survey", { a, b }, groups, { reference: "b", replications: 3000 });
  const of = (model: string, is: string, measure: MeasureId) =>
    only(found, { model, measure, on: { group: { of: "x", is } } });

  it("are those that answer for all person-years", () => {
    const fewer = { ...b, observed: b.observed.subarray(1) };
    assert.deepEqual(Object.keys(withAllRows({ fewer, b, a })), ["b", "a"]);
    assert.throws(() => compareSubgroups("survey", { a, fewer }, groups), { name: "UserError" });
  });

  it("have the group's own perplexity, with the closed form's clustered error", () => {
    for (const { rows: own, name } of groups) {
      const inside = new Set(own);
      const weight = Float64Array.from(a.observed, (_, n) => Number(inside.has(n)));
      for (const [model, d] of Object.entries({ a, b })) {
        const { estimate, personYears } = of(model, name, "perplexity");
        const { value, standardError } = estimate;
        const closed = clusterRobustMean(personTotals(d, surprisal(d), weight).all);
        assert.ok(Math.abs(value - Math.exp(closed.value)) < 1e-12);
        assert.ok(Math.abs(value - perplexity({ ...d, weight }, { weighted: true })) < 1e-12);
        assert.ok(Math.abs(standardError / value / closed.standardError - 1) < 0.06);
        assert.equal(personYears, own.length);
      }
    }
  });

  it("have the gap to all others and the paired difference to the reference, with their errors", () => {
    const gap = of("a", "even", "log-loss gap");
    const surprise = surprisal(a);
    const split = [0, 1].map((odd) => {
      const weight = Float64Array.from(a.person, (i) => Number(i % 2 === odd));
      return clusterRobustMean(personTotals(a, surprise, weight).all);
    });
    assert.ok(Math.abs(gap.estimate.value - (split[0].value - split[1].value)) < 1e-12);
    // The two halves share no person: their errors add in squares.
    const error = Math.hypot(split[0].standardError, split[1].standardError);
    const { standardError } = gap.estimate;
    assert.ok(Math.abs(standardError / error - 1) < 0.06, `${standardError}, not ${error}`);
    // dependentModels: b's surprisal is 0.8 of what a's is.
    const difference = of("a", "even", "log-loss difference");
    assert.ok(difference.against === "b");
    assert.ok(difference.estimate.value > 0.15 && difference.estimate.value < 0.25);
    assert.ok(difference.p! < 1e-6 && gap.p! > 0.001);
    const reference = of("b", "even", "log-loss difference");
    assert.ok(reference.estimate.value === 0 && Number.isNaN(reference.p) && reference.among!.of === 2);
    // What is beyond the law is measured where the reference is the law.
    assert.ok(found.every(({ measure }) => measure !== "log-loss gap beyond the law"));
  });

  it("have p-values that are uniform where groups are drawn at random, and rarely any once adjusted", () => {
    const families = 60;
    const p: number[] = [];
    let familiesRejected = 0;
    for (let f = 0; f < families; f++) {
      const model = scoresOf(dependentModels(100, 100 + f)).a;
      const random = new Random("groups", f);
      const many = Array.from({ length: 12 }, (_, g) => {
        const chosen = new Set(random.permutation(100).subarray(0, 40));
        const own = Int32Array.from(model.observed.keys()).filter((n) => chosen.has(model.person[n]));
        return { name: `random ${g}`, of: "x", persons: 40, rows: own };
      });
      const drawn = compareSubgroups("survey", { model }, many, { replications: 200, seed: f });
      const gaps = where(drawn, { measure: "log-loss gap" });
      const own = gaps.map((gap) => gap.p!);
      p.push(...own);
      const adjusted = gaps.map(({ among }) => among!.p);
      assert.deepEqual(adjusted, benjaminiHochberg(own));
      if (adjusted.some((q) => q <= 0.05)) familiesRejected++;
    }
    for (const share of [0.1, 0.5, 0.9]) {
      const below = p.filter((x) => x <= share).length / p.length;
      assert.ok(Math.abs(below - share) < 0.06, `${below} of the p-values are at most ${share}`);
    }
    // At most three expected; the standard error is 1.7.
    assert.ok(familiesRejected <= 9, `${familiesRejected} of ${families} families`);
  });
});
