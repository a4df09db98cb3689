import type * as tf from "@tensorflow/tfjs";
import type { OutputOrder } from "./head-order";

/** How a decoder's parts compute with its parameters, by the names of Hugging Face. */
export interface LinearMaps {
  /** A parameter as the model computes with it. */
  weight(name: string): tf.Tensor;
  /** The gain of a normalisation, (D) or (h), by the name of the normalisation. */
  gain(name: string): tf.Tensor1D;
  /**
   * x Wᵀ.
   * @param x (N, in)
   * @param gain (in), times x; default: none
   * @param order of the outputs; default: as the weight's rows
   * @returns (N, out)
   */
  project(x: tf.Tensor2D, name: string, gain?: tf.Tensor1D, order?: OutputOrder): tf.Tensor2D;
  /** Whether each map must be made by `project`; else several may be fused into one product. */
  readonly projectsApart: boolean;
}
