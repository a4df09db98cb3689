import { strict as assert } from "node:assert";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Career, compareDistributions, type OccupationModel, Random, splitOf } from "labor-llm";
import { keepingParts } from "labor-llm/dist/experiments/cache/kept-parts";
import { predictTold } from "labor-llm/dist/experiments/told";
import { inContextModel } from "labor-llm/dist/methods/language/scoring/in-context";
import { LanguageOccupationModel } from "labor-llm/dist/methods/language/scoring/language-model";
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
    };
  };

  it("give, after a kill at each of them, what one call gives: all titles, titles that happened, and a short history", async () => {
    const { whole, prompted } = languageModels();
    const cases = [
      { model: whole, told: {}, options: {} },
      { model: whole, told: {}, options: { observedOnly: true } },
      { model: whole, told: { history: 2 }, options: {} },
      { model: prompted, told: {}, options: { observedOnly: true } },
    ];
    for (const [c, { model, told, options }] of cases.entries()) {
      const expected = await predictTold(model, careers, told, 1, options);
      const uninterrupted = await predictTold(
        keepingParts(model, join(folder, `${c}-once`), 0),
        careers,
        told,
        1,
        options,
      );
      const parts = join(folder, String(c));
      for (const killedAfter of [1, 0, 1]) {
        const killed = keepingParts(dying(model, killedAfter), parts, 0);
        await assert.rejects(predictTold(killed, careers, told, 1, options), /killed/);
      }
      const asked: Career[] = [];
      const counting = dying(model, -1);
      const watched = {
        ...counting,
        predict: (some: readonly Career[], ...rest: unknown[]) => {
          asked.push(...some);
          return counting.predict(some, ...(rest as []));
        },
      };
      const keeper = keepingParts(
        { ...watched, predict: (some, given) => watched.predict(some, given) },
        parts,
        0,
      );
      const resumed = await predictTold(keeper, careers, told, 1, options);
      assert.ok(asked.length < careers.length, "what was kept is not made again");
      assert.deepEqual(resumed, uninterrupted, "the same bits");
      const { logProbability: _, validMass: __, neglectedMass: ___, ...rows } = resumed;
      const { logProbability: _e, validMass: __e, neglectedMass: ___e, ...expectedRows } = expected;
      assert.deepEqual(rows, expectedRows);
      const known = (values: Float32Array) => values.map((v) => (Number.isNaN(v) ? 0 : v));
      const compared = (one: typeof resumed) => ({ ...one, logProbability: known(one.logProbability) });
      assert.ok(compareDistributions(compared(resumed), compared(expected)).largest < 1e-4);
      keeper.discard();
      assert.ok(!existsSync(parts));
    }
  });

  it("are not kept where they are quick, nor made of a model that is", async () => {
    const { whole } = languageModels();
    await keepingParts(whole, join(folder, "quick")).predict(careers);
    assert.ok(!existsSync(join(folder, "quick")));
    const calls: number[] = [];
    const plain: OccupationModel = {
      name: "plain",
      predict: (some, options) => {
        calls.push(some.length);
        return whole.predict(some, options);
      },
    };
    await keepingParts(plain, join(folder, "plain"), 0).predict(careers);
    assert.deepEqual(calls, [careers.length]);
  });

  it("are made anew, with a word, where one is damaged: the answers stay the same to the bit", async () => {
    const { whole } = languageModels();
    const expected = await keepingParts(whole, folder, 0).predict(careers);
    const files = readdirSync(folder).sort();
    const random = new Random("parts");
    for (let i = 0; i < 24; i++) {
      const file = files[i % files.length];
      if (i === 0) writeFileSync(join(folder, file), "cut");
      else flipBit(join(folder, file), random);
      const lines = await stderrOf(async () =>
        assert.deepEqual(await keepingParts(whole, folder, 0).predict(careers), expected),
      );
      // A bit of the header's padding means nothing.
      assert.ok(lines.length <= 1 && lines.every((line) => line.includes(file)), lines.join());
      if (lines.length === 1) assert.match(lines[0], /it is made anew$/);
      assert.deepEqual(await stderrOf(() => keepingParts(whole, folder, 0).predict(careers)), []);
    }
  });
});
