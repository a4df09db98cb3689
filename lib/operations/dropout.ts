import * as tf from "@tensorflow/tfjs";
import type { Random } from "../random";
import { withGradient } from "./custom-gradient";
import { isNative, runNative } from "./native";

/** A whole number below 2^31; or one in a tensor, (2) int32, which a graph takes as an input. */
export type DropoutSeed = number | tf.Tensor1D;

/** Gives each mask of a pass a seed of its own. */
export type DropoutSeeds = () => DropoutSeed;

/** Seeds from a stream of random numbers. */
export function seedsOf(random: Random): DropoutSeeds {
  return () => random.integer(2 ** 31);
}

/** Seeds from one number, (1) int32. */
export function seedsFrom(base: tf.Tensor1D): DropoutSeeds {
  let drawn = 0;
  return () => tf.concat([base, tf.tensor1d([drawn++], "int32")]);
}

/**
 * Dropout (Srivastava et al. 2014): each number is zero with a probability, and else grows so that the mean stays.
 * Which ones is a pure function of the seed on one engine: nothing is saved for the gradient.
 * @param rate probability of zero, from 0 to below 1
 */
export function dropout<T extends tf.Tensor>(x: T, rate: number, seed: DropoutSeed): T {
  if (rate === 0) return x;
  const thin = (y: tf.Tensor, from: DropoutSeed) => tf.tidy(() => y.mul(dropoutMask(y.shape, rate, from)));
  return withGradient<[T], T>(
    (input) => ({ value: thin(input, seed), saved: typeof seed === "number" ? [] : [seed] }),
    (gradient, [kept]) => [thin(gradient, (kept as tf.Tensor1D | undefined) ?? seed)],
  )(x);
}

/** What `dropout` multiplies by: zeros and 1 / (1 - rate). */
export function dropoutMask(shape: number[], rate: number, seed: DropoutSeed): tf.Tensor {
  return tf.tidy(() => {
    const scale = 1 / (1 - rate);
    if (!isNative() && typeof seed === "number") {
      return tf.randomUniform(shape, 0, 1, "float32", seed).greaterEqual(rate).cast("float32").mul(scale);
    }
    const uniform = runNative("StatelessRandomUniform", { dtype: "float32", T: "int32", Tseed: "int32" }, [
      tf.tensor1d(shape, "int32"),
      typeof seed === "number" ? tf.tensor1d([seed, 0], "int32") : seed,
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
