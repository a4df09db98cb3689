import { strict as assert } from "node:assert";
import { observedScores, type PersonYearRows, selectRows } from "labor-llm/dist/predictions";
import { copyAnswers, roomFor } from "labor-llm/dist/predictions/answers";
import { dependentModels } from "../metrics/distributions";

/** A career with so many years for each person of some rows. */
const careersOf = ({ titles, person, year }: PersonYearRows) =>
  [...new Set(person)].map((one) => ({
    ...{ person: `${one}`, covariates: {} },
    observations: [...person.keys()]
      .filter((n) => person[n] === one)
      .map((n) => ({ year: year[n], title: titles.titles[0] })),
  }));

describe("A model's answers", () => {
  const { a } = dependentModels(6, 2);
  const full = { ...a, neglectedMass: Float32Array.from(a.person, (_, n) => n / 1000) };
  const weighted = { ...observedScores(a), weight: Float64Array.from(a.person, (_, n) => n) };

  it("keep every column of the rows that are wanted, of distributions and of scores", () => {
    const wanted = (n: number) => n % 3 === 1;
    const rows = [...a.person.keys()].filter(wanted);
    const some = selectRows(full, wanted);
    assert.deepEqual(Object.keys(some).sort(), Object.keys(full).sort());
    assert.equal(some.titles, full.titles);
    assert.deepEqual(
      [...some.logProbability],
      rows.flatMap((n) => [...full.logProbability.slice(2 * n, 2 * n + 2)]),
    );
    for (const name of ["neglectedMass", "validMass", "observed", "person", "year", "previous"] as const)
      assert.deepEqual(
        [...some[name]],
        rows.map((n) => full[name][n]),
        name,
      );
    const scores = selectRows(weighted, wanted);
    for (const name of ["observedLogProbability", "weight", "person"] as const)
      assert.deepEqual(
        [...scores[name]],
        rows.map((n) => weighted[name][n]),
        name,
      );
    assert.equal(selectRows(full, () => false).logProbability.length, 0);
  });

  it("go row by row into room for other careers, whose own rows stay", () => {
    const careers = careersOf(a).reverse();
    for (const answers of [full, weighted]) {
      const room = roomFor(careers, answers);
      const { observed, year } = room;
      const last = observed.length - 1;
      for (let n = 0; n <= last; n++) copyAnswers(answers, last - n, room, n);
      const back = roomFor(careers, answers);
      for (let n = 0; n <= last; n++) copyAnswers(room, last - n, back, n);
      for (const name of ["logProbability", "neglectedMass", "observedLogProbability"] as const) {
        const column = (one: object) => (one as Record<string, ArrayLike<number> | undefined>)[name];
        assert.deepEqual(column(back), column(answers), name);
      }
      assert.deepEqual([room.observed, room.year], [observed, year]);
      assert.equal("weight" in room, false);
    }
  });
});
