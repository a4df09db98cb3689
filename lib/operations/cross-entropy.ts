import * as tf from "@tensorflow/tfjs";
import { withGradient } from "./custom-gradient";

/** The part of the native backend that runs any TensorFlow operation by its name. */
interface NativeBackend {
  executeMultipleOutputs(
    name: string,
    attributes: unknown[],
    inputs: tf.Tensor[],
    outputs: number,
  ): tf.Tensor[];
}

/**
 * Cross-entropy of each row and its gradient with respect to the logits.
 * @param logits (N, V)
 * @param targets (N) int32
 * @returns loss (N) and softmax(logits) - onehot(targets) (N, V)
 */
function rowCrossEntropy(logits: tf.Tensor2D, targets: tf.Tensor1D): [tf.Tensor1D, tf.Tensor2D] {
  if (tf.getBackend() === "tensorflow") {
    // One pass in C++, and no (N, V) matrix of ones and zeros.
    const backend = tf.backend() as unknown as NativeBackend;
    const { createTensorsTypeOpAttr } = nativeAttributes();
    const attributes = [createTensorsTypeOpAttr("T", "float32"), createTensorsTypeOpAttr("Tlabels", "int32")];
    const outputs = backend.executeMultipleOutputs(
      "SparseSoftmaxCrossEntropyWithLogits",
      attributes,
      [logits, targets],
      2,
    );
    return outputs as [tf.Tensor1D, tf.Tensor2D];
  }
  const hot = tf.oneHot(targets, logits.shape[1]).toFloat() as tf.Tensor2D; // (N, V)
  const logNormaliser = tf.logSumExp(logits, -1, true); // (N, 1)
  const loss = logNormaliser.squeeze([1]).sub(logits.mul(hot).sum(-1)) as tf.Tensor1D; // (N)
  return [loss, logits.sub(logNormaliser).exp().sub(hot) as tf.Tensor2D];
}

function nativeAttributes(): { createTensorsTypeOpAttr(name: string, dtype: string): unknown } {
  // Required late: the module cannot be loaded where the native addon is missing.
  return require("@tensorflow/tfjs-node-gpu/dist/nodejs_kernel_backend");
}

/**
 * Mean next-token cross-entropy of a language model's head, product and loss in one operation: the gradient
 * of the logits is scaled after the products, where it is small.
 * @param hidden (N, D), normalised
 * @param head (V, D)
 * @param targets (N) int32, the piece that follows each position
 * @returns the mean over N, in nats
 */
export function headCrossEntropy(hidden: tf.Tensor2D, head: tf.Tensor2D, targets: tf.Tensor1D): tf.Scalar {
  const operation = withGradient<[tf.Tensor2D, tf.Tensor2D], tf.Scalar>(
    (x, weight) => {
      const logits = tf.matMul(x, weight, false, true); // (N, V)
      const [loss, dLogits] = rowCrossEntropy(logits as tf.Tensor2D, targets);
      return { value: loss.mean(), saved: [x, weight, dLogits] };
    },
    (gradient, [x, weight, dLogits]) => {
      const scale = gradient.div(x.shape[0]); // ()
      const dHidden = tf.matMul(dLogits as tf.Tensor2D, weight as tf.Tensor2D).mul(scale); // (N, D)
      const dHead = tf.matMul(dLogits as tf.Tensor2D, x as tf.Tensor2D, true, false).mul(scale); // (V, D)
      return [dHidden, dHead];
    },
  );
  return operation(hidden, head);
}
