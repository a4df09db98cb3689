import { strict as assert } from "node:assert";
import { readCsv } from "labor-llm/dist/files/csv";
import { dataFile } from "labor-llm/dist/files/data-folder";
import { occupations } from "labor-llm/dist/occupations";
import { Random } from "labor-llm/dist/random";
import { type CareerLaw, law, Simulator } from "labor-llm/dist/surveys/law";
import { structuralChange } from "labor-llm/dist/surveys/law/law";
import type { LawPerson } from "labor-llm/dist/surveys/law/person";
import { lettersOf, spellingNeighbours } from "labor-llm/dist/surveys/law/spelling";
import { simulateCohort, type Tables, tabulate } from "labor-llm/dist/surveys/law/tabulate";
import { contentWords, type Neighbours } from "labor-llm/dist/surveys/law/words";

const person: LawPerson = { gender: 1, ethnicity: 0, region: 2, birthYear: 1975 };

/** A row of the law's one-year step after three years in an occupation. */
const step = (own: CareerLaw, slot: number, year: number, type = own.types[3]) =>
  own.transition({ slot, tenure: 3, last: slot < own.occupations ? slot : 40 }, person, type, year, 2);

const sum = (row: Float64Array) => row.reduce((a, b) => a + b, 0);

describe("The law of careers", () => {
  it("has probabilities that sum to one over its 335 titles, whatever the state", () => {
    for (const own of [law(), law({ wordsTimes: 10, words: "spelling" })]) {
      assert.equal(own.titles.size, 335);
      for (let slot = 0; slot < 335; slot += 7) {
        for (const year of [1970, 2009, 2021]) {
          const row = step(own, slot, year);
          assert.ok(Math.abs(sum(row) - 1) < 1e-12);
          assert.ok(row.every((p) => p >= 0));
        }
        assert.ok(Math.abs(sum(own.first(person, own.types[0], 2000, 1)) - 1) < 1e-12);
      }
    }
  });

  it("sends movers to what is near in words; its control does not, nor does the law of spelling", () => {
    for (const [options, least, most] of [
      [{ words: "near" }, 0.3, 1],
      [{ words: "none" }, -0.05, 0.05],
      [{ words: "spelling", wordsTimes: 10 }, -0.05, 0.05],
    ] as const) {
      const own = law(options);
      const words = matrix(law().structure.neighbours);
      assert.ok(Math.max(...words) > 0.1, "some occupations are near in words");
      const r = correlation(...pull(own, words));
      assert.ok(least < r && r < most, `${own.name}: the correlation is ${r}`);
    }
  });

  it("of spelling sends movers to titles that are spelt alike, and no other law does", () => {
    const spelling = matrix(spellingNeighbours());
    for (const [options, least, most] of [
      [{ words: "spelling" }, 0.3, 1],
      [{ words: "near" }, -0.05, 0.05],
      [{ words: "none" }, -0.05, 0.05],
    ] as const) {
      const own = law(options);
      const r = correlation(...pull(own, spelling));
      assert.ok(least < r && r < most, `${own.name}: the correlation is ${r}`);
    }
  });

  it("of spelling knows no nearness that pre-training tells of", () => {
    const spelling = matrix(spellingNeighbours());
    const words = matrix(law().structure.neighbours);
    const [x, y]: [number[], number[]] = [[], []];
    for (let o = 0; o < 332; o++) {
      for (let to = 0; to < 332; to++) {
        if (o === to) continue;
        const at = o * 332 + to;
        x.push(spelling[at]);
        y.push(words[at]);
        if (spelling[at] === 0) continue;
        assert.equal(words[at] + words[to * 332 + o], 0, "not near in the words of occupations.tsv");
        assert.ok(Math.abs(occupations[o].code - occupations[to].code) > 15, "not near in the code book");
      }
    }
    // As data/law/README.md states it.
    const r = correlation(x, y);
    assert.ok(-0.03 < r && r < 0, `the correlation of the two matrices is ${r}`);
    assert.ok(x.filter((similarity) => similarity > 0).length > 10 * 332);
  });

  it("takes letters from titles as they are written, without marks and capitals", () => {
    assert.deepEqual(
      [...lettersOf("Dye-Dyer")],
      [" dy", "dye", "ye ", "e d", "yer", "er "].map((part) => [part, /dy/.test(part) ? 2 : 1]),
    );
  });

  it("is itself where words count once, names how often they count, and refuses a negative number", () => {
    assert.deepEqual(step(law({ wordsTimes: 1 }), 150, 2000), step(law(), 150, 2000));
    assert.notDeepEqual(step(law({ wordsTimes: 10 }), 150, 2000), step(law(), 150, 2000));
    assert.match(law({ wordsTimes: 10 }).name, /words count 10 times/);
    assert.throws(() => law({ wordsTimes: -1 }), { name: "UserError", message: /words that count -1 times/ });
  });

  it("without words is the same law under other names", () => {
    const [near, none] = [law(), law({ words: "none" })];
    for (const slot of [3, 150, 320, 333]) assert.deepEqual(step(near, slot, 2000), step(none, slot, 2000));
    const moved = none.columnOf.filter((column, slot) => column !== slot).length;
    assert.ok(moved > 300);
    assert.deepEqual(
      [...none.columnOf].sort((a, b) => a - b),
      [...near.columnOf],
    );
    assert.deepEqual([...none.columnOf.slice(332)], [332, 333, 334]);
  });

  it("breaks from the year of the break on, not before", () => {
    const [old, broken] = [law(), law({ break: { year: 2008 } })];
    const hit = old.structure.groups.indexOf("Administrative support occupations");
    const clerk = old.structure.groupOf.indexOf(hit);
    for (const slot of [clerk, 0, 333]) {
      for (const year of [1985, 2007]) assert.deepEqual(step(broken, slot, year), step(old, slot, year));
      for (const year of [2008, 2020]) assert.notDeepEqual(step(broken, slot, year), step(old, slot, year));
    }
    assert.ok(step(broken, clerk, 2008)[clerk] < step(old, clerk, 2008)[clerk] - 0.1);
    const lives = (own: CareerLaw) => {
      const simulator = new Simulator(own);
      return Array.from({ length: 50 }, (_, i) => simulator.life(person, 1993, 2020, new Random("break", i)));
    };
    const until = (years: ReturnType<typeof lives>) =>
      years.map((life) => life.filter(({ year }) => year < 2008));
    assert.deepEqual(until(lives(old)), until(lives(broken)));
    assert.notDeepEqual(lives(old), lives(broken));
    assert.throws(
      () => law({ break: { year: 2008, attraction: { Clerks: 1 } } }),
      /the break names "Clerks"/,
    );
    assert.ok(Object.keys(structuralChange.attraction).length > 3);
  });

  it("reads words without their endings and the words of grammar", () => {
    assert.deepEqual(contentWords("Teachers who teach the teaching of classes"), [
      "teach",
      "teach",
      "teach",
      "clas",
    ]);
  });
});

