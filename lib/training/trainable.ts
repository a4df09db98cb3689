import type * as tf from "@tensorflow/tfjs";
import type { Random } from "../random";

/** How a loss is asked for. */
export interface TrainingPass {
  /** Dropout falls only in training. */
  training: boolean;
  /** What dropout is drawn from: a pure function of the run's seed and the step, so that a resumed run needs no replay. */
  random: Random;
}

/** A model that the training loop can train: parameters, and a loss of some examples. */
export interface Trainable<Example> {
  /** What is trained, by name; nothing else is changed, has moments or goes into a checkpoint. */
  readonly parameters: ReadonlyMap<string, tf.Variable>;
  /** What else the loss is a function of, such as the configuration: a checkpoint is tied to it. */
  readonly configuration?: unknown;
  /** Tensors that the loss reads and training leaves alone, if any: a checkpoint is tied to them. */
  readonly frozen?: ReadonlyMap<string, tf.Tensor>;
  /** How large an example is: its pieces, or its person-years. */
  size(example: Example): number;
  /** Terms that the loss of an example is the mean of. */
  targets(example: Example): number;
  /** Mean over the examples' targets, in nats. Without a pass, as in validation: no dropout. */
  loss(examples: readonly Example[], pass?: TrainingPass): tf.Scalar;
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
