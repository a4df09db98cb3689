import type { CovariateName, CovariateScale, TrainingControl, TrainingOptions } from "../../networks";

/** How a network over jobs is fitted, whatever its kind. */
export interface JobFitOptions {
  /** Two stages, as the paper, or one softmax. Default true. */
  twoStage?: boolean;
  /** What the model is given besides the jobs. Default all: year, education, ethnicity, gender, region, birthYear. */
  covariates?: readonly CovariateName[];
  /** Of the first weights, the order of persons and dropout. Default 1. */
  seed?: number;
  /** What the training has otherwise than the default of the function. */
  training?: Partial<TrainingOptions>;
  /** Checkpoints, progress, a signal to stop. */
  control?: TrainingControl;
  /** Name in tables. */
  name?: string;
}

/** Sizes of CAREER's transformer; the paper's by default. */
export interface CareerSizes {
  /** Default 12. */
  layers?: number;
  /** Default 192. */
  width?: number;
  /** Default 768. */
  feedForward?: number;
  /** Default 3. */
  heads?: number;
  /** Default 0.1. */
  dropout?: number;
  /** Default "published". */
  covariateScale?: CovariateScale;
}

/** Adam as the authors ran it: their fairseq decouples weight decay and, told 0, does not clip. */
const adam = { beta1: 0.9, beta2: 0.98, epsilon: 1e-8, weightDecay: 0.01, decoupled: true } as const;
const unclipped = Number.MAX_VALUE;

/** Person-years whose activations are in memory at a time: about 0.7 GB in the paper's sizes, besides the engine's own. */
const PERSON_YEARS_AT_ONCE = 2048;

/** Pre-training as the paper has it, for millions of résumés. */
export const paperPretraining: TrainingOptions = {
  ...adam,
  epochs: 1000,
  maxSteps: 85_000,
  learningRate: 5e-4,
  warmup: 0,
  warmupSteps: 4000,
  decay: "inverse-square-root",
  batch: { tokens: 16_000 },
  tokensAtOnce: PERSON_YEARS_AT_ONCE,
  clipNorm: unclipped,
  seed: 1,
};

/** Fine-tuning as the paper has it: up to 5,000 updates, the best on validation kept. */
export const paperFineTuning: TrainingOptions = {
  ...paperPretraining,
  learningRate: 1e-4,
  warmupSteps: 500,
  maxSteps: 5000,
};

/**
 * From random weights on some thousand persons: small batches, since there are few of them, warm-up as a share of the
 * steps, and epochs until validation has turned.
 */
export const fewPersonsTraining: TrainingOptions = {
  ...paperPretraining,
  epochs: 30,
  patience: 5,
  maxSteps: undefined,
  warmup: 0.05,
  warmupSteps: undefined,
  batch: { texts: 8 },
};

/** Pre-training on some thousand résumés. */
export const fewResumesTraining: TrainingOptions = { ...fewPersonsTraining, batch: { tokens: 1000 } };

/** Fine-tuning on some thousand persons. */
export const fewPersonsFineTuning: TrainingOptions = { ...fewPersonsTraining, learningRate: 3e-4 };
