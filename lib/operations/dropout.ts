import * as tf from "@tensorflow/tfjs";
import { Random } from "../random";
import { withGradient } from "./custom-gradient";
import { isNative, runNative } from "./native";

/**
 * What dropout (Srivastava et al. 2014) multiplies by: 0 with probability `rate`, otherwise 1 / (1 - rate). A
 * pure function of the random source; TensorFlow's counter-based generator draws it where it is there.
 */
export function dropoutMask(shape: number[], rate: number, random: Random): tf.Tensor {
  return tf.tidy(() => {
    const scale = tf.scalar(1 / (1 - rate));
    if (!isNative()) {
      const size = shape.reduce((a, b) => a * b, 1);
      const kept = Float32Array.from({ length: size }, () => (random.uniform() < rate ? 0 : 1));
      return tf.tensor(kept, shape).mul(scale);
    }
    const seed = tf.tensor1d([random.integer(2 ** 31), random.integer(2 ** 31)], "int32");
    const uniform = runNative("StatelessRandomUniform", { T: "int32", Tseed: "int32", dtype: "float32" }, [
      tf.tensor1d(shape, "int32"),
      seed,
    ]);
    return runNative("SelectV2", { T: "float32" }, [tf.greaterEqual(uniform, rate), scale, tf.scalar(0)]);
  });
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
