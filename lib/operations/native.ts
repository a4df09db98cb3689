import * as tf from "@tensorflow/tfjs";

/** The part of the native backend that runs any TensorFlow operation by its name. */
interface NativeBackend {
  binding: Record<`TF_ATTR_${"TYPE" | "BOOL" | "STRING"}` | "TF_FLOAT" | "TF_INT32" | "TF_COMPLEX64", number>;
  isUsingGpuDevice: boolean;
  executeSingleOutput(name: string, attributes: unknown[], inputs: tf.Tensor[]): tf.Tensor;
}

/** Whether TensorFlow's own library runs, and with it every operation that TensorFlow has; and on a CPU, if asked. */
export function isNative(device?: "cpu"): boolean {
  if (tf.getBackend() !== "tensorflow") return false;
  return device === undefined || !(tf.backend() as unknown as NativeBackend).isUsingGpuDevice;
}

/**
 * Runs a TensorFlow operation of one output; to be called only where `isNative()`.
 * @param attributes types and truth values
 * @param kernel label of the kernel, where the operation has none without
 */
export function runNative<Result extends tf.Tensor>(
  name: string,
  attributes: Record<string, "float32" | "int32" | "complex64" | boolean>,
  inputs: tf.Tensor[],
  kernel?: string,
): Result {
  const backend = tf.backend() as unknown as NativeBackend;
  const { binding } = backend;
  const types = { float32: binding.TF_FLOAT, int32: binding.TF_INT32, complex64: binding.TF_COMPLEX64 };
  const described: unknown[] = Object.entries(attributes).map(([attribute, value]) =>
    typeof value === "boolean"
      ? { name: attribute, type: binding.TF_ATTR_BOOL, value }
      : { name: attribute, type: binding.TF_ATTR_TYPE, value: types[value] },
  );
  if (kernel !== undefined) described.push({ name: "_kernel", type: binding.TF_ATTR_STRING, value: kernel });
  return backend.executeSingleOutput(name, described, inputs) as Result;
}
