import { strict as assert } from "node:assert";
import type { Career } from "labor-llm";
import { LanguageOccupationModel } from "labor-llm/dist/methods/language/scoring/language-model";
import type { ScoringOptions } from "labor-llm/dist/methods/language/scoring/options";
import { TitleTrie } from "labor-llm/dist/methods/language/scoring/title-trie";
import { lastRows } from "labor-llm/dist/predictions/predict-last";
import { readNlsyYoungMen } from "labor-llm/dist/surveys/nlsy-young-men";
import { encodeTitles } from "labor-llm/dist/text/encode";
import { expectClose } from "../../../support/close";
import { tinyLanguageModel } from "../../../support/tiny-language-model";

describe("Careers that begin alike", () => {
  const panel = readNlsyYoungMen();
  const { decoder, tokenizer } = tinyLanguageModel(panel, 400, { contextLength: 1024 });
  // Narrower than others' tests have it: probabilities of titles that are not zero in 64 bits.
  for (const variable of decoder.parameters.values())
    if (variable.rank > 1) variable.assign(variable.mul(0.3));
  const on = (scoring: ScoringOptions) =>
    new LanguageOccupationModel(
      "tiny",
      decoder,
      tokenizer,
      panel.titles,
      { surveyTag: panel.surveyTag },
      scoring,
    );
  /** A career that goes on in several ways from a point, each asked for the year after. */
  const branches = (career: Career, known: number, ways: number, years: number): Career[] =>
    Array.from({ length: ways }, (_, way) => ({
      ...career,
      observations: career.observations.slice(0, known + years).map((one, i) => ({
        ...one,
        title:
          i < known
            ? one.title
            : panel.titles.titles[(way + (i === known ? 0 : way >> 3)) % panel.titles.size],
      })),
    }));
  const [a, b, c, d] = [3, 40, 77, 12].map((i) => panel.careers[i]);
  const careers = [
    ...branches(a, 9, 5, 3),
    ...branches(b, 7, 20, 2),
    ...branches(c, 10, 1, 2),
    ...branches(d, 8, 3, 3),
    ...branches(d, 9, 9, 2),
    // The same career twice: nothing may be taken from beyond the title that is asked for.
    ...branches(c, 10, 1, 2),
    ...branches(c, 10, 1, 2),
  ];

  const trie = new TitleTrie(encodeTitles(panel.titles, tokenizer, { surveyTag: panel.surveyTag }));
  for (const scoring of [{ mode: "exact" }, { mode: "bounded", neglect: 1e-60 }] as const) {
    it(`are asked for their last year as if each were read by itself, ${scoring.mode}, for a third of the tokens`, async () => {
      const model = on(scoring);
      const last = await model.predictLast(careers);
      const { positions, plainPositions } = model.cost!;
      for (const [i, career] of careers.entries()) {
        const alone = lastRows(await model.predict([career]));
        const row = last.logProbability.subarray(i * panel.titles.size, (i + 1) * panel.titles.size);
        expectClose(row, alone.logProbability, 1e-4);
        assert.equal(last.observed[i], alone.observed[0]);
      }
      const ofTitles = careers.length * trie.nodes.length;
      assert.ok(positions < plainPositions / 3 + ofTitles, `${positions} of ${plainPositions}`);
    });
  }
});
