import * as tf from "@tensorflow/tfjs";
import type { Decoder } from "../../../networks";
import { softmax } from "../../../operations";

/** Logits in memory at a time, 24 MB: above 32 MB, each tensor's pages would be asked of the system anew. */
const LOGITS_AT_ONCE = 6e6;
/** States whose logits are made at once, at most: enough for the product, few enough to leave room for tokens. */
const STATES_AT_ONCE = 1024;

/** Which token's probability is asked after which state. */
export interface TokenQuestions {
  /** (E) rows of the states, ascending. */
  rows: ArrayLike<number>;
  /** (E) tokens. */
  tokens: ArrayLike<number>;
}

/**
 * Log-probabilities of chosen next tokens, over the whole vocabulary. The (N, V) logits are never whole: some
 * states and some tokens at a time, with the logarithm of the sum of exponentials carried along.
 * @param hidden (N, D)
 * @returns (E) natural logarithms
 */
export function tokenLogProbabilities(
  decoder: Decoder,
  hidden: tf.Tensor2D,
  { rows, tokens }: TokenQuestions,
  logitsAtOnce = LOGITS_AT_ONCE,
): Float32Array {
  const [N] = hidden.shape;
  const V = decoder.config.vocabularySize;
  const result = new Float32Array(rows.length);
  const fit = Math.max(1, Math.floor(logitsAtOnce / V));
  const states = decoder.projectsApart ? fit : Math.max(fit, Math.min(STATES_AT_ONCE, logitsAtOnce));
  for (let from = 0, first = 0; from < N; from += states) {
    const n = Math.min(states, N - from);
    let last = first;
    while (last < rows.length && rows[last] < from + n) last++;
    if (last > first) {
      const part = tf.tidy(() => tf.slice(hidden, [from, 0], [n, -1])); // (n, D)
      const width = decoder.projectsApart ? V : Math.min(V, Math.max(1, Math.floor(logitsAtOnce / n)));
      const questions: [number, number, number][] = [];
      for (let e = first; e < last; e++) questions.push([e, rows[e] - from, tokens[e]]);
      const logSums = new Float64Array(n).fill(-Infinity); // over the tokens seen so far
      for (let token = 0; token < V; token += width) {
        const v = Math.min(width, V - token);
        const asked = questions.filter(([, , p]) => p >= token && p < token + v);
        const [sums, found] = stretch(decoder, part, token, v, asked);
        for (let i = 0; i < n; i++) logSums[i] = logAdd(logSums[i], sums[i]);
        asked.forEach(([e], i) => {
          result[e] = found[i];
        });
      }
      for (const [e, row] of questions) result[e] -= logSums[row];
      part.dispose();
    }
    first = last;
  }
  return result;
}

/** Of a stretch of the vocabulary: (n) logarithms of the sums of exponentials, and the logits asked for. */
function stretch(
  decoder: Decoder,
  hidden: tf.Tensor2D,
  from: number,
  v: number,
  asked: readonly [number, number, number][],
): [ArrayLike<number>, ArrayLike<number>] {
  const tensors = tf.tidy(() => {
    const logits = decoder.logits(hidden, from, v); // (n, v)
    // The largest share is exp(0) over the sum: two readings and one softmax, where the sum itself takes more passes.
    const logSums = tf.max(logits, 1).sub(tf.log(tf.max(softmax(logits), 1))); // (n)
    const cells = Int32Array.from(asked, ([, row, token]) => row * v + token - from);
    return [logSums, tf.gather(logits.flatten(), tf.tensor1d(cells, "int32"))]; // (n), (asked)
  });
  const [logSums, found] = tensors.map((tensor) => tensor.dataSync());
  tf.dispose(tensors);
  return [logSums, found];
}

function logAdd(a: number, b: number): number {
  const top = Math.max(a, b);
  return top === -Infinity ? top : top + Math.log(Math.exp(a - top) + Math.exp(b - top));
}
