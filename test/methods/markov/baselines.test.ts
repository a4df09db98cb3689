import { strict as assert } from "node:assert";
import fc from "fast-check";
import { UserError } from "labor-llm/dist/errors";
import { fitEmpirical } from "labor-llm/dist/methods/markov";
import { fitMarkov } from "labor-llm/dist/methods/markov/markov";
import { perplexity, surprisal } from "labor-llm/dist/metrics";
import { clusterRobustMean } from "labor-llm/dist/metrics/cluster-robust";
import { normalisedScores, personTotals } from "labor-llm/dist/metrics/perplexity";
import { TitleSet } from "labor-llm/dist/occupations/title-set";
import { observedScores, scoreObserved, type TitleDistribution } from "labor-llm/dist/predictions";
import { syntheticSurvey } from "labor-llm/dist/surveys/synthetic";
import { careersOf, numberedTitles, simulateMarkov } from "../../support/careers";

const titles = new TitleSet(["A", "B", "C"]);
const train = { titles, careers: careersOf("A A B", "A B B B", "B A") };
// Title counts A 4, B 5, C 0. First: A 2, B 1. After A: A 1, B 2. After B: A 1, B 2.

const probabilities = (d: TitleDistribution, n: number) =>
  Array.from(d.logProbability.subarray(n * d.titles.size, (n + 1) * d.titles.size), Math.exp);

function assertClose(actual: ArrayLike<number>, expected: readonly number[], tolerance = 1e-12) {
  assert.equal(actual.length, expected.length);
  expected.forEach((e, i) => {
    assert.ok(Math.abs(actual[i] - e) <= tolerance, `${i}: ${actual[i]}, not ${e}`);
  });
}

describe("Empirical", () => {
  it("is the share of each title, with the pseudo-counts of the closed form", () => {
    assertClose(fitEmpirical(train, { smoothing: 0 }).probability, [4 / 9, 5 / 9, 0]);
    assertClose(fitEmpirical(train, { smoothing: 0.5 }).probability, [4.5 / 10.5, 5.5 / 10.5, 0.5 / 10.5]);
  });

  it("without smoothing is honest about a title it never saw: infinite perplexity", async () => {
    const seen = await fitEmpirical(train, { smoothing: 0 }).predict(careersOf("A B"));
    const unseen = await fitEmpirical(train, { smoothing: 0 }).predict(careersOf("A C"));
    assert.ok(Number.isFinite(perplexity(observedScores(seen))));
    assert.equal(perplexity(observedScores(unseen)), Infinity);
    assert.equal(perplexity(normalisedScores(unseen)), Infinity);
  });
});

