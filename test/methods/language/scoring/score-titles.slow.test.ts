import { strict as assert } from "node:assert";
import * as tf from "@tensorflow/tfjs";
import { LanguageOccupationModel } from "labor-llm/dist/methods/language/scoring/language-model";
import { TitleTrie } from "labor-llm/dist/methods/language/scoring/title-trie";
import type { Decoder } from "labor-llm/dist/networks/decoder/decoder";
import type { LanguageModel } from "labor-llm/dist/networks/decoder/language-model";
import { packRows, toTensors } from "labor-llm/dist/networks/decoder/pack";
import { laborTitles } from "labor-llm/dist/occupations/occupations";
import { readNlsyYoungMen } from "labor-llm/dist/surveys/nlsy-young-men";
import { syntheticSurvey } from "labor-llm/dist/surveys/synthetic";
import { renderCareerSegments, type TemplateOptions } from "labor-llm/dist/text/template";
import { numericTitles, titleText } from "labor-llm/dist/text/titles";
import { expectClose } from "../../../support/close";
import { tinyLanguageModel } from "../../../support/tiny-language-model";

describe("Scoring of titles", () => {
  const panel = readNlsyYoungMen();
  let { decoder, tokenizer }: LanguageModel = {} as LanguageModel;
  let gemma: Decoder;
  before(() => {
    ({ decoder, tokenizer } = tinyLanguageModel(panel));
    // A window that the texts exceed, and that the titles' nodes cross.
    const local = { layers: [true, false], window: 20, ropeTheta: 1000 };
    gemma = tinyLanguageModel(panel, 400, { family: "gemma3", local, logitCap: 30 }).decoder;
  });
  // Careers of unlike length, so that rows of a batch are filled to unlike degrees.
  const careers = [3, 40, 77].map((i, n) => ({
    ...panel.careers[i],
    observations: panel.careers[i].observations.slice(0, 2 + 3 * n),
  }));

  /** One full forward pass: the text up to the title, then the title, each token given all before it. */
  function naive(before: string, title: string, model = decoder): number {
    const prefix = tokenizer.encode(before, { addBos: true });
    const whole = Int32Array.from(tokenizer.encode(before + title, { addBos: true }));
    assert.deepEqual(Array.from(whole.slice(0, prefix.length)), Array.from(prefix));
    return tf.tidy(() => {
      const { batch } = toTensors(packRows([whole], 1e9));
      const logits = model.logits(model.hidden(batch)).arraySync();
      let sum = 0;
      for (let i = prefix.length; i < whole.length; i++) {
        const row = logits[i - 1];
        const top = Math.max(...row);
        sum += row[whole[i]] - top - Math.log(row.reduce((total, logit) => total + Math.exp(logit - top), 0));
      }
      return sum;
    });
  }

  const templates: Record<string, TemplateOptions> = {
    literal: { surveyTag: panel.surveyTag },
    numeric: { wording: numericTitles(panel.titles), omit: ["education"] },
  };
  const cases: [string, TemplateOptions, () => Decoder][] = [
    ["literal titles", templates.literal, () => decoder],
    ["numeric titles", templates.numeric, () => decoder],
    ["with local and global layers", templates.literal, () => gemma],
  ];
  for (const [kind, template, decoderOf] of cases) {
    it(`gives every title what one full forward pass per title gives, within 1e-5: ${kind}`, async () => {
      const model = new LanguageOccupationModel("tiny", decoderOf(), tokenizer, panel.titles, template);
      const distribution = await model.predict(careers);
      let n = 0;
      for (const career of careers) {
        const { text, titleSpans } = renderCareerSegments(career, template);
        for (const { start } of titleSpans) {
          const expected = panel.titles.titles.map((title) =>
            naive(text.slice(0, start), titleText(title, template.wording), decoderOf()),
          );
          const row = distribution.logProbability.subarray(
            n * panel.titles.size,
            (n + 1) * panel.titles.size,
          );
          expectClose(row, expected, 1e-5, { relative: true });
          const mass = expected.reduce((sum, score) => sum + Math.exp(score), 0);
          expectClose([distribution.validMass[n]], [mass], 1e-5);
          n++;
        }
      }
      assert.equal(n, distribution.observed.length);
    });
  }

  it("does not depend on what is scored beside it, nor in which order", async () => {
    const model = new LanguageOccupationModel("tiny", decoder, tokenizer, panel.titles, templates.literal);
    const forward = await model.predict(careers);
    const [alone] = await Promise.all([model.predict([careers[2]])]);
    expectClose(alone.logProbability, forward.logProbability.slice(-alone.logProbability.length), 1e-5, {
      relative: true,
    });
    const backward = await model.predict([...careers].reverse());
    expectClose(backward.logProbability.slice(0, alone.logProbability.length), alone.logProbability, 1e-5, {
      relative: true,
    });
  });

  it("gives all 335 titles, whose trie is read in many branches, what one forward pass per title gives", async () => {
    const titles = laborTitles();
    const [career] = syntheticSurvey("nlsy97-like", { persons: 1 }).careers;
    const short = { ...career, observations: career.observations.slice(0, 3) };
    const model = new LanguageOccupationModel("tiny", decoder, tokenizer, titles, {});
    const { logProbability } = await model.predict([short]);
    const { text, titleSpans } = renderCareerSegments(short, {});
    for (const n of [0, 2]) {
      const expected = titles.titles.map((title) =>
        naive(text.slice(0, titleSpans[n].start), titleText(title)),
      );
      const row = logProbability.subarray(n * titles.size, (n + 1) * titles.size);
      expectClose(row, expected, 1e-5, { relative: true });
    }
  });

  it("splits a trie into branches that hold each edge once, with all that leads to it", () => {
    const titles = laborTitles().titles.map((title) => Array.from(tokenizer.encode(titleText(title))));
    const trie = new TitleTrie(titles);
    const branches = trie.branches(64);
    assert.ok(branches.length > 5);
    const nodes = branches.flatMap((branch) => branch.nodes);
    assert.deepEqual(
      nodes.sort((a, b) => a - b),
      trie.nodes.slice(1).map((_, i) => i + 1),
    );
    for (const { inner, nodes: ends } of branches) {
      const own = new Set([0, ...inner]);
      assert.ok(ends.every((node) => own.has(trie.nodes[node].parent)));
      assert.ok(inner.every((node) => own.has(trie.nodes[node].parent)));
      assert.ok(inner.length <= 64);
    }
  });

  it("opens each distinct prefix once, and lets no title end inside another", () => {
    const trie = new TitleTrie([
      [1, 2, 9],
      [1, 2, 3, 9],
      [4, 9],
    ]);
    assert.equal(trie.nodes.length, 8);
    assert.equal(trie.inner.length, 4);
    assert.deepEqual(
      trie.nodes.flatMap((node) => (node.titles.length > 0 ? [node.children.length] : [])),
      [0, 0, 0],
    );
  });
});
