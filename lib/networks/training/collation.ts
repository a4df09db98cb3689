import type * as tf from "@tensorflow/tfjs";
import type { DropoutSeeds } from "../../operations";

/** The tensors of a part of a step, and their layout: one of a few of its collation. */
export interface CollatedCall {
  tensors: tf.Tensor[];
  layout: number;
}

/**
 * How the batches of a run are laid out in tensors that have the same shapes in many steps, so that few graphs serve
 * all steps.
 */
export interface Collation<Example> {
  /** What the layouts are; with the configuration and the shapes it says what the loss is a function of. */
  readonly key: string;
  /** The calls of a step; undefined where its examples do not fit. */
  collate(examples: readonly Example[]): CollatedCall[] | undefined;
  /** A call's share of the step's loss: over the calls of a step they add up to the mean over its targets. */
  loss(call: CollatedCall, seeds: DropoutSeeds): tf.Scalar;
}
