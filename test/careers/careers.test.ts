import { strict as assert } from "node:assert";
import type { Career } from "labor-llm/dist/careers/career";
import { describePanel } from "labor-llm/dist/careers/describe";
import type { CareerPanel } from "labor-llm/dist/careers/panel";
import { splitByPerson } from "labor-llm/dist/careers/split";
import { validateCareer } from "labor-llm/dist/careers/validate";
import { UserError } from "labor-llm/dist/errors";
import { TitleSet } from "labor-llm/dist/occupations/title-set";

const titles = new TitleSet(["Bakers", "Cooks", "Tailors"]);

function career(person: string, ...held: [number, string][]): Career {
  return { person, covariates: {}, observations: held.map(([year, title]) => ({ year, title })) };
}

function panelOf(careers: Career[]): CareerPanel {
  return { name: "test", surveyTag: "TEST", titles, careers };
}

describe("validateCareer", () => {
  it("names the person, the year and what is wrong", () => {
    const good = career("7", [1984, "Cooks"], [1986, "Cooks"]);
    validateCareer(good, titles);
    const cases: [Career, string][] = [
      [career(""), "person is empty"],
      [career("7"), "person 7: no observations"],
      [career("7", [1984, "Cooks"], [1984, "Bakers"]), "person 7, year 1984: the year follows 1984"],
      [career("7", [1985, "Cooks"], [1984, "Cooks"]), "person 7, year 1984: the year follows 1985"],
      [career("7", [1984.5, "Cooks"]), "person 7, year 1984.5: year 1984.5 is not a year of four digits"],
      [career("7", [84, "Cooks"]), "person 7, year 84: year 84 is not a year of four digits"],
      [career("7", [1984, "Cook"]), 'person 7, year 1984: "Cook" is none of the 3 titles'],
      [career("7", [1984, "Co\noks"]), 'person 7, year 1984: title "Co\\noks" has a line break'],
      [career("7", [1984, "Cooks "]), 'person 7, year 1984: title "Cooks " starts or ends with a space'],
      [career("7", [1984, "Co\ud83doks"]), "person 7, year 1984: title"],
      [{ ...good, covariates: { region: "" } }, "person 7: region is empty"],
      [{ ...good, covariates: { gender: "F" } }, 'person 7: gender "F" is none of female, male, nonbinary'],
      [{ ...good, covariates: { birthYear: 61 } }, "person 7: birthYear 61 is not a year of four digits"],
    ];
    for (const [bad, message] of cases) {
      assert.throws(
        () => validateCareer(bad, titles),
        (error) => error instanceof UserError && error.message.includes(message),
        message,
      );
    }
  });
});

describe("splitByPerson", () => {
  const persons = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) => career(`p${from + i}`, [1984, "Cooks"]));
  const parts = ["train", "validation", "test"] as const;
  const placesOf = (careers: Career[], seed: number) => {
    const split = splitByPerson(panelOf(careers), { seed });
    return new Map(parts.flatMap((part) => split[part].careers.map((one) => [one.person, part] as const)));
  };

  it("puts every person in one part", () => {
    const all = persons(0, 1000);
    const split = splitByPerson(panelOf(all), { seed: 1 });
    const placed = parts.flatMap((part) => split[part].careers.map(({ person }) => person));
    assert.deepEqual(placed.sort(), all.map(({ person }) => person).sort());
  });

  it("moves nobody when persons are added, removed or re-ordered", () => {
    const before = placesOf(persons(0, 500), 1);
    const after = placesOf(persons(100, 2000).reverse(), 1);
    for (let i = 100; i < 500; i++) assert.equal(after.get(`p${i}`), before.get(`p${i}`));
  });

  it("meets the shares within four standard errors, and differs by seed", () => {
    const n = 20_000;
    const split = splitByPerson(panelOf(persons(0, n)), { seed: 3 });
    for (const [part, share] of [
      ["train", 0.7],
      ["validation", 0.1],
      ["test", 0.2],
    ] as const) {
      const error = Math.abs(split[part].careers.length / n - share);
      assert.ok(error < 4 * Math.sqrt((share * (1 - share)) / n), `${part}: off by ${error}`);
    }
    assert.notDeepEqual(placesOf(persons(0, 100), 1), placesOf(persons(0, 100), 2));
  });

  it("refuses shares that are not shares of one", () => {
    for (const shares of [
      { train: 0.7, validation: 0.1, test: 0.1 },
      { train: 1.1, validation: -0.2, test: 0.1 },
      { train: Number.NaN, validation: 0.5, test: 0.5 },
    ]) {
      assert.throws(() => splitByPerson(panelOf([]), { seed: 1, shares }), UserError);
    }
  });
});

describe("describePanel", () => {
  it("counts what a small panel can be counted by hand to hold", () => {
    const a = career("a", [1984, "Cooks"], [1985, "Cooks"], [1987, "Bakers"]);
    a.covariates = { gender: "female", birthYear: 1961 };
    a.observations[0].education = "college";
    const b = career("b", [1983, "Cooks"]);
    assert.deepEqual(describePanel(panelOf([a, b])), {
      name: "test",
      surveyTag: "TEST",
      persons: 2,
      personYears: 4,
      titles: 3,
      titlesObserved: 2,
      years: [1983, 1987],
      birthYears: [1961, 1961],
      meanLength: 2,
      transitions: { first: 0.5, move: 0.25, stay: 0.25 },
      stayRate: 0.5,
      titleShares: [
        { value: "Cooks", share: 0.75 },
        { value: "Bakers", share: 0.25 },
      ],
      specialStates: [],
      specialStateShare: 0,
      education: [
        { value: null, share: 0.75 },
        { value: "college", share: 0.25 },
      ],
      gender: [
        { value: null, share: 0.5 },
        { value: "female", share: 0.5 },
      ],
      ethnicity: [{ value: null, share: 1 }],
      region: [{ value: null, share: 1 }],
    });
  });
});
