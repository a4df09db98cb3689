import * as tf from "@tensorflow/tfjs";
import type { NamedArray, WritableArray } from "../../files";

/** Tensors at rest, float32. */
export function toArrays(tensors: Iterable<[string, tf.Tensor]>): Map<string, NamedArray> {
  const arrays = new Map<string, NamedArray>();
  for (const [name, tensor] of tensors) {
    arrays.set(name, { dtype: "F32", shape: tensor.shape, values: tensor.dataSync() as Float32Array });
  }
  return arrays;
}

/** As `toArrays`, each read from the engine only when its values are asked for: of a large model, one at a time. */
export function toLazyArrays(tensors: Iterable<[string, tf.Tensor]>): Map<string, WritableArray> {
  const arrays = new Map<string, WritableArray>();
  for (const [name, tensor] of tensors) {
    arrays.set(name, {
      dtype: "F32",
      shape: tensor.shape,
      get values() {
        return tensor.dataSync() as Float32Array;
      },
    });
  }
  return arrays;
}

/** Variables from tensors at rest. */
export function toVariables(arrays: ReadonlyMap<string, NamedArray>): Map<string, tf.Variable> {
  const variables = new Map<string, tf.Variable>();
  for (const [name, array] of arrays) variables.set(name, toVariable(array));
  return variables;
}

/** Overwrites variables with tensors at rest of the same names and shapes. */
export function assignArrays(
  variables: ReadonlyMap<string, tf.Variable>,
  arrays: ReadonlyMap<string, NamedArray>,
): void {
  for (const [name, variable] of variables) {
    const array = arrays.get(name);
    if (array === undefined) throw new Error(`${name} is missing`);
    tf.tidy(() => variable.assign(toTensor(array)));
  }
}

/** A tensor at rest as one of the engine. */
export function toTensor({ values, shape }: NamedArray): tf.Tensor {
  return tf.tensor(values instanceof Float32Array ? values : Float32Array.from(values), shape, "float32");
}

/** A variable whose numbers the engine has taken, so that the array they came in can be freed. */
export function toVariable(array: NamedArray): tf.Variable {
  return tf.tidy(() => {
    const variable = tf.variable(toTensor(array), true);
    // The native engine copies numbers when they are first computed with; until then both would pile up.
    if (variable.size > 0) tf.slice(variable, Array(variable.rank).fill(0), Array(variable.rank).fill(1));
    return variable;
  });
}
