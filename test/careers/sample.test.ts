import assert from "node:assert/strict";
import type { CareerPanel } from "labor-llm/dist/careers/panel";
import { limitSplit, samplePersons } from "labor-llm/dist/careers/sample";
import { splitByPerson } from "labor-llm/dist/careers/split";
import { readNlsyYoungMen } from "labor-llm/dist/surveys/nlsy-young-men";

describe("a sample of persons", () => {
  const panel = readNlsyYoungMen();
  const persons = ({ careers }: CareerPanel) => careers.map(({ person }) => person);

  it("has the number asked for, lies in every larger sample of its seed, and differs by seed", () => {
    const small = samplePersons(panel, 50, 1);
    const large = samplePersons(panel, 200, 1);
    assert.equal(small.careers.length, 50);
    const inLarge = new Set(persons(large));
    assert.ok(persons(small).every((person) => inLarge.has(person)));
    assert.notDeepEqual(persons(small), persons(samplePersons(panel, 50, 2)));
    assert.equal(samplePersons(panel, 545, 1), panel);
  });

  it("moves nobody's rank when persons are added", () => {
    const without = { ...panel, careers: panel.careers.slice(100) };
    const before = persons(samplePersons(without, 50, 1));
    const after = persons(samplePersons(panel, 545 - 1, 1));
    const ranked = persons(samplePersons(panel, 300, 1)).filter((person) =>
      persons(without).includes(person),
    );
    assert.ok(after.length === 544 && before.every((person) => ranked.includes(person)));
  });

  it("limits the parts of a split that are named, and is drawn for whole numbers only", () => {
    const split = splitByPerson(panel, { seed: 1 });
    const limited = limitSplit(split, { train: 100, test: 10_000 }, 1);
    assert.equal(limited.train.careers.length, 100);
    assert.equal(limited.validation, split.validation);
    assert.equal(limited.test, split.test);
    for (const n of [0, 1.5, Number.NaN])
      assert.throws(() => samplePersons(panel, n, 1), { name: "UserError" });
  });
});