describe("Markov, staying or moving", () => {
  // Everybody stays in 3 of 6 transitions, after A in 1 of 3, after B in 2 of 3; B is entered from A twice, A from B once.
  const smoothed = fitMarkov(train, { alpha: 2, smoothing: 1 });
  const closedForm = () => {
    const entries = [4 / 9, 4 / 9, 1 / 9]; // A and B three times each, and one pseudo-count a title
    const movers = [(1 + 2 * entries[0]) / 5, (2 + 2 * entries[1]) / 5, (2 * entries[2]) / 5];
    const pooled = (3 + 2 * 0.5) / 8;
    const years = (3 + 2 * pooled) / 8;
    const stays = [(1 + 2 * years) / 5, (2 + 2 * years) / 5, years];
    const moves = [
      [0, 2, 0],
      [1, 0, 0],
      [0, 0, 0],
    ].map((counts) => {
      const total = counts.reduce((sum, n) => sum + n, 0);
      return counts.map((n, j) => (total === 0 ? movers[j] : (n + 2 * movers[j]) / (total + 2)));
    });
    const row = (i: number) =>
      moves[i].map((q, j) => (j === i ? stays[i] : ((1 - stays[i]) * q) / (1 - moves[i][i])));
    return { first: entries.map((p, j) => ([2, 1, 0][j] + 2 * p) / 5), rows: [row(0), row(1), row(2)] };
  };

  it("is the closed form on a toy panel: row by row, and in its predictions", async () => {
    const { first, rows } = closedForm();
    assertClose(smoothed.first(), first);
    assertClose(smoothed.transition(), rows.flat());
    const prediction = await smoothed.predict(careersOf("B A", "C C"));
    for (const [n, row] of [first, rows[1], first, rows[2]].entries()) {
      assertClose(probabilities(prediction, n), row, 1e-6);
    }
  });

  it("keeps people in a title that it has never seen as often as in any other", () => {
    const unseen = fitMarkov(train, { alpha: 0, smoothing: 1 }).transition().subarray(6);
    assertClose(unseen, [0.5 / 3, 1 / 3, 0.5]);
    const additive = fitMarkov(train, { alpha: 0, smoothing: 0.1, backOff: "additive" }).transition();
    assert.ok(additive[8] < 0.02, "where the additive back-off lets nobody stay");
  });

  it("goes to what everybody does as alpha grows, and to the raw shares as it vanishes", () => {
    const entries = [4 / 9, 4 / 9, 1 / 9];
    for (const alpha of [Infinity, 1e15]) {
      const rows = [...fitMarkov(train, { alpha, smoothing: 1 }).transition()];
      const expected = [0, 1, 2].flatMap((i) =>
        entries.map((p, j) => (i === j ? 0.5 : (0.5 * p) / (1 - entries[i]))),
      );
      assertClose(rows, expected);
    }
    for (const alpha of [0, 1e-15]) {
      const { transition, first } = fitMarkov(train, { alpha });
      assertClose(transition().subarray(0, 6), [1 / 3, 2 / 3, 0, 1 / 3, 2 / 3, 0]);
      assertClose(first(), [2 / 3, 1 / 3, 0]);
    }
  });

  it("knows that fewer are still there after two years than after one", async () => {
    const apart = (years: number, ...persons: string[]) =>
      careersOf(...persons).map((career) => ({
        ...career,
        observations: career.observations.map(({ title }, t) => ({ title, year: 2000 + years * t })),
      }));
    const careers = [...apart(1, "A A", "A A", "A A", "A B"), ...apart(2, "B A", "B A", "B A", "B B")];
    const model = fitMarkov({ titles, careers }, { alpha: 0, smoothing: 1 });
    const prediction = await model.predict([...apart(1, "C C"), ...apart(2, "C C")]);
    assert.ok(Math.abs(probabilities(prediction, 1)[2] - 3 / 4) < 1e-6);
    assert.ok(Math.abs(probabilities(prediction, 3)[2] - 1 / 4) < 1e-6);
    assert.ok(model.isFirstOrder);
  });

  it("leaves everybody where there is nowhere to go", async () => {
    const one = { titles: new TitleSet(["A"]), careers: careersOf("A A A") };
    assertClose(fitMarkov(one).transition(), [1]);
  });

  it("has half the perplexity of the additive back-off on sixty persons of a law with 335 titles", async () => {
    const { titles, careers } = syntheticSurvey("psid-like", { persons: 140 });
    const train = { titles, careers: careers.slice(0, 60) };
    const [validation, test] = [careers.slice(60, 80), careers.slice(80)];
    const of = async (backOff: "additive" | "stay or move") =>
      perplexity(await scoreObserved(fitMarkov(train, { validation, backOff }), test));
    assert.ok((await of("stay or move")) < (await of("additive")) / 2);
  });
});

