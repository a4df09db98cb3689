import * as tf from "@tensorflow/tfjs";
import { withGradient } from "./custom-gradient";
import { isNative, runNative } from "./native";

/**
 * Dropout (Srivastava et al. 2014): each number is zero with a probability, and else grows so that the mean stays.
 * Which ones is a pure function of the seed on one engine: nothing is saved for the gradient.
 * @param rate probability of zero, from 0 to below 1
 * @param seed a whole number below 2^31
 */
export function dropout<T extends tf.Tensor>(x: T, rate: number, seed: number): T {
  if (rate === 0) return x;
  const thin = (y: tf.Tensor) => tf.tidy(() => y.mul(dropoutMask(y.shape, rate, seed)));
  return withGradient<[T], T>(
    (input) => ({ value: thin(input), saved: [] }),
    (gradient) => [thin(gradient)],
  )(x);
}

/** What `dropout` multiplies by: zeros and 1 / (1 - rate). */
export function dropoutMask(shape: number[], rate: number, seed: number): tf.Tensor {
  return tf.tidy(() => {
    const scale = 1 / (1 - rate);
    if (!isNative()) {
      return tf.randomUniform(shape, 0, 1, "float32", seed).greaterEqual(rate).cast("float32").mul(scale);
    }
    const uniform = runNative("StatelessRandomUniform", { dtype: "float32", T: "int32", Tseed: "int32" }, [
      tf.tensor1d(shape, "int32"),
      tf.tensor1d([seed, 0], "int32"),
    ]);
    const choices = [uniform.greaterEqual(rate), tf.scalar(scale), tf.scalar(0)];
    return runNative("SelectV2", { T: "float32" }, choices);
  });
}

/**
 * A residual connection: input + mask · x, or input + x without a mask.
 * @param input (N, D)
 * @param x (N, D)
 * @param mask (N, D), of `dropoutMask`
 */
export function addResidual(input: tf.Tensor2D, x: tf.Tensor2D, mask?: tf.Tensor): tf.Tensor2D {
  const operation = withGradient<[tf.Tensor2D, tf.Tensor2D], tf.Tensor2D>(
    (start, added) =>
      mask === undefined
        ? { value: start.add(added), saved: [] }
        : { value: start.add(added.mul(mask)), saved: [mask] },
    (gradient, [kept]) => [gradient.clone(), kept === undefined ? gradient.clone() : gradient.mul(kept)],
  );
  return operation(input, x);
}
