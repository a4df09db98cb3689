import { strict as assert } from "node:assert";
import type { Career, TitleDistribution } from "labor-llm";
import { LanguageOccupationModel } from "labor-llm/dist/methods/language/scoring/language-model";
import type { ScoringCost, ScoringOptions } from "labor-llm/dist/methods/language/scoring/options";
import { TitleTrie } from "labor-llm/dist/methods/language/scoring/title-trie";
import { Decoder } from "labor-llm/dist/networks/decoder/decoder";
import type { LanguageModel } from "labor-llm/dist/networks/decoder/language-model";
import { laborTitles } from "labor-llm/dist/occupations/occupations";
import { syntheticSurvey } from "labor-llm/dist/surveys/synthetic";
import { encodeCareer, encodeTitles } from "labor-llm/dist/text/encode";
import { expectClose } from "../../../support/close";
import { tinyLanguageModel } from "../../../support/tiny-language-model";

describe("Bounded scoring", () => {
  const panel = syntheticSurvey("nlsy97-like", { persons: 3 });
  const titles = laborTitles();
  const template = { surveyTag: panel.surveyTag };
  const careers: Career[] = panel.careers.map((career, i) => ({
    ...career,
    observations: career.observations.slice(0, 1 + i),
  }));
  const J = titles.size;
  const models: Record<string, LanguageModel> = {};
  const exact: Record<string, TitleDistribution> = {};
  const cost: Record<string, ScoringCost> = {};
  const scorer = (family: string, scoring: ScoringOptions = {}, decoder = models[family].decoder) =>
    new LanguageOccupationModel(family, decoder, models[family].tokenizer, titles, template, scoring);
  before(async function () {
    this.timeout(60_000);
    models.llama = tinyLanguageModel(panel);
    const local = { layers: [false, true], window: 16, ropeTheta: 1000 };
    models.gemma3 = tinyLanguageModel(panel, 400, { family: "gemma3", local });
    for (const family of ["llama", "gemma3"]) {
      const model = scorer(family);
      exact[family] = await model.predict(careers);
      cost[family] = model.cost!;
    }
  });

  for (const family of ["llama", "gemma3"]) {
    for (const scoring of [{ neglect: 1e-4 }, { neglect: 0.05 }, { epsilon: 1e-3 }]) {
      it(`is off by at most the mass it tells, exact where observed, and cheaper: ${family}, ${JSON.stringify(scoring)}`, async () => {
        const model = scorer(family, { mode: "bounded", ...scoring });
        const bounded = await model.predict(careers);
        const truth = exact[family];
        const neglected = bounded.neglectedMass!;
        let differing = 0;
        for (let n = 0; n < neglected.length; n++) {
          const row = (d: TitleDistribution) => d.logProbability.subarray(n * J, (n + 1) * J);
          const gaps = Array.from(row(bounded), (logP, j) => Math.exp(logP) - Math.exp(row(truth)[j]));
          // The worst set of titles is that of all that are too high, or of all that are too low.
          const above = gaps.reduce((sum, gap) => sum + Math.max(gap, 0), 0);
          const below = gaps.reduce((sum, gap) => sum + Math.max(-gap, 0), 0);
          assert.ok(Math.max(above, below) <= neglected[n] + 1e-6, `${above}, ${below} > ${neglected[n]}`);
          if (scoring.neglect !== undefined) assert.ok(neglected[n] <= scoring.neglect);
          expectClose([row(bounded)[truth.observed[n]]], [row(truth)[truth.observed[n]]], 1e-5, {
            relative: true,
          });
          const mass = row(bounded).reduce((sum, logP) => sum + Math.exp(logP), 0);
          expectClose([bounded.validMass[n]], [mass], 1e-5);
          if (above > 1e-9) differing++;
        }
        assert.ok(differing > 0, "something was left unopened");
        assert.ok(model.cost!.positions < cost[family].positions);
        assert.ok(model.cost!.positions < model.cost!.naivePositions / 100);
      });
    }
  }

  it("opens all where nothing may be left, and then equals exact scoring", async () => {
    const model = scorer("llama", { mode: "bounded", epsilon: 1e-300 });
    const bounded = await model.predict(careers);
    expectClose(bounded.logProbability, exact.llama.logProbability, 1e-5, { relative: true });
    assert.ok(bounded.neglectedMass!.every((mass) => mass === 0));
    // Each node that the career does not hold is one position.
    const { tokenizer } = models.llama;
    const trie = new TitleTrie(encodeTitles(titles, tokenizer, template));
    let expected = 0;
    for (const career of careers) {
      const encoded = encodeCareer(career, tokenizer, template).titles;
      expected += encoded.at(-1)!.end - 1;
      for (const { start, end } of encoded) expected += trie.inner.length - (end - start - 1);
    }
    assert.equal(model.cost!.positions, expected);
  });

  it("does not depend on what is scored beside it", async () => {
    const model = scorer("llama", { mode: "bounded", neglect: 0.01 });
    const together = await model.predict(careers);
    const alone = await model.predict([careers[2]]);
    const from = together.observed.length - alone.observed.length;
    expectClose(alone.logProbability, together.logProbability.subarray(from * J), 1e-5, { relative: true });
    expectClose(alone.neglectedMass!, together.neglectedMass!.subarray(from), 1e-6);
  });

  it("needs one pass for the observed titles alone, which equal the full scoring", async () => {
    for (const family of ["llama", "gemma3"]) {
      const { observed, logProbability } = exact[family];
      const expected = Array.from(observed, (title, n) => logProbability[n * J + title]);
      const { observedLogProbability: alone } = await scorer(family).score(careers);
      expectClose(alone, expected, 1e-5, { relative: true });
    }
    // And where a career is read in several windows.
    const { config, parameters } = models.llama.decoder;
    const long = [{ ...panel.careers[0], observations: panel.careers[0].observations.slice(0, 12) }];
    const short = new Decoder({ ...config, contextLength: 260 }, parameters);
    const windowed = scorer("llama", { mode: "bounded", neglect: 0.5 }, short);
    const full = await windowed.predict(long);
    const { observedLogProbability: alone } = await windowed.score(long);
    expectClose(
      alone,
      Array.from(full.observed, (title, n) => full.logProbability[n * J + title]),
      1e-5,
      { relative: true },
    );
    assert.ok(encodeCareer(long[0], models.llama.tokenizer, template).ids.length > 260);
  });

  it("refuses options that are none", () => {
    for (const [scoring, message] of [
      [{ mode: "bounded", neglect: 1.5 }, /neglect is 1.5/],
      [{ mode: "bounded", epsilon: Number.NaN }, /epsilon is NaN/],
      [{ neglect: 1e-4 }, /exact scoring leaves nothing/],
      [{ mode: "bounded", neglect: 0.1, epsilon: 0.1 }, /both given/],
      [{ mode: "fast" as "exact" }, /"fast" is unknown/],
    ] as [ScoringOptions, RegExp][]) {
      assert.throws(() => scorer("llama", scoring), { name: "UserError", message });
    }
  });
});
