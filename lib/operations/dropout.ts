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
  const thin = (y: tf.Tensor) => tf.tidy(() => y.mul(mask(y.shape, rate, seed)));
  return withGradient<[T], T>(
    (input) => ({ value: thin(input), saved: [] }),
    (gradient) => [thin(gradient)],
  )(x);
}

/** Zeros and 1 / (1 - rate). */
function mask(shape: number[], rate: number, seed: number): tf.Tensor {
  const uniform = isNative()
    ? runNative("StatelessRandomUniform", { dtype: "float32", T: "int32", Tseed: "int32" }, [
        tf.tensor1d(shape, "int32"),
        tf.tensor1d([seed, 0], "int32"),
      ])
    : tf.randomUniform(shape, 0, 1, "float32", seed);
  return uniform
    .greaterEqual(rate)
    .cast("float32")
    .mul(1 / (1 - rate));
}
