import { strict as assert } from "node:assert";
import * as tf from "@tensorflow/tfjs";
import { disposePrefix, readPrefix } from "labor-llm/dist/methods/language/scoring/career-pass";
import { LanguageOccupationModel } from "labor-llm/dist/methods/language/scoring/language-model";
import { scoreTitles } from "labor-llm/dist/methods/language/scoring/score-titles";
import { TitleTrie } from "labor-llm/dist/methods/language/scoring/title-trie";
import { tokenLogProbabilities } from "labor-llm/dist/methods/language/scoring/token-probabilities";
import { Decoder } from "labor-llm/dist/networks/decoder/decoder";
import type { LanguageModel } from "labor-llm/dist/networks/decoder/language-model";
import { TitleSet } from "labor-llm/dist/occupations/title-set";
import { readNlsyYoungMen } from "labor-llm/dist/surveys/nlsy-young-men";
import { encodeCareer, encodeTitles } from "labor-llm/dist/text/encode";
import { Tokenizer } from "labor-llm/dist/text/tokenizer";
import { expectClose } from "../../../support/close";
import { tinyLanguageModel, tinyTokenizer } from "../../../support/tiny-language-model";

describe("Probabilities of tokens", () => {
  const panel = readNlsyYoungMen();
  const template = { surveyTag: panel.surveyTag };
  let { decoder, tokenizer }: LanguageModel = {} as LanguageModel;
  before(() => {
    ({ decoder, tokenizer } = tinyLanguageModel(panel));
  });

  it("are those of the whole softmax, however few logits are in memory", () => {
    const [N, V, D] = [7, decoder.config.vocabularySize, decoder.config.width];
    const hidden = tf.randomNormal<tf.Rank.R2>([N, D], 0, 1, "float32", 3);
    const expected = tf.tidy(() => tf.logSoftmax(decoder.logits(hidden)).dataSync()); // (N·V)
    // Of some states every token is asked, of some none.
    const rows = [0, 3, 4, 6].flatMap((row) => Array.from({ length: V }, () => row));
    const tokens = rows.map((_, e) => e % V);
    const wanted = rows.map((row, e) => expected[row * V + tokens[e]]);
    // The last has its own linear maps, so that its logits come whole.
    class Heir extends Decoder {
      protected override project(x: tf.Tensor2D, name: string, gain?: tf.Tensor1D) {
        return super.project(x, name, gain);
      }
    }
    for (const model of [decoder, new Heir(decoder.config, decoder.parameters)]) {
      for (const logitsAtOnce of [1, 50, 3 * V + 1, 1e6]) {
        const found = tokenLogProbabilities(model, hidden, { rows, tokens }, logitsAtOnce);
        expectClose(found, wanted, 1e-5, { relative: true });
      }
    }
    hidden.dispose();
  });

  it("are the same where a shared beginning is read once as where each text is read anew", async () => {
    const trie = new TitleTrie(encodeTitles(panel.titles, tokenizer, template));
    const careers = [4, 9, 21].map((i) => encodeCareer(panel.careers[i], tokenizer, template));
    const shared = careers[0].ids.slice(0, 12);
    assert.ok(careers.every(({ ids }) => ids.slice(0, 12).join() === shared.join()));
    const local = { layers: [true, false], window: 20, ropeTheta: 1000 };
    const gemma = tinyLanguageModel(panel, 400, { family: "gemma3", local }).decoder;
    const before = tf.memory().numTensors;
    for (const model of [decoder, gemma]) {
      const prefix = readPrefix(model, [shared]);
      const reused = await scoreTitles(model, careers, trie, {}, prefix);
      const anew = await scoreTitles(model, careers, trie);
      careers.forEach((_, i) => {
        expectClose(reused.logProbability[i], anew.logProbability[i], 1e-5, { relative: true });
      });
      disposePrefix(prefix);
    }
    assert.equal(tf.memory().numTensors, before, "nothing is left in memory");
  });

  it("are refused where the weights are damaged", async () => {
    const { decoder: damaged } = tinyLanguageModel(panel);
    const name = "model.norm.weight";
    damaged.parameters.get(name)!.assign(tf.fill(damaged.parameters.get(name)!.shape, Number.NaN));
    const model = new LanguageOccupationModel("damaged", damaged, tokenizer, panel.titles, template);
    await assert.rejects(model.predict(panel.careers.slice(0, 1)), {
      name: "UserError",
      message: /are no numbers/,
    });
  });
});

describe("A title that cannot be scored", () => {
  const panel = readNlsyYoungMen();
  const files = tinyTokenizer(panel);
  type Model = { vocab: Record<string, number>; merges: [string, string][] };
  /** The panel's tokenizer with another model or another way to cut words. */
  function changed(change: (tokenizer: Record<string, unknown>, model: Model) => void): Tokenizer {
    const tokenizer = structuredClone(files.tokenizer);
    change(tokenizer, tokenizer.model as Model);
    return new Tokenizer({ tokenizer, config: files.config });
  }
  const forget = (token: string) =>
    changed((_, model) => {
      model.vocab[`unused ${token}`] = model.vocab[token];
      delete model.vocab[token];
    });

  it("is named where the tokenizer lacks its letters", () => {
    const titles = new TitleSet(["cook", "Zymurgist"]);
    assert.throws(() => encodeTitles(titles, forget("Z"), {}), {
      name: "UserError",
      message: /cannot write the title "Zymurgist"/,
    });
  });

  it("is named where its tokens depend on what stands before it", () => {
    // Without words, a merge may cross the colon: here only after a closing bracket.
    const joining = changed((tokenizer, model) => {
      tokenizer.pre_tokenizer = {
        type: "ByteLevel",
        add_prefix_space: false,
        trim_offsets: true,
        use_regex: false,
      };
      model.merges = [
        [")", ":"],
        ["):", "Ġ"],
      ];
      model.vocab = Object.fromEntries(
        [...Object.keys(model.vocab).filter((token) => token.length === 1), "):", "):Ġ"].map((p, i) => [
          p,
          i,
        ]),
      );
      tokenizer.added_tokens = [];
      tokenizer.post_processor = null;
    });
    assert.throws(() => encodeTitles(new TitleSet(["cook"]), joining, {}), {
      name: "UserError",
      message: /title "cook" .*what stands before it/,
    });
  });

  it("is refused where the tokenizer has no token for the end of a line", () => {
    assert.throws(() => encodeTitles(panel.titles, forget("Ċ"), {}), {
      name: "UserError",
      message: /no token for the end of a line/,
    });
  });
});
