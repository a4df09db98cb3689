import { UserError } from "../../errors";
import type { AdamWOptions } from "./adamw";
import type { BatchSize } from "./batches";
import type { Decay } from "./schedule";

/** How a model is trained; the same loop fine-tunes and pre-trains. */
export interface TrainingOptions extends AdamWOptions {
  /** Passes over the training texts. */
  epochs: number;
  /** Epochs without a better validation loss after which the run ends. Default: it runs to its end. */
  patience?: number;
  /** Most optimiser steps, where fewer than the epochs hold. */
  maxSteps?: number;
  /** Peak learning rate, after warm-up. */
  learningRate: number;
  /** Share of all steps in which the learning rate rises. */
  warmup: number;
  /** Steps of warm-up, in place of a share. */
  warmupSteps?: number;
  decay: Decay;
  /** Texts (persons) or tokens per optimiser step. */
  batch: BatchSize;
  /** Whether texts of like length come together in a batch, which leaves less of a row unused. Default false. */
  alike?: boolean;
  /** Most tokens in memory at a time; gradients of a larger batch are added up part by part. */
  tokensAtOnce: number;
  /** Joint norm to which gradients are clipped. */
  clipNorm: number;
  /** Seed of the order of the texts, and of dropout. */
  seed: number;
}

export const defaultTraining: TrainingOptions = {
  epochs: 5,
  learningRate: 1e-3,
  warmup: 0.1,
  decay: "cosine",
  batch: { texts: 32 },
  tokensAtOnce: 6400,
  clipNorm: 1,
  seed: 1,
  beta1: 0.9,
  beta2: 0.95,
  epsilon: 1e-8,
  weightDecay: 0.1,
};

/** @throws UserError that names the field as the user wrote it */
export function checkTraining(options: TrainingOptions): void {
  const demand = (holds: boolean, field: keyof TrainingOptions, rule: string) => {
    if (!holds) throw new UserError(`${field} is ${JSON.stringify(options[field])}`, `It must be ${rule}.`);
  };
  demand(Number.isInteger(options.epochs) && options.epochs > 0, "epochs", "a positive whole number");
  demand(
    options.maxSteps === undefined || (Number.isInteger(options.maxSteps) && options.maxSteps > 0),
    "maxSteps",
    "a positive whole number",
  );
  demand(
    options.patience === undefined || (Number.isInteger(options.patience) && options.patience > 0),
    "patience",
    "a positive whole number",
  );
  demand(options.learningRate > 0, "learningRate", "positive");
  demand(options.warmup >= 0 && options.warmup < 1, "warmup", "a share from 0 to below 1");
  demand((options.warmupSteps ?? 0) >= 0, "warmupSteps", "zero or positive");
  demand(
    Object.values(options.batch).every((n: number) => n >= 1),
    "batch",
    "at least one text or token",
  );
  demand(options.tokensAtOnce >= 1, "tokensAtOnce", "at least 1");
  demand(options.clipNorm > 0, "clipNorm", "positive");
  demand(options.beta1 >= 0 && options.beta1 < 1, "beta1", "from 0 to below 1");
  demand(options.beta2 >= 0 && options.beta2 < 1, "beta2", "from 0 to below 1");
  demand(options.weightDecay >= 0, "weightDecay", "zero or positive");
}
