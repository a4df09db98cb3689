import { strict as assert } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CareerPanel } from "labor-llm/dist/careers/panel";
import { applySplit, publishSplit, readSplit } from "labor-llm/dist/careers/published-split";
import { splitByPerson } from "labor-llm/dist/careers/split";
import { dataFile } from "labor-llm/dist/files/data-folder";
import { TitleSet } from "labor-llm/dist/occupations/title-set";
import { readNlsyYoungMen } from "labor-llm/dist/surveys/nlsy-young-men";
import { withScratchFolder } from "../support/scratch";

const panelOf = (persons: string[]): CareerPanel => ({
  name: "made-up",
  surveyTag: "MADE-UP",
  titles: new TitleSet(["Cooks"]),
  careers: persons.map((person) => ({
    person,
    covariates: {},
    observations: [{ year: 1990, title: "Cooks" }],
  })),
});
const persons = Array.from({ length: 300 }, (_, i) => `p${i}`);
const panel = panelOf(persons);

describe("a published split", () => {
  it("gives every reader the parts that it was made of, in whatever order its persons come", () => {
    withScratchFolder((folder) => {
      const { path, split } = publishSplit(panel, { seed: 3, folder: join(folder, "splits") });
      assert.equal(path, join(folder, "splits", "made-up-3.json"));
      assert.deepEqual(split, splitByPerson(panel, { seed: 3 }));
      assert.deepEqual(applySplit(panel, path), split);
      const reversed = applySplit(panelOf(persons.toReversed()), path);
      assert.deepEqual(reversed.test.careers.toReversed(), split.test.careers);
    });
  });

  it("names its persons by the digest that sha256sum gives, and may leave their list out", () => {
    withScratchFolder((folder) => {
      const some = publishSplit(panelOf(["b", "a"]), {
        seed: 1,
        shares: { train: 1, validation: 0, test: 0 },
        folder,
        ids: false,
      });
      // printf 'a\nb\n' | sha256sum; printf '' | sha256sum
      const ab = "911169ddaaf146aff539f58c26c489af3b892dff0fe283c1c264c65ae5aa59a2";
      const none = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
      assert.deepEqual(some.published.parts, {
        train: { persons: 2, sha256: ab },
        validation: { persons: 0, sha256: none },
        test: { persons: 0, sha256: none },
      });
      const { path, split } = publishSplit(panel, { seed: 5, folder, ids: false });
      assert.ok(!readFileSync(path, "utf8").includes("p17"));
      assert.deepEqual(applySplit(panel, path), split);
      assert.throws(() => applySplit(panelOf(persons.slice(1)), path), {
        name: "UserError",
        message: /persons are not the \d+ of the panel/,
      });
    });
  });

  it("of the young men is as committed", () => {
    const young = readNlsyYoungMen();
    const split = applySplit(young, dataFile("splits", "nlsy-young-men-1.json"));
    assert.deepEqual(split, splitByPerson(young, { seed: 1 }));
  });

  it("of other persons, or one that was changed, is refused", () => {
    withScratchFolder((folder) => {
      writeFileSync(join(folder, "mine.json"), '{ "mine": true }');
      assert.throws(() => publishSplit(panel, { seed: 3, folder, name: "mine" }), {
        name: "UserError",
        message: /mine\.json: a file is there that labor-llm did not write/,
      });
      publishSplit(panel, { seed: 3, folder, name: "mine", force: true });
      publishSplit(panel, { seed: 4, folder, name: "mine" });
      const { path } = publishSplit(panel, { seed: 3, folder });
      const refused = (some: string[], message: RegExp) =>
        assert.throws(() => applySplit(panelOf(some), path), { name: "UserError", message });
      refused(persons.slice(1), /person p0 of the split is not in the panel/);
      refused([...persons, "x"], /person x of the panel is not in the split/);
      const text = readFileSync(path, "utf8");
      writeFileSync(path, text.replace('"p17"', '"p17b"'));
      refused(persons, /persons do not have their digest/);
      for (const broken of ["{}", "[]", "{", text.replace('"seed": 3', '"seed": "3"')]) {
        writeFileSync(path, broken);
        assert.throws(() => readSplit(path), { name: "UserError" });
      }
    });
  });
});
