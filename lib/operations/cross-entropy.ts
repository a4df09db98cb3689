import * as tf from "@tensorflow/tfjs";
import { isRecording, withGradient } from "./custom-gradient";
import { product } from "./product";
import { softmax } from "./softmax";

/** Logits in memory at a time, 24 MB: above 32 MB, each tensor's pages would be asked of the system anew. */
const LOGITS_AT_ONCE = 6e6;

/** The smallest normal number of float32: a probability below it counts as this, a loss of 87 nats. */
const SMALLEST = 1.1754944e-38;

/**
 * Mean next-token cross-entropy of a language model's head, product and loss in one operation. The gradient is
 * made in the forward pass, some rows at a time: the (N, V) logits are never whole, and none are saved.
 * @param hidden (N, D), normalised
 * @param head (V, D)
 * @param targets (N) int32, the piece that follows each position
 * @param logitsAtOnce about how many logits are in memory at a time
 * @returns the mean over N, in nats
 */
export function headCrossEntropy(
  hidden: tf.Tensor2D,
  head: tf.Tensor2D,
  targets: tf.Tensor1D,
  logitsAtOnce = LOGITS_AT_ONCE,
): tf.Scalar {
  const chunks = Math.ceil((hidden.shape[0] * head.shape[0]) / logitsAtOnce);
  if (!isRecording()) return lossAndGradients(hidden, head, targets, chunks, false).loss;
  const operation = withGradient<[tf.Tensor2D, tf.Tensor2D], tf.Scalar>(
    (x, weight) => {
      const { loss, dHidden, dHead } = lossAndGradients(x, weight, targets, chunks, true);
      return { value: loss, saved: [dHidden!, dHead!] };
    },
    (gradient, saved) => saved.map((made) => made.mul(gradient)),
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
  chunks: number,
  wantGradients: boolean,
): LossAndGradients {
  const [N] = hidden.shape;
  const [V] = head.shape;
  const size = Math.ceil(N / chunks);
  let sum: tf.Scalar = tf.scalar(0);
  let dHead: tf.Tensor2D | undefined;
  const dHidden: tf.Tensor2D[] = [];
  for (let from = 0; from < N; from += size) {
    const n = Math.min(size, N - from);
    const chunk = tf.tidy(() => {
      const x = tf.slice(hidden, [from, 0], [n, -1]); // (n, D)
      const chosen = tf.slice(targets, from, n); // (n)
      const probabilities = softmax(product(x, head, { transposeB: true })); // (n, V)
      const cells = tf.range(0, n, 1, "int32").mul(tf.scalar(V, "int32")).add(chosen); // (n)
      const likelihood = tf.gather(probabilities.flatten(), cells); // (n)
      const loss = tf.maximum(likelihood, SMALLEST).log().sum().neg();
      if (!wantGradients) return { sum: sum.add<tf.Scalar>(loss) };
      // The gradient of the logits is softmax minus one-hot: its second part is a gather and a scatter of rows.
      const dX = product(probabilities, head).sub(tf.gather(head, chosen)); // (n, D)
      const dWeight = product(probabilities, x, { transposeA: true }).sub(
        tf.unsortedSegmentSum(x, chosen, V),
      ); // (V, D)
      return {
        sum: sum.add<tf.Scalar>(loss),
        dX: dX.div<tf.Tensor2D>(N),
        dHead: dHead === undefined ? dWeight : dHead.add<tf.Tensor2D>(dWeight),
      };
    });
    tf.dispose([sum, ...(dHead === undefined ? [] : [dHead])]);
    sum = chunk.sum;
    if (chunk.dX !== undefined) {
      dHidden.push(chunk.dX);
      dHead = chunk.dHead as tf.Tensor2D;
    }
  }
  const loss = sum.div<tf.Scalar>(N);
  return wantGradients ? { loss, dHidden: tf.concat(dHidden), dHead: dHead!.div<tf.Tensor2D>(N) } : { loss };
}