describe("The law's calibration", () => {
  const own = law();
  const simulated = tabulate(own, simulateCohort(own, 4000, "test"));
  const real = readCsv(dataFile("law", "calibration.csv")).rows;

  // Largest gap between a share of the cohort and of lives simulated from the law, over cells of at least 1,000
  // person-years: a little more than data/law/README.md states.
  for (const [table, tolerance] of [
    ["kind by age and sex", 0.05],
    ["next kind by kind, age and sex", 0.05],
    ["stays, by age and sex", 0.05],
    ["stays, by tenure", 0.05],
    ["stays, by group", 0.06],
    ["leaves work, by ethnicity", 0.02],
    ["group by age", 0.03],
    ["group by sex and education", 0.06],
    ["title by sex", 0.012],
    ["schooling of the job by education", 0.05],
    ["group after a move", 0.06],
    ["returns to the last occupation", 0.04],
    ["education by age and sex", 0.08],
  ] as const) {
    it(`reproduces "${table}" of the real cohort within ${tolerance}`, () => {
      let cells = 0;
      for (const [name, given, outcome, share, n] of real) {
        if (name !== table || Number(n) < 1000) continue;
        const got = shareOf(simulated, table, given, outcome);
        cells++;
        assert.ok(Math.abs(got - Number(share)) < tolerance, `${given}, ${outcome}: ${got}, not ${share}`);
      }
      assert.ok(cells > 1);
    });
  }

  it("publishes no cell of fewer than 20 person-years", () => {
    for (const [table, given, outcome, share, n] of real) {
      assert.ok(Number(share) * (Number(n) + 5) >= 19.5, `${table}, ${given}, ${outcome}`);
    }
  });
});

function shareOf(tables: Tables, table: string, given: string, outcome: string): number {
  const entry = tables.get(table)?.get(given);
  return entry === undefined ? 0 : (entry.cells.get(outcome) ?? 0) / entry.n;
}

/** (332 x 332): similarity; 0 where they are no neighbours. */
function matrix({ from, to, similarity }: Neighbours): Float64Array {
  const near = new Float64Array(332 * 332);
  for (let o = 0; o < 332; o++) {
    for (let i = from[o]; i < from[o + 1]; i++) near[o * 332 + to[i]] = similarity[i];
  }
  return near;
}

/** For each pair of occupations how near the titles are that they bear, and the log pull from the one to the other beyond its own attraction. */
function pull(own: CareerLaw, near: Float64Array): [similarity: number[], pull: number[]] {
  const row = new Float64Array(own.occupations);
  const weights = own.attraction.weights(person, 2000, 2, new Float64Array(own.occupations));
  const found: [number[], number[]] = [[], []];
  for (let o = 0; o < own.occupations; o++) {
    const total = own.moves.row(o, weights, own.attraction.ofVocation[own.types[0].vocation], row);
    for (let to = 0; to < own.occupations; to++) {
      if (to === o) continue;
      found[0].push(near[own.columnOf[o] * 332 + own.columnOf[to]]);
      found[1].push(Math.log(row[to] / total / weights[to]));
    }
  }
  return found;
}

function correlation(x: readonly number[], y: readonly number[]): number {
  const mean = (v: readonly number[]) => v.reduce((a, b) => a + b, 0) / v.length;
  const [mx, my] = [mean(x), mean(y)];
  let [xy, xx, yy] = [0, 0, 0];
  x.forEach((xi, i) => {
    xy += (xi - mx) * (y[i] - my);
    xx += (xi - mx) ** 2;
    yy += (y[i] - my) ** 2;
  });
  return xy / Math.sqrt(xx * yy);
}
