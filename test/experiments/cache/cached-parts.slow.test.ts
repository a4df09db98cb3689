import { strict as assert } from "node:assert";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type OccupationModel, Random, splitOf } from "labor-llm";
import { cachingParts } from "labor-llm/dist/experiments/cache/cached-parts";
import { predictGiven, scoreGiven } from "labor-llm/dist/experiments/conditioning";
import { inContextModel } from "labor-llm/dist/methods/language/scoring/in-context";
import { LanguageOccupationModel } from "labor-llm/dist/methods/language/scoring/language-model";
import { expectClose } from "../../support/close";
import { flipBit } from "../../support/flip-bit";
import { stderrOf } from "../../support/stderr";
import { tinyLanguageModel } from "../../support/tiny-language-model";

describe("Parts of a long prediction", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "labor-llm-parts-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const split = splitOf({
    survey: "nlsy-young-men",
    persons: { train: 20, validation: 5, test: 21 },
    seed: 1,
  });
  const { titles, surveyTag } = split.train;
  // Careers of several lengths, so that parts are not in the order of the careers.
  const careers = split.test.careers.map((career, i) => ({
    ...career,
    observations: career.observations.slice(0, 1 + ((5 * i) % career.observations.length)),
  }));
  const languageModels = () => {
    const language = tinyLanguageModel(split.train);
    const template = { surveyTag };
    const scoring = { mode: "bounded", neglect: 0.01 } as const;
    return {
      whole: new LanguageOccupationModel(
        "tiny",
        language.decoder,
        language.tokenizer,
        titles,
        template,
        scoring,
      ),
      prompted: inContextModel(language, split.train, { k: 1 }),
    };
  };
  /** A model that is killed after so many parts. */
  const dying = (model: OccupationModel, parts: number): OccupationModel => {
    let left = parts;
    const unless = <T>(work: () => Promise<T>) => {
      if (left-- === 0) throw new Error("killed");
      return work();
    };
    return {
      name: model.name,
      careersAtOnce: model.careersAtOnce,
      predict: (...asked) => unless(() => model.predict(...asked)),
      predictLast: model.predictLast && ((...asked) => unless(() => model.predictLast!(...asked))),
      score: model.score && ((...asked) => unless(() => model.score!(...asked))),
    };
  };

  it("give, after a kill at each of them, what one call gives: full distributions, observed titles only, and a short history", async () => {
    const { whole, prompted } = languageModels();
    const cases = [
      { model: whole, told: {}, ask: predictGiven },
      { model: whole, told: {}, ask: scoreGiven },
      { model: whole, told: { history: 2 }, ask: predictGiven },
      { model: whole, told: { history: 2 }, ask: scoreGiven },
      { model: prompted, told: {}, ask: scoreGiven },
    ];
    for (const [c, { model, told, ask }] of cases.entries()) {
      const expected = await ask(model, careers, told, 1);
      let read = 0;
      const counting: OccupationModel = {
        ...dying(model, -1),
        predict: (some, options) => {
          read += some.length;
          return model.predict(some, options);
        },
        score: (some, options) => {
          read += some.length;
          return model.score!(some, options);
        },
      };
      const once = join(folder, `${c}-once`);
      const uninterrupted = await ask(cachingParts(counting, once, 0), careers, told, 1);
      const parts = join(folder, String(c));
      for (const killedAfter of [1, 0, 1]) {
        const killed = cachingParts(dying(model, killedAfter), parts, 0);
        await assert.rejects(ask(killed, careers, told, 1), /killed/);
      }
      const all = read;
      const keeper = cachingParts(counting, parts, 0);
      const resumed = await ask(keeper, careers, told, 1);
      assert.ok(read - all < all, "what was kept is not made again");
      assert.deepEqual(resumed, uninterrupted, "the same bits");
      assert.deepEqual(Object.keys(resumed).sort(), Object.keys(expected).sort());
      const columns = (answers: object) => answers as Readonly<Record<string, Int32Array>>;
      for (const name of ["observed", "person", "year", "previous"])
        assert.deepEqual(columns(resumed)[name], columns(expected)[name]);
      const answer = "logProbability" in resumed ? "logProbability" : "observedLogProbability";
      expectClose(columns(resumed)[answer], columns(expected)[answer], 1e-4);
      keeper.discard();
      assert.ok(!existsSync(parts));
    }
  });

  it("are not kept where they are quick, nor made of a model that is", async () => {
    const { whole } = languageModels();
    await cachingParts(whole, join(folder, "quick")).predict(careers);
    assert.ok(!existsSync(join(folder, "quick")));
    const calls: number[] = [];
    const plain: OccupationModel = {
      name: "plain",
      predict: (some, options) => {
        calls.push(some.length);
        return whole.predict(some, options);
      },
    };
    await cachingParts(plain, join(folder, "plain"), 0).predict(careers);
    assert.deepEqual(calls, [careers.length]);
  });

  it("are computed again, with a word, where one is damaged: the answers stay the same to the bit", async () => {
    const { whole } = languageModels();
    const expected = await cachingParts(whole, folder, 0).predict(careers);
    const files = readdirSync(folder).sort();
    const random = new Random("parts");
    for (let i = 0; i < 24; i++) {
      const file = files[i % files.length];
      if (i === 0) writeFileSync(join(folder, file), "cut");
      else flipBit(join(folder, file), random);
      const lines = await stderrOf(async () =>
        assert.deepEqual(await cachingParts(whole, folder, 0).predict(careers), expected),
      );
      // A bit of the header's padding means nothing.
      assert.ok(lines.length <= 1 && lines.every((line) => line.includes(file)), lines.join());
      if (lines.length === 1) assert.match(lines[0], /it is computed again$/);
      assert.deepEqual(await stderrOf(() => cachingParts(whole, folder, 0).predict(careers)), []);
    }
  });
});
