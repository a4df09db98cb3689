import * as tf from "@tensorflow/tfjs";

/** The part of the native backend that runs any TensorFlow operation by its name. */
interface NativeBackend {
  binding: Record<
    `TF_ATTR_${"TYPE" | "BOOL" | "STRING" | "SHAPE"}` | "TF_FLOAT" | "TF_COMPLEX64" | "TF_INT32",
    number
  >;
  isUsingGpuDevice: boolean;
  executeSingleOutput(name: string, attributes: unknown[], inputs: tf.Tensor[]): tf.Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: unknown[],
    inputs: tf.Tensor[],
    outputs: number,
  ): tf.Tensor[];
}

const types = { float32: "TF_FLOAT", complex64: "TF_COMPLEX64", int32: "TF_INT32" } as const;

/** An operation's attributes: types by their names, truth values, shapes, and any other text. */
export type NativeAttributes = Record<string, string | boolean | readonly number[]>;

/** Whether TensorFlow's own library runs, and with it every operation that TensorFlow has; and on a CPU, if asked. */
export function isNative(device?: "cpu"): boolean {
  if (tf.getBackend() !== "tensorflow") return false;
  return device === undefined || !(tf.backend() as unknown as NativeBackend).isUsingGpuDevice;
}

/**
 * Runs a TensorFlow operation of one output; to be called only where `isNative()`.
 * @param kernel label of the kernel, where the operation has none without
 */
export function runNative<Result extends tf.Tensor>(
  name: string,
  attributes: NativeAttributes,
  inputs: tf.Tensor[],
  kernel?: string,
): Result {
  const all = kernel === undefined ? attributes : { ...attributes, _kernel: kernel };
  return backend().executeSingleOutput(name, describe(all), inputs) as Result;
}

/** As `runNative`, of an operation of so many outputs, or none. */
export function runNativeOutputs(
  name: string,
  attributes: NativeAttributes,
  inputs: tf.Tensor[],
  outputs: number,
): tf.Tensor[] {
  return backend().executeMultipleOutputs(name, describe(attributes), inputs, outputs);
}

function backend(): NativeBackend {
  return tf.backend() as unknown as NativeBackend;
}

function describe(attributes: NativeAttributes): unknown[] {
  const { binding } = backend();
  return Object.entries(attributes).map(([name, value]) => {
    if (typeof value === "boolean") return { name, type: binding.TF_ATTR_BOOL, value };
    if (typeof value !== "string") return { name, type: binding.TF_ATTR_SHAPE, value };
    if (value in types) {
      return { name, type: binding.TF_ATTR_TYPE, value: binding[types[value as keyof typeof types]] };
    }
    return { name, type: binding.TF_ATTR_STRING, value };
  });
}
