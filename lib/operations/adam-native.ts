import * as tf from "@tensorflow/tfjs";
import { runNative, runNativeOutputs } from "./native";

/** A tensor that TensorFlow changes in place; TensorFlow.js knows only its handle. */
export class NativeVariable {
  private static count = 0;
  private readonly handle: tf.Tensor;

  constructor(value: tf.Tensor) {
    const name = `labor-llm/${process.pid}/${NativeVariable.count++}`;
    const attributes = { dtype: "float32", shape: value.shape, container: "", shared_name: name } as const;
    this.handle = tf.keep(runNative("VarHandleOp", attributes, []));
    this.assign(value);
  }

  assign(value: tf.Tensor): void {
    runNativeOutputs("AssignVariableOp", { dtype: "float32" }, [this.handle, value], 0);
  }

  /** The value, without a copy: TensorFlow makes one before it changes what is still read. */
  read<T extends tf.Tensor>(): T {
    return runNative<T>("ReadVariableOp", { dtype: "float32" }, [this.handle]);
  }

  /** One step of Adam (Kingma and Ba 2015) in one pass over memory, moments corrected by the caller's rate and epsilon. */
  applyAdam(
    gradient: tf.Tensor,
    moments: { first: NativeVariable; second: NativeVariable },
    rates: { rate: number; beta1: number; beta2: number; epsilon: number },
  ): void {
    const { rate, beta1, beta2, epsilon } = rates;
    // Powers of zero: the corrections are in the rate, in double precision.
    const scalars = [0, 0, rate, beta1, beta2, epsilon].map((value) => tf.scalar(value));
    const handles = [this.handle, moments.first.handle, moments.second.handle];
    const attributes = { T: "float32", use_locking: false, use_nesterov: false } as const;
    runNativeOutputs("ResourceApplyAdam", attributes, [...handles, ...scalars, gradient], 0);
    tf.dispose(scalars);
  }

  dispose(): void {
    runNativeOutputs("DestroyResourceOp", { ignore_lookup_error: true }, [this.handle], 0);
    this.handle.dispose();
  }
}
