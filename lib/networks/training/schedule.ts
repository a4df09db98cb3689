/** How the learning rate falls after warm-up. */
export type Decay = "cosine" | "linear" | "inverse-square-root" | "none";

export interface ScheduleOptions {
  /** Peak, reached at the end of warm-up. */
  learningRate: number;
  /** Steps of linear rise from zero. */
  warmupSteps: number;
  /** Steps of the whole run. */
  totalSteps: number;
  decay: Decay;
  /** Floor, as a share of the peak. */
  floor?: number;
}

/**
 * Learning rate of a step, as in Hugging Face's `get_cosine_schedule_with_warmup` and
 * `get_linear_schedule_with_warmup`; the inverse square root is that of Vaswani et al. (2017) and fairseq: the peak
 * times √(warm-up steps / steps done).
 * @param step 0 for the first
 */
export function learningRateAt(step: number, options: ScheduleOptions): number {
  const { learningRate, warmupSteps, totalSteps, decay, floor = 0 } = options;
  if (step < warmupSteps) return (learningRate * step) / Math.max(1, warmupSteps);
  const progress = Math.min(1, (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps));
  const share = {
    cosine: 0.5 * (1 + Math.cos(Math.PI * progress)),
    linear: 1 - progress,
    "inverse-square-root": Math.sqrt(Math.max(1, warmupSteps) / Math.max(1, warmupSteps, step)),
    none: 1,
  }[decay];
  return learningRate * (floor + (1 - floor) * share);
}
