import * as tf from "@tensorflow/tfjs";
import { isNative, NativeVariable } from "../../operations";

/** What a step of Adam multiplies by: the rate and epsilon hold the moments' corrections for their start. */
export interface AdamRates {
  rate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
}

/** The running mean of gradients and of their squares. */
export interface Moments {
  /** @returns the parameters after the step; `parameters` is spent */
  step(parameters: tf.Tensor1D, gradient: tf.Tensor1D, rates: AdamRates): tf.Tensor1D;
  /** Copies or views, first and second; the caller disposes them. */
  read(): [tf.Tensor, tf.Tensor];
  assign(first: tf.Tensor, second: tf.Tensor): void;
  dispose(): void;
}

/** Moments of a vector of parameters, zero. */
export function makeMoments(size: number): Moments {
  return isNative() ? nativeMoments(size) : portableMoments(size);
}

/** TensorFlow's own operation goes over memory once, in place, where the composite makes a dozen tensors. */
function nativeMoments(size: number): Moments {
  const zeros = tf.zeros([size]);
  const [first, second] = [new NativeVariable(zeros), new NativeVariable(zeros)];
  zeros.dispose();
  return {
    step(parameters, gradient, rates) {
      const variable = new NativeVariable(parameters);
      parameters.dispose();
      variable.applyAdam(gradient, { first, second }, rates);
      const moved = variable.read<tf.Tensor1D>();
      variable.dispose();
      return moved;
    },
    read: () => [first.read(), second.read()],
    assign(one, two) {
      first.assign(one);
      second.assign(two);
    },
    dispose() {
      first.dispose();
      second.dispose();
    },
  };
}

function portableMoments(size: number): Moments {
  const [first, second] = tf.tidy(() => [0, 0].map(() => tf.variable(tf.zeros([size]), false)));
  return {
    step(parameters, gradient, { rate, beta1, beta2, epsilon }) {
      first.assign(first.mul(beta1).add(gradient.mul(1 - beta1)));
      second.assign(second.mul(beta2).add(gradient.square().mul(1 - beta2)));
      return parameters.sub(first.div(second.sqrt().add(epsilon)).mul(rate));
    },
    read: () => [first.clone(), second.clone()],
    assign(one, two) {
      first.assign(one.clone());
      second.assign(two.clone());
    },
    dispose: () => tf.dispose([first, second]),
  };
}
