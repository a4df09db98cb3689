import assert from "node:assert/strict";
import { dataFile } from "labor-llm/dist/files/data-folder";
import { LanguageOccupationModel } from "labor-llm/dist/methods/language/scoring/language-model";
import { Decoder } from "labor-llm/dist/networks/decoder/decoder";
import { type LanguageModel, readLanguageModel } from "labor-llm/dist/networks/decoder/language-model";
import { readNlsyYoungMen } from "labor-llm/dist/surveys/nlsy-young-men";
import { encodeCareer } from "labor-llm/dist/text/encode";
import { Tokenizer } from "labor-llm/dist/text/tokenizer";
import { careerWindows } from "labor-llm/dist/text/windows";
import { expectClose } from "../support/close";

describe("a career longer than the model's context", () => {
  const panel = readNlsyYoungMen();
  const template = { surveyTag: panel.surveyTag };
  const career = panel.careers[5];
  const tokenizer = Tokenizer.fromFolder(dataFile("base-model"));
  let model: LanguageModel;
  before(() => {
    model = readLanguageModel(dataFile("base-model"));
  });
  after(() => model.decoder.dispose());
  const length = (context: number) => careerWindows(career, tokenizer, template, context);

  it("is one window where it fits, else several that fit and hold each observation as a fresh one once", () => {
    const whole = encodeCareer(career, tokenizer, template);
    assert.deepEqual(length(whole.ids.length), [{ encoded: whole, from: 0, fresh: 0 }]);
    for (let context = whole.ids.length - 1; context > 110; context -= 7) {
      const windows = length(context);
      assert.ok(windows.length > 1);
      let next = 0;
      for (const { encoded, from, fresh } of windows) {
        assert.ok(encoded.ids.length <= context);
        assert.equal(fresh, next);
        assert.ok(from <= fresh);
        next = from + encoded.titles.length;
        // The titles' tokens are those of the whole text.
        encoded.titles.forEach(({ start, end }, n) => {
          const own = whole.titles[from + n];
          assert.deepEqual(encoded.ids.slice(start, end), whole.ids.slice(own.start, own.end));
        });
      }
      assert.equal(next, career.observations.length);
    }
    const [, second] = length(whole.ids.length - 1);
    assert.ok(second.from < second.fresh, "a later window begins with history");
  });

  it("is scored as its windows are, each year once", async () => {
    const context = 130;
    const short = new Decoder({ ...model.decoder.config, contextLength: context }, model.decoder.parameters);
    const scorer = (decoder: Decoder) =>
      new LanguageOccupationModel("base", decoder, tokenizer, panel.titles, template);
    const cut = await scorer(short).predict([career]);
    const J = panel.titles.size;
    for (const { from, fresh, encoded } of length(context)) {
      const to = from + encoded.titles.length;
      const stretch = { ...career, observations: career.observations.slice(from, to) };
      const direct = await scorer(model.decoder).predict([stretch]);
      expectClose(
        cut.logProbability.subarray(fresh * J, to * J),
        direct.logProbability.subarray((fresh - from) * J, (to - from) * J),
        1e-5,
      );
      expectClose(
        cut.validMass.subarray(fresh, to),
        direct.validMass.subarray(fresh - from, to - from),
        1e-5,
      );
    }
    assert.equal(cut.observed.length, career.observations.length);
  });

  it("is refused where not one line fits, by person and year", () => {
    assert.throws(() => length(60), { name: "UserError", message: /person \d+, year \d+: the line takes/ });
  });
});
