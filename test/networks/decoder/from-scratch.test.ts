import { strict as assert } from "node:assert";
import { toArrays } from "labor-llm/dist/networks/checkpoints/parameters";
import { type DecoderConfig, fromScratch, parameterCount } from "labor-llm/dist/networks/decoder";
import { resized } from "labor-llm/dist/networks/decoder/from-scratch";
import { readNlsyYoungMen } from "labor-llm/dist/surveys/nlsy-young-men";
import { tinyLanguageModel } from "../../support/tiny-language-model";

/** The shape of the packaged base model (data/base-model/config.json). */
const base: DecoderConfig = {
  vocabularySize: 3072,
  width: 192,
  feedForward: 512,
  layers: 4,
  heads: 6,
  keyValueHeads: 2,
  headWidth: 32,
  ropeTheta: 10_000,
  normEpsilon: 1e-5,
  tiedHead: true,
  contextLength: 512,
};

describe("A language model from scratch", () => {
  it("of the base model's own size has its shape", () => {
    assert.deepEqual(resized(base, { layers: 4, width: 192 }), base);
  });

  it("has as many parameters as its matrices and gains have numbers, and shares keys and values as evenly as before", () => {
    for (const [layers, width, heads, keyValueHeads, feedForward] of [
      [1, 64, 2, 1, 171],
      [2, 128, 4, 1, 341],
      [4, 192, 6, 2, 512],
      [6, 288, 9, 3, 768],
      [1, 32, 1, 1, 85],
    ]) {
      const config = resized(base, { layers, width });
      const { heads: H, keyValueHeads: K, feedForward: F } = config;
      assert.deepEqual([H, K, F], [heads, keyValueHeads, feedForward]);
      const attention = 2 * width * width + 2 * (K * 32) * width;
      const layer = attention + 3 * width * F + 2 * width;
      assert.equal(parameterCount(config), 3072 * width + layers * layer + width);
    }
    assert.equal(parameterCount(resized(base, { layers: 4, width: 192 })), 2_164_416);
  });

  it("keeps the order of local and global layers", () => {
    const local = { layers: [true, true, false], window: 64, ropeTheta: 10_000 };
    const { layers } = resized({ ...base, local }, { layers: 7, width: 192 }).local!;
    assert.deepEqual(layers, [true, true, false, true, true, false, true]);
  });

  it("of a width that no whole number of heads fills is refused", () => {
    for (const width of [100, 16, 0]) {
      assert.throws(() => resized(base, { layers: 1, width }), {
        name: "UserError",
        message: new RegExp(`^a width of ${width}, where heads are 32 wide`),
      });
    }
  });

  it("has weights from its seed alone, another's tokenizer, and leaves the other as it was", () => {
    const panel = readNlsyYoungMen();
    const whole = tinyLanguageModel(panel, 400, { layers: 2 });
    const before = toArrays(whole.decoder.parameters);
    const size = { layers: 1, width: 2 * whole.decoder.config.headWidth };
    const weights = (seed: number) => {
      const { decoder, tokenizer } = fromScratch(whole, size, seed);
      assert.equal(tokenizer, whole.tokenizer);
      assert.equal(decoder.config.vocabularySize, whole.decoder.config.vocabularySize);
      assert.equal(decoder.config.layers, 1);
      const arrays = toArrays(decoder.parameters);
      decoder.dispose();
      return arrays;
    };
    assert.deepEqual(weights(7), weights(7));
    assert.notDeepEqual(weights(7), weights(8));
    assert.deepEqual(toArrays(whole.decoder.parameters), before);
    whole.decoder.dispose();
  });
});
