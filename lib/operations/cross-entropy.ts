import * as tf from "@tensorflow/tfjs";
import { isRecording, withGradient } from "./custom-gradient";
import { product } from "./product";
import { softmax } from "./softmax";

/** Logits in memory at a time, 24 MB: above 32 MB, each tensor's pages would be asked of the system anew. */
const LOGITS_AT_ONCE = 6e6;

/** The smallest normal number of float32: a probability below it counts as this, a loss of 87 nats. */
const SMALLEST = 1.1754944e-38;

export interface HeadOptions {
  /** Logits z become cap · tanh(z / cap). Default: none. */
  cap?: number;
  /** Whether the head is not trained: its gradient, as large as itself, is not made. Default false. */
  frozenHead?: boolean;
  /** About how many logits are in memory at a time. */
  logitsAtOnce?: number;
}

/**
 * Mean next-token cross-entropy of a language model's head, product and loss in one operation. The gradient is
 * made in the forward pass, some rows at a time: the (N, V) logits are never whole, and none are saved.
 * @param hidden (N, D), normalised
 * @param head (V, D)
 * @param targets (N) int32, the piece that follows each position
 * @returns the mean over N, in nats
 */
export function headCrossEntropy(
  hidden: tf.Tensor2D,
  head: tf.Tensor2D,
  targets: tf.Tensor1D,
  options: HeadOptions = {},
): tf.Scalar {
  if (!isRecording()) return lossAndGradients(hidden, head, targets, options, false).loss;
  const operation = withGradient<[tf.Tensor2D, tf.Tensor2D], tf.Scalar>(
    (x, weight) => {
      const { loss, dHidden, dHead } = lossAndGradients(x, weight, targets, options, true);
      return { value: loss, saved: [dHidden!, ...(dHead === undefined ? [] : [dHead])] };
    },
    (gradient, [dHidden, dHead]) => [() => dHidden.mul(gradient), () => dHead.mul(gradient)],
  );
  return operation(hidden, head);
}

interface LossAndGradients {
  loss: tf.Scalar;
  /** (N, D). */
  dHidden?: tf.Tensor2D;
  /** (V, D). */
  dHead?: tf.Tensor2D;
}

function lossAndGradients(
  hidden: tf.Tensor2D,
  head: tf.Tensor2D,
  targets: tf.Tensor1D,
  { cap, frozenHead = false, logitsAtOnce = LOGITS_AT_ONCE }: HeadOptions,
  wantGradients: boolean,
): LossAndGradients {
  const [N] = hidden.shape;
  const [V] = head.shape;
  const size = Math.ceil(N / Math.ceil((N * V) / logitsAtOnce));
  let sum: tf.Scalar = tf.scalar(0);
  let dHead: tf.Tensor2D | undefined;
  const dHidden: tf.Tensor2D[] = [];
  for (let from = 0; from < N; from += size) {
    const n = Math.min(size, N - from);
    const chunk = tf.tidy((): { sum: tf.Scalar; dX?: tf.Tensor2D; dHead?: tf.Tensor2D } => {
      const x = tf.slice(hidden, [from, 0], [n, -1]); // (n, D)
      const chosen = tf.slice(targets, from, n); // (n)
      const logits = product(x, head, { transposeB: true }); // (n, V)
      const tanh = cap === undefined ? undefined : logits.div<tf.Tensor2D>(cap).tanh(); // (n, V)
      const probabilities = softmax(tanh === undefined ? logits : tanh.mul<tf.Tensor2D>(cap!)); // (n, V)
      const cells = tf.range(0, n, 1, "int32").mul(tf.scalar(V, "int32")).add(chosen); // (n)
      const likelihood = tf.gather(probabilities.flatten(), cells); // (n)
      const loss = tf.maximum(likelihood, SMALLEST).log().sum().neg();
      if (!wantGradients) return { sum: sum.add<tf.Scalar>(loss) };
      // The gradient of the logits is softmax minus one-hot: its second part is a gather and a scatter of rows.
      const slope = tanh === undefined ? undefined : tf.scalar(1).sub(tanh.square()); // (n, V)
      const first = slope === undefined ? probabilities : probabilities.mul<tf.Tensor2D>(slope); // (n, V)
      const second = slope && tf.gather(slope.flatten(), cells).expandDims(1); // (n, 1)
      const scaled = (rows: tf.Tensor2D) => (second === undefined ? rows : rows.mul<tf.Tensor2D>(second));
      const dX = product(first, head).sub(scaled(tf.gather(head, chosen))); // (n, D)
      const result = { sum: sum.add<tf.Scalar>(loss), dX: dX.div<tf.Tensor2D>(N) };
      if (frozenHead) return result;
      const dWeight = product(first, x, { transposeA: true }).sub<tf.Tensor2D>(
        tf.unsortedSegmentSum(scaled(x), chosen, V),
      ); // (V, D)
      return { ...result, dHead: dHead === undefined ? dWeight : dHead.add<tf.Tensor2D>(dWeight) };
    });
    tf.dispose([sum, ...(dHead === undefined ? [] : [dHead])]);
    sum = chunk.sum;
    if (chunk.dX !== undefined) dHidden.push(chunk.dX);
    dHead = chunk.dHead;
  }
  const loss = sum.div<tf.Scalar>(N);
  if (!wantGradients) return { loss };
  return { loss, dHidden: tf.concat(dHidden), dHead: dHead?.div<tf.Tensor2D>(N) };
}
