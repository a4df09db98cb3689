import assert from "node:assert/strict";
import { longestCareer, medianCareer } from "labor-llm/dist/careers/examples";
import { sharesByYear, transitionTable } from "labor-llm/dist/careers/tabulate";
import { TitleSet } from "labor-llm/dist/occupations/title-set";

const career = (person: string, ...observed: [number, string][]) => ({
  person,
  covariates: {},
  observations: observed.map(([year, title]) => ({ year, title })),
});

const panel = {
  name: "three persons",
  surveyTag: "test",
  titles: new TitleSet(["Cooks", "Bakers", "Nurses", "Never held"]),
  careers: [
    career("1", [2000, "Cooks"], [2001, "Cooks"], [2003, "Nurses"]),
    career("2", [2000, "Bakers"], [2001, "Cooks"]),
    career("3", [2001, "Nurses"]),
  ],
};

describe("a panel's tables", () => {
  it("hold each year's shares, in the order of the titles, without titles that no one held", () => {
    assert.deepEqual(sharesByYear(panel), {
      years: [2000, 2001, 2003],
      series: [
        { name: "Cooks", shares: [1 / 2, 2 / 3, 0] },
        { name: "Bakers", shares: [1 / 2, 0, 0] },
        { name: "Nurses", shares: [0, 1 / 3, 1] },
      ],
    });
  });

  it("count transitions between groups; a row without any has no shares", () => {
    const { groups, counts, shares } = transitionTable(panel, (title) =>
      title === "Nurses" ? "health" : "food",
    );
    assert.deepEqual(groups, ["food", "health"]);
    assert.deepEqual(counts, [
      [2, 1],
      [0, 0],
    ]);
    assert.deepEqual(shares, [
      [2 / 3, 1 / 3],
      [Number.NaN, Number.NaN],
    ]);
  });
});

describe("an example of a panel", () => {
  it("is its longest career, or one of the median length", () => {
    assert.equal(longestCareer(panel)?.person, "1");
    assert.equal(medianCareer(panel)?.person, "2");
    assert.equal(medianCareer({ ...panel, careers: [] }), undefined);
  });
});