describe("Markov, additive back-off", () => {
  const additive = { backOff: "additive" } as const;

  it("is the closed form on a toy panel: row by row, and in its predictions", async () => {
    const model = fitMarkov(train, { ...additive, alpha: 2, smoothing: 0 });
    const [a, b] = [4 / 9, 5 / 9];
    const after = [(1 + 2 * a) / 5, (2 + 2 * b) / 5, 0];
    assertClose(model.transition(), [...after, ...after, a, b, 0]);
    assertClose(model.first(), [(2 + 2 * a) / 5, (1 + 2 * b) / 5, 0]);
    const prediction = await model.predict(careersOf("B A", "A"));
    assertClose(probabilities(prediction, 0), [...model.first()], 1e-6);
    assertClose(probabilities(prediction, 1), after, 1e-6);
    assertClose(probabilities(prediction, 2), [...model.first()], 1e-6);
    assert.deepEqual([...prediction.previous], [-1, 1, -1]);
  });

  it("goes to the empirical distribution as alpha grows and to the raw shares as it vanishes", () => {
    const { probability } = fitEmpirical(train);
    for (const alpha of [Infinity, 1e15]) {
      const { transition, first } = fitMarkov(train, { ...additive, alpha });
      assertClose(transition(), [...probability, ...probability, ...probability]);
      assertClose(first(), [...probability]);
    }
    for (const alpha of [0, 1e-15]) {
      const { transition, first } = fitMarkov(train, { ...additive, alpha });
      // No transition starts at C: its row can only be the empirical one.
      assertClose(transition(), [1 / 3, 2 / 3, 0, 1 / 3, 2 / 3, 0, ...probability]);
      assertClose(first(), [2 / 3, 1 / 3, 0]);
    }
  });

  it("given education backs off from (previous, education) to previous", async () => {
    const schooled = {
      titles,
      careers: careersOf("A:low A:low B:high", "A:low B:high B:high B", "B:low A:low"),
    };
    const plain = fitMarkov(schooled, { ...additive, alpha: 2, smoothing: 0 });
    const model = fitMarkov(schooled, { ...additive, alpha: 2, smoothing: 0, given: ["education"] });
    assert.deepEqual(model.transition(), plain.transition());
    const [rowA] = [[...plain.transition().subarray(0, 3)]];
    const prediction = await model.predict(careersOf("A:low B:high", "A A:unheard-of"));
    // After A with high education: B twice.
    assertClose(probabilities(prediction, 1), [(2 * rowA[0]) / 4, (2 + 2 * rowA[1]) / 4, 0], 1e-6);
    assertClose(probabilities(prediction, 3), rowA, 1e-6);
  });

  it("of the second order backs off from the last two titles to the first-order row", async () => {
    const first = fitMarkov(train, { ...additive, alpha: 2, smoothing: 0 });
    const second = fitMarkov(train, { ...additive, alpha: 2, smoothing: 0, order: 2 });
    assert.deepEqual(second.transition(), first.transition());
    const rows = first.transition();
    const [rowA, rowB] = [[...rows.subarray(0, 3)], [...rows.subarray(3, 6)]];
    const prediction = await second.predict(careersOf("A B B", "C B B", "B A"));
    const at = (n: number) => probabilities(prediction, n);
    assertClose(at(0), [...second.first()], 1e-6);
    // After A with no title before: A once, B once; after B with none: A once. After A, B: B once. C, B never was.
    assertClose(at(1), [(1 + 2 * rowA[0]) / 4, (1 + 2 * rowA[1]) / 4, 0], 1e-6);
    assertClose(at(7), [(1 + 2 * rowB[0]) / 3, (2 * rowB[1]) / 3, 0], 1e-6);
    assertClose(at(2), [(2 * rowB[0]) / 3, (1 + 2 * rowB[1]) / 3, 0], 1e-6);
    assertClose(at(5), rowB, 1e-6);
  });
});

