import * as tf from "@tensorflow/tfjs";
import { withGradient } from "./custom-gradient";
import { isNative, runNative } from "./native";

/**
 * Rows of a tensor. As `tf.gather`, which however reads the indices back from TensorFlow in each call to check them;
 * TensorFlow checks them itself.
 * @param x (R, …) float32
 * @param indices (N) int32
 * @returns (N, …)
 */
export function takeRows<T extends tf.Tensor>(x: T, indices: tf.Tensor1D): T {
  if (!isNative()) return tf.gather(x, indices);
  const types = { Tparams: "float32", Tindices: "int32", Taxis: "int32" };
  const operation = withGradient<[T], T>(
    (rows) => ({
      value: runNative<T>("GatherV2", types, [rows, indices, tf.scalar(0, "int32")]),
      saved: [indices],
    }),
    (gradient, [kept]) => [() => tf.unsortedSegmentSum(gradient, kept as tf.Tensor1D, x.shape[0]) as T],
  );
  return operation(x);
}
