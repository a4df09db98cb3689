import { z } from "zod";
import type { TrainingControl, TrainingResult } from "../networks";
import { counts, factors } from "../ranges";
import type { FitReport, FitTask } from "./method";
import { numberSetting, wholeSetting } from "./setting-ranges";

const positive = numberSetting(factors);
const count = wholeSetting(counts);

/** The options of training that a method's user may set; what is left out is the method's own default. */
export const trainingSettings = z
  .strictObject({
    epochs: count,
    patience: count,
    maxSteps: count,
    learningRate: positive,
    warmup: z.number().min(0).max(1),
    warmupSteps: wholeSetting({ ...counts, least: 0 }),
    decay: z.enum(["cosine", "linear", "inverse-square-root", "none"]),
    batch: z.union([z.strictObject({ texts: count }), z.strictObject({ tokens: count })]),
    alike: z.boolean(),
    tokensAtOnce: count,
    clipNorm: z.number().positive(),
    weightDecay: numberSetting({ ...factors, least: 0 }),
    beta1: z.number().min(0).max(1),
    beta2: z.number().min(0).max(1),
  })
  .partial()
  .default({});

/** What the training loop is told by a fit: where checkpoints go, how to stop, and whom to tell of progress. */
export function trainingControl(
  { checkpoints, signal, onProgress }: Pick<FitTask<unknown>, "checkpoints" | "signal" | "onProgress">,
  unit: "tokens" | "person-years",
): TrainingControl {
  return {
    folder: checkpoints,
    checkpointEvery: 50,
    signal,
    onProgress: ({ epoch, epochs, step, steps, loss, tokensPerSecond }) =>
      onProgress?.(
        step,
        steps,
        `epoch ${epoch}/${epochs}, ${Math.round(tokensPerSecond)} ${unit}/s, loss ${loss.toFixed(3)}`,
      ),
  };
}

/** What a training tells of itself, as a fit reports it. */
export function trainingReport({ history, bestEpoch }: TrainingResult): Omit<FitReport, "parameters"> {
  return { history, bestEpoch, validationLoss: history[bestEpoch - 1].validationLoss };
}