describe("Markov", () => {
  it("of the second order is that of first order where two titles tell no more than one", () => {
    const many = { titles: numberedTitles(J), careers: draw(300, 6) };
    const options = { validation: draw(300, 7) };
    const { concentrations, isFirstOrder } = fitMarkov(many, { ...options, order: 2 });
    const of = (wanted: string) =>
      concentrations.find((one) => one.chain === "move" && one.context === wanted)!;
    const [second, first] = [of("two").alpha, of("previous").alpha];
    assert.ok(second > 10 * first, `${second} against ${first}`);
    assert.ok(!isFirstOrder);
  });

  it("sums to one in every row, for any careers, alpha, smoothing and education", async () => {
    const word = fc
      .tuple(fc.constantFrom("A", "B", "C"), fc.constantFrom("", ":low", ":high"))
      .map((w) => w.join(""));
    const person = fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(" "));
    const careers = fc.array(person, { minLength: 1, maxLength: 8 }).map((persons) => careersOf(...persons));
    const alpha = fc.option(fc.constantFrom(0, 0.01, 1, 1e4, Infinity), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(
        careers,
        careers,
        alpha,
        fc.constantFrom(0, 0.5, 3),
        async (known, held, a, smoothing) => {
          const given = { alpha: a, smoothing, validation: held };
          for (const model of [
            fitEmpirical({ titles, careers: known }, { smoothing }),
            fitMarkov({ titles, careers: known }, given),
            fitMarkov({ titles, careers: known }, { ...given, given: ["education"] }),
            fitMarkov({ titles, careers: known }, { ...given, order: 2 }),
            fitMarkov({ titles, careers: known }, { ...given, order: 2, given: ["education"] }),
            fitMarkov({ titles, careers: known }, { ...given, backOff: "additive", order: 2 }),
          ]) {
            const prediction = await model.predict(held);
            for (let n = 0; n < prediction.observed.length; n++) {
              const sum = probabilities(prediction, n).reduce((x, y) => x + y);
              assert.ok(Math.abs(sum - 1) < 1e-6, `${model.name}: ${sum}`);
            }
          }
        },
      ),
      { numRuns: 100, seed: 3 },
    );
  });

  const J = 6;
  const law = Array.from({ length: J }, (_, i) =>
    Array.from({ length: J }, (_, j) => (i === j ? 0.6 : j === (i + 1) % J ? 0.3 : 0.1 / (J - 2))),
  );
  const firstLaw = [0.5, 0.3, 0.05, 0.05, 0.05, 0.05];
  const draw = (persons: number, seed: number) => simulateMarkov(firstLaw, law, { persons, years: 6, seed });

  for (const backOff of ["additive", "stay or move"] as const) {
    it(`chooses the alphas that no other alpha beats on the validation careers, ${backOff}`, async () => {
      const small = { titles: numberedTitles(J), careers: draw(15, 1) };
      const validation = draw(40, 2);
      const chosen = fitMarkov(small, { validation, backOff });
      const best = await chosen.predict(validation);
      const { alpha } = chosen.concentrations.find(
        ({ chain, context }) => chain !== "first" && context === "previous",
      )!;
      assert.ok(alpha > 0.01 && alpha < 1000, `alpha ${alpha}`);
      for (let exponent = -3; exponent <= 5; exponent += 0.1) {
        const other = await fitMarkov(small, { alpha: 10 ** exponent, backOff }).predict(validation);
        for (const by of ["first", "all"] as const) {
          const [ours, theirs] = [best, other].map((one) => perplexity(observedScores(one), { by }));
          assert.ok(ours <= theirs * (1 + 1e-7), `${by} 10^${exponent}: ${ours}, not ${theirs}`);
        }
      }
    });
  }

  it("reaches the perplexity of the law that made the careers, and does not pass it", async () => {
    const model = fitMarkov(
      { titles: numberedTitles(J), careers: draw(4000, 3) },
      { validation: draw(500, 4) },
    );
    const test = draw(1000, 5);
    const fitted = await model.predict(test);
    const oracle = surprisal(observedScores(fitted)).map((_, n) => {
      const [before, now] = [fitted.previous[n], fitted.observed[n]];
      return -Math.log(before < 0 ? firstLaw[now] : law[before][now]);
    });
    const excess = surprisal(observedScores(fitted)).map((s, n) => s - oracle[n]);
    const { value, standardError } = clusterRobustMean(personTotals(fitted, excess).all);
    assert.ok(value > -2 * standardError && value < 0.004, `${value} (${standardError})`);
  });

  it("refuses options out of range and training careers without a person-year", () => {
    const refused = [
      () => fitMarkov(train, { alpha: -1 }),
      () => fitMarkov(train, { alpha: NaN }),
      () => fitMarkov(train, { order: 3 as 2 }),
      () => fitMarkov(train, { smoothing: -1 }),
      () => fitEmpirical(train, { smoothing: Infinity }),
      () => fitEmpirical({ titles, careers: [] }),
      () => fitMarkov({ titles, careers: careersOf("A D") }),
    ];
    for (const fit of refused) assert.throws(fit, UserError);
  });
});
