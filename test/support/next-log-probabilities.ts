import * as tf from "@tensorflow/tfjs";
import type { Decoder } from "labor-llm/dist/networks/decoder/decoder";
import { packRows, toTensors } from "labor-llm/dist/networks/decoder/pack";

/** Natural logarithm of each token's probability after those before it: one fewer than the tokens. */
export function nextLogProbabilities(decoder: Decoder, ids: Int32Array): Float32Array {
  const last = ids.length - 1;
  return tf.tidy(() => {
    const { batch } = toTensors(packRows([ids], decoder.config.width));
    const logits = decoder.logits(decoder.hidden(batch)).slice([0, 0], [last, -1]); // (T - 1, V)
    const all = tf.logSoftmax(logits);
    const next = tf.oneHot(tf.tensor1d(ids.slice(1), "int32"), decoder.config.vocabularySize);
    return all.mul(next).sum(-1).dataSync() as Float32Array;
  });
}
