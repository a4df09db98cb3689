import { strict as assert } from "node:assert";
import { type Career, readSurvey } from "labor-llm";
import { LanguageOccupationModel } from "labor-llm/dist/methods/language/scoring/language-model";
import { TitleSet } from "labor-llm/dist/occupations/title-set";
import { perturbations, perturbedTitles, perturbTitle } from "labor-llm/dist/text/perturbations";
import { numericTitles, shuffledTitles } from "labor-llm/dist/text/titles";
import { expectClose } from "../support/close";
import { tinyLanguageModel } from "../support/tiny-language-model";

describe("Titles in other words", () => {
  const young = readSurvey("nlsy-young-men");
  const { titles: all } = readSurvey("synthetic-psid");

  it("follow the listed rules", () => {
    const cases: Record<string, string[]> = {
      "Bank tellers": ["Bank counter clerks", "Bank tllrs.", "Bank telelrs", "BANK TELLERS", "Tellers, bank"],
      "Laborers and farmers": [
        "Unskilled workers and growers",
        "Labs. & farmers",
        "Labroers and farmers",
        "LABORERS AND FARMERS",
        "Farmers and laborers",
      ],
      Millwrights: ["Mill machinery fitters", "Millwrights", "Millrwights", "MILLWRIGHTS", "Millwrights"],
    };
    for (const [title, expected] of Object.entries(cases)) {
      assert.deepEqual(
        perturbations.map((kind) => perturbTitle(title, kind)),
        expected,
      );
    }
  });

  it("stay distinct in both sets, and nearly all are changed by each rule", () => {
    for (const titles of [young.titles, all]) {
      for (const kind of perturbations) {
        const wording = perturbedTitles(titles, kind);
        const changed = titles.titles.filter((title) => wording.of(title) !== title).length;
        assert.ok(changed / titles.size > 0.85, `${kind}: ${changed} of ${titles.size}`);
      }
    }
  });

  it("that are shuffled are all given out, none to its own occupation, the same for a seed; so are dealt codes", () => {
    for (const titles of [young.titles, all]) {
      const worded = (seed: number) => titles.titles.map((title) => shuffledTitles(titles, seed).of(title));
      assert.deepEqual([...worded(1)].sort(), [...titles.titles].sort());
      assert.ok(worded(1).every((word, j) => word !== titles.titles[j]));
      assert.deepEqual(worded(1), worded(1));
      assert.notDeepEqual(worded(1), worded(2));
      const codes = (deal?: number) => titles.titles.map((title) => numericTitles(titles, deal).of(title));
      assert.deepEqual([...codes(1)].sort(), [...codes()].sort());
      assert.notDeepEqual(codes(1), codes());
    }
  });

  for (const scoring of [{}, { mode: "bounded", neglect: 1e-2 }] as const) {
    it(`are read as the history alone: the answers are those of a text that says it so, ${JSON.stringify(scoring)}`, async () => {
      const { decoder, tokenizer } = tinyLanguageModel({ ...young, careers: young.careers.slice(0, 40) });
      const model = new LanguageOccupationModel("model", decoder, tokenizer, young.titles, {}, scoring);
      const kind = "abbreviation";
      const careers = young.careers.slice(0, 3);
      const found = await model.readingHistoryAs(perturbedTitles(young.titles, kind)).predict(careers);
      // Both wordings as titles of their own: the naive text has the one before, the other last.
      const both = new TitleSet([
        ...young.titles.titles,
        ...young.titles.titles.map((t) => perturbTitle(t, kind)),
      ]);
      const naive = new LanguageOccupationModel("naive", decoder, tokenizer, both, {});
      const expected: number[] = [];
      for (const career of careers) {
        for (let n = 0; n < career.observations.length; n++) {
          const observations: Career["observations"] = [
            ...career.observations
              .slice(0, n)
              .map((one) => ({ ...one, title: perturbTitle(one.title, kind) })),
            career.observations[n],
          ];
          const { observedLogProbability } = await naive.score([{ ...career, observations }]);
          expected.push(observedLogProbability.at(-1)!);
        }
      }
      const J = young.titles.size;
      expectClose(
        Array.from(found.observed, (title, n) => found.logProbability[n * J + title]),
        expected,
        1e-4,
      );
      const plain = await model.readingHistoryAs(perturbedTitles(young.titles, "case")).score(careers);
      assert.equal(plain.observedLogProbability.length, expected.length);
    });
  }
});
