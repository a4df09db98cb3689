import * as tf from "@tensorflow/tfjs";

/** The part of the native backend that runs any TensorFlow operation by its name. */
interface NativeBackend {
  binding: Record<"TF_ATTR_TYPE" | "TF_FLOAT" | "TF_COMPLEX64", number>;
  executeSingleOutput(name: string, attributes: unknown[], inputs: tf.Tensor[]): tf.Tensor;
}

/** Whether TensorFlow's own library runs, and with it every operation that TensorFlow has. */
export function isNative(): boolean {
  return tf.getBackend() === "tensorflow";
}

/** Runs a TensorFlow operation whose attributes are types; to be called only where `isNative()`. */
export function runNative<Result extends tf.Tensor>(
  name: string,
  types: Record<string, "float32" | "complex64">,
  inputs: tf.Tensor[],
): Result {
  const backend = tf.backend() as unknown as NativeBackend;
  const { binding } = backend;
  const codes = { float32: binding.TF_FLOAT, complex64: binding.TF_COMPLEX64 };
  const attributes = Object.entries(types).map(([attribute, type]) => ({
    name: attribute,
    type: binding.TF_ATTR_TYPE,
    value: codes[type],
  }));
  return backend.executeSingleOutput(name, attributes, inputs) as Result;
}
