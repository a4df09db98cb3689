import { strict as assert } from "node:assert";
import { splitByPerson } from "labor-llm/dist/careers/split";
import { splitYears, thinToSteps } from "labor-llm/dist/careers/split-years";
import { readNlsyYoungMen } from "labor-llm/dist/surveys/nlsy-young-men";

describe("A split by persons and years", () => {
  const panel = readNlsyYoungMen();
  const split = splitByPerson(panel, { seed: 1 });
  const yearsOf = (part: { careers: typeof panel.careers }) => [
    ...new Set(part.careers.flatMap(({ observations }) => observations.map(({ year }) => year))),
  ];

  it("trains on the years told of other persons, and knows the history of those it tests", () => {
    const years = { train: { to: 1983 }, test: { from: 1984, to: 1986 } };
    const { train, validation, test } = splitYears(split, years);
    assert.deepEqual(yearsOf(train), [1980, 1981, 1982, 1983]);
    assert.deepEqual(yearsOf(validation), [1980, 1981, 1982, 1983]);
    assert.deepEqual(yearsOf(test), [1980, 1981, 1982, 1983, 1984, 1985, 1986]);
    assert.deepEqual(
      train.careers.map(({ person }) => person),
      split.train.careers.map(({ person }) => person),
    );
    assert.deepEqual(splitYears(split, {}), split);
  });

  it("leaves out persons without such years, and says where the survey does not reach them", () => {
    const [first, ...rest] = split.test.careers;
    const early = { ...first, observations: first.observations.slice(0, 3) };
    const { test } = splitYears(
      { ...split, test: { ...split.test, careers: [early, ...rest] } },
      { test: { from: 1984 } },
    );
    assert.equal(test.careers.length, rest.length);
    assert.throws(
      () => splitYears(split, { train: { to: 2007 }, test: { from: 2008, to: 2011 } }),
      /nlsy-young-men: nobody is observed from 2008 to 2011; its years are 1980 to 1987/,
    );
    assert.throws(() => splitYears(split, { train: { to: 1979 } }), /nobody is observed up to 1979/);
  });

  it("thinned to steps, holds each pair of observations that far apart once and no other neighbours", () => {
    for (const step of [2, 3]) {
      const pairs = thinToSteps(panel, step).careers.flatMap(({ person, observations }) =>
        observations.slice(1).map(({ year }, i) => {
          assert.equal(year - observations[i].year, step);
          return `${person.split(" ")[0]} ${year}`;
        }),
      );
      const expected = panel.careers.flatMap(({ person, observations }) =>
        observations.slice(step).map(({ year }) => `${person} ${year}`),
      );
      assert.deepEqual(pairs.sort(), expected.sort());
    }
    assert.equal(thinToSteps(panel, 1), panel);
    assert.throws(() => thinToSteps(panel, 0), /steps of 0 years/);
  });
});
