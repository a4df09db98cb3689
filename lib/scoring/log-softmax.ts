import * as tf from "@tensorflow/tfjs";
import { isNative, runNative } from "../operations/native";

/**
 * Logarithm of the softmax along the last axis, without gradient.
 * @param x (N, V)
 * @returns (N, V)
 */
export function logSoftmax(x: tf.Tensor2D): tf.Tensor2D {
  return isNative() ? runNative("LogSoftmax", { T: "float32" }, [x]) : tf.logSoftmax(x);
}
