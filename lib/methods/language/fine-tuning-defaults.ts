import type { TrainingOptions } from "../../networks";

/** What shapes a fine-tuning besides its data. */
export interface FineTuningDefaults {
  training: Pick<TrainingOptions, "epochs" | "learningRate" | "batch"> & Partial<TrainingOptions>;
  vocabulary: "full" | "reachable";
  target: "text" | "titles";
}

/**
 * How a base model is fine-tuned unless its user says otherwise: the command line's defaults, and what the notebooks'
 * profiles of that base model do. The tiny one takes few passes of small batches: more steps for the texts that are
 * read than many passes of large ones. Any other is trained as gemma-3-270m was on the NLSY97 cohort.
 */
export function fineTuningDefaults(base: string): FineTuningDefaults {
  if (base === "tiny") {
    return {
      training: { epochs: 3, learningRate: 1e-3, batch: { texts: 8 } },
      vocabulary: "reachable",
      target: "text",
    };
  }
  return {
    training: {
      epochs: 2,
      learningRate: 1e-4,
      warmup: 0.05,
      weightDecay: 0.01,
      batch: { texts: 4 },
      tokensAtOnce: 1600,
    },
    vocabulary: "reachable",
    target: "titles",
  };
}

/** Products of low rank are trained at so many times the learning rate of all parameters (notebook 05, by validation). */
export const LORA_RATE = 10;
