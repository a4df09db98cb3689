import * as tf from "@tensorflow/tfjs";
import type { Random } from "../../random";
import type { Collation } from "./collation";

/** How a loss is asked for. */
export interface TrainingPass {
  /** Dropout falls only in training. */
  training: boolean;
  /** What dropout is drawn from: a pure function of the run's seed and the step, so that a resumed run needs no replay. */
  random: Random;
}

export interface LossAndGradients {
  value: tf.Scalar;
  /** By the names of the parameters. */
  gradients: Record<string, tf.Tensor>;
}

/** A model that the training loop can train: parameters, and a loss of some examples. */
export interface Trainable<Example> {
  /** What is trained, by name; nothing else is changed, has moments or goes into a checkpoint. */
  readonly parameters: ReadonlyMap<string, tf.Variable>;
  /** What else the loss is a function of, such as the configuration: a checkpoint is tied to it. */
  readonly configuration?: unknown;
  /** Tensors that the loss reads and training leaves alone, if any: a checkpoint is tied to them. */
  readonly frozen?: ReadonlyMap<string, tf.Tensor>;
  /** How large an example is: its tokens, or its person-years. */
  size(example: Example): number;
  /** Terms that the loss of an example is the mean of. */
  targets(example: Example): number;
  /** Mean over the examples' targets, in nats. Without a pass, as in validation: no dropout. */
  loss(examples: readonly Example[], pass?: TrainingPass): tf.Scalar;
  /** The loss and its gradients where the model has a way of its own to them. Default: by TensorFlow.js. */
  gradients?(examples: readonly Example[], pass: TrainingPass): LossAndGradients;
  /**
   * Tensors of the same shapes for each step of a run, where the loss can be made of such: then one graph serves
   * all steps. Undefined where that does not pay.
   */
  collation?(steps: readonly (readonly Example[])[], tokensAtOnce: number): Collation<Example> | undefined;
  /** What an example is, for the digest that ties a checkpoint to its data. */
  fingerprint(example: Example): Uint8Array | Int32Array;
  /** Why an example cannot be trained on, in words that follow "training text 3 ", with a remedy; undefined where it can. */
  problem?(example: Example): { problem: string; remedy?: string } | undefined;
}

/** Examples to train on, and those whose loss chooses the epoch. */
export interface TrainingData<Example> {
  training: readonly Example[];
  validation: readonly Example[];
}

/** Gradients by the names of their parameters; zero where the loss does not depend on one. */
export function namedGradients(
  parameters: ReadonlyMap<string, tf.Variable>,
  gradients: readonly (tf.Tensor | undefined)[],
): Record<string, tf.Tensor> {
  const entries = [...parameters].map(([name, variable], i): [string, tf.Tensor] => [
    name,
    gradients[i] ?? tf.zeros(variable.shape),
  ]);
  return Object.fromEntries(entries);
}
