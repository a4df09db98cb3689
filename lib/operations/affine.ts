import * as tf from "@tensorflow/tfjs";
import { withGradient } from "./custom-gradient";
import { isNative, runNative } from "./native";
import { product } from "./product";

/**
 * A product with a weight in the layout of PyTorch's `nn.Linear`, and its bias.
 * @param x (N, in)
 * @param weight (out, in)
 * @param bias (out)
 * @param scale of the weight alone
 * @returns (N, out)
 */
export function affine(x: tf.Tensor2D, weight: tf.Tensor2D, bias: tf.Tensor1D, scale = 1): tf.Tensor2D {
  const scaled = <T extends tf.Tensor>(y: T): T => (scale === 1 ? y : y.mul(scale));
  const operation = withGradient<[tf.Tensor2D, tf.Tensor2D, tf.Tensor1D], tf.Tensor2D>(
    (input, matrix, offset) => {
      const used = scaled(matrix); // (out, in)
      return { value: addBias(product(input, used, { transposeB: true }), offset), saved: [input, used] };
    },
    (gradient, saved) => {
      const [input, used] = saved as tf.Tensor2D[];
      const dUsed = product(gradient, input, { transposeA: true }); // (out, in)
      return [product(gradient, used), scaled(dUsed), sumRows(gradient)];
    },
  );
  return operation(x, weight, bias);
}

/** The gain and shift of a layer normalisation, (in) each. */
export interface NormParameters {
  gain: tf.Tensor1D;
  shift: tf.Tensor1D;
}

/**
 * `affine` of a layer normalisation's rows, with the normalisation's gain and shift folded into the weight and
 * the bias, which are smaller than the activations.
 * @param x (N, in), rows of `layerNormalise`
 * @param weight (out, in)
 * @param bias (out)
 * @param scale of the result
 * @returns (N, out)
 */
export function affineOfNormalised(
  x: tf.Tensor2D,
  { gain, shift }: NormParameters,
  weight: tf.Tensor2D,
  bias: tf.Tensor1D,
  scale = 1,
): tf.Tensor2D {
  const operation = withGradient<
    [tf.Tensor2D, tf.Tensor1D, tf.Tensor1D, tf.Tensor2D, tf.Tensor1D],
    tf.Tensor2D
  >(
    (rows, factor, summand, matrix, offset) => {
      const scaledGain = factor.mul<tf.Tensor1D>(scale); // (in)
      const folded = matrix.mul<tf.Tensor2D>(scaledGain); // (out, in)
      const moved = offset.add(product(matrix, column(summand)).flatten()).mul<tf.Tensor1D>(scale); // (out)
      const value = addBias(product(rows, folded, { transposeB: true }), moved);
      return { value, saved: [rows, folded, matrix, scaledGain, summand] };
    },
    (gradient, saved) => {
      const [rows, folded, matrix, scaledGain, summand] = saved as [
        tf.Tensor2D,
        tf.Tensor2D,
        tf.Tensor2D,
        tf.Tensor1D,
        tf.Tensor1D,
      ];
      const dBias = sumRows(gradient).mul<tf.Tensor1D>(scale); // (out)
      const dFolded = product(gradient, rows, { transposeA: true }); // (out, in)
      const dGain = sumRows(dFolded.mul(matrix)).mul(scale); // (in)
      const dShift = product(matrix, column(dBias), { transposeA: true }).flatten(); // (in)
      const ofShift = product(column(dBias), column(summand), { transposeB: true }); // (out, in)
      return [product(gradient, folded), dGain, dShift, dFolded.mul(scaledGain).add(ofShift), dBias];
    },
  );
  return operation(x, gain, shift, weight, bias);
}

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
