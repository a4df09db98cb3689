import { epochBatches } from "./batches";
import type { TrainingOptions } from "./options";
import type { ScheduleOptions } from "./schedule";

/** The whole of a run, before it starts: a pure function of the examples' sizes and the options. */
export interface RunPlan {
  /** Examples of each step of each epoch, by index; the last epoch may be cut short by `maxSteps`. */
  epochs: number[][][];
  totalSteps: number;
  schedule: ScheduleOptions;
}

export function planRun(sizes: readonly number[], options: TrainingOptions): RunPlan {
  const { maxSteps = Number.POSITIVE_INFINITY, batch, seed, alike } = options;
  const epochs: number[][][] = [];
  let totalSteps = 0;
  for (let epoch = 1; epoch <= options.epochs && totalSteps < maxSteps; epoch++) {
    const batches = epochBatches(sizes, batch, seed, epoch, alike).slice(0, maxSteps - totalSteps);
    epochs.push(batches);
    totalSteps += batches.length;
  }
  const warmupSteps = options.warmupSteps ?? Math.round(options.warmup * totalSteps);
  return { epochs, totalSteps, schedule: { ...options, totalSteps, warmupSteps } };
}
