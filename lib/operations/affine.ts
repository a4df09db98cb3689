import * as tf from "@tensorflow/tfjs";
import { withGradient } from "./custom-gradient";
import { isNative, runNative } from "./native";
import { product } from "./product";

/**
 * A product with a weight in the layout of PyTorch's `nn.Linear`, and its bias.
 * @param x (N, in)
 * @param weight (out, in)
 * @param bias (out)
 * @returns (N, out)
 */
export const affine = withGradient<[tf.Tensor2D, tf.Tensor2D, tf.Tensor1D], tf.Tensor2D>(
  (x, weight, bias) => ({
    value: addBias(product(x, weight, { transposeB: true }), bias),
    saved: [x, weight],
  }),
  (gradient, saved) => {
    const [x, weight] = saved as tf.Tensor2D[];
    return [product(gradient, weight), product(gradient, x, { transposeA: true }), sumRows(gradient)];
  },
);

/**
 * `affine` of a layer normalisation's rows, with the normalisation's gain and shift folded into the weight and
 * the bias, which are smaller than the activations.
 * @param x (N, in), rows of `layerNormalise`
 * @param gain (in)
 * @param shift (in)
 * @param weight (out, in)
 * @param bias (out)
 * @returns (N, out)
 */
export const affineOfNormalised = withGradient<
  [tf.Tensor2D, tf.Tensor1D, tf.Tensor1D, tf.Tensor2D, tf.Tensor1D],
  tf.Tensor2D
>(
  (x, gain, shift, weight, bias) => {
    const folded = weight.mul<tf.Tensor2D>(gain); // (out, in)
    const moved = bias.add<tf.Tensor1D>(product(weight, column(shift)).flatten()); // (out)
    const value = addBias(product(x, folded, { transposeB: true }), moved);
    return { value, saved: [x, gain, shift, weight, folded] };
  },
  (gradient, saved) => {
    const [x, gain, shift, weight, folded] = saved as [
      tf.Tensor2D,
      tf.Tensor1D,
      tf.Tensor1D,
      tf.Tensor2D,
      tf.Tensor2D,
    ];
    const dBias = sumRows(gradient); // (out)
    const dFolded = product(gradient, x, { transposeA: true }); // (out, in)
    const dShift = product(weight, column(dBias), { transposeA: true }).flatten(); // (in)
    const dWeight = dFolded.mul(gain).add(product(column(dBias), column(shift), { transposeB: true }));
    return [product(gradient, folded), sumRows(dFolded.mul(weight)), dShift, dWeight, dBias];
  },
);

/** (N, out) plus (out). */
export function addBias(x: tf.Tensor2D, bias: tf.Tensor1D): tf.Tensor2D {
  return isNative() ? runNative("BiasAdd", { T: "float32" }, [x, bias]) : x.add(bias);
}

/** (N, out) to (out). */
export function sumRows(x: tf.Tensor2D): tf.Tensor1D {
  return isNative() ? runNative("BiasAddGrad", { T: "float32" }, [x]) : x.sum(0);
}

function column(x: tf.Tensor1D): tf.Tensor2D {
  return tf.reshape(x, [x.size, 1]);
}
