import type * as tf from "@tensorflow/tfjs";
import { withGradient } from "./custom-gradient";

/** Added to the variance, as in PyTorch. */
const EPSILON = 1e-5;

/**
 * Layer normalisation (Ba et al. 2016) without its gain and shift: `affineOfNormalised` folds them into the
 * product that follows.
 * @param x activations, (N, D)
 * @returns (N, D): rows of mean zero and variance one
 */
export const layerNormalise = withGradient<[tf.Tensor2D], tf.Tensor2D>(
  (x) => {
    const centred = x.sub(x.mean(-1, true)); // (N, D)
    const scale = centred.square().mean(-1, true).add(EPSILON).rsqrt(); // (N, 1)
    const value = centred.mul(scale); // (N, D)
    return { value, saved: [value, scale] };
  },
  (gradient, [value, scale]) => {
    const along = gradient.mul(value).mean(-1, true); // (N, 1)
    return [gradient.sub(value.mul(along).add(gradient.mean(-1, true))).mul(scale)]; // (N, D)
  },
);
