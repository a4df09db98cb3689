import * as tf from "@tensorflow/tfjs";
import { Random } from "../random";
import { withGradient } from "./custom-gradient";
import { isNative, runNative } from "./native";

/**
 * What dropout (Srivastava et al. 2014) multiplies by: 0 with probability `rate`, otherwise 1 / (1 - rate). A
 * pure function of the random source; TensorFlow's counter-based generator draws it where it is there.
 */
export function dropoutMask<Shape extends number[]>(shape: Shape, rate: number, random: Random): tf.Tensor {
  return tf.tidy(() =>
    uniform(shape, random)
      .greaterEqual(rate)
      .cast("float32")
      .mul(1 / (1 - rate)),
  );
}

/**
 * Dropout with a mask that is a pure function of the seed: it is drawn again for the gradient, not kept.
 * @param rate probability of zero, from 0 to below 1
 */
export function dropout<T extends tf.Tensor>(x: T, rate: number, seed: number): T {
  if (rate === 0) return x;
  const thin = (y: tf.Tensor) =>
    tf.tidy(() => y.mul(dropoutMask(y.shape, rate, new Random("dropout", seed))));
  return withGradient<[T], T>(
    (input) => ({ value: thin(input), saved: [] }),
    (gradient) => [thin(gradient)],
  )(x);
}

/** Uniform on [0, 1). */
function uniform(shape: number[], random: Random): tf.Tensor {
  if (isNative()) {
    const seed = [random.integer(2 ** 31), random.integer(2 ** 31)];
    return runNative("StatelessRandomUniform", { T: "int32", Tseed: "int32", dtype: "float32" }, [
      tf.tensor1d(shape, "int32"),
      tf.tensor1d(seed, "int32"),
    ]);
  }
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => random.uniform()),
    shape,
  );
}
