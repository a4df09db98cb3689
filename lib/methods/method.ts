import type { z } from "zod";
import type { CareerPanel, PooledCareers } from "../careers";
import type { OccupationModel } from "../predictions";
import type { Wording } from "../text";

/** Where a fit is: so much of the work done, and a few words on it. */
export type FitProgress = (done: number, total: number, note: string) => void;

/** What a method is fitted on, and how the fit is watched and kept. */
export interface FitTask<Settings> {
  train: CareerPanel;
  validation: CareerPanel;
  /** Careers of other surveys to train on too, for a method that `pools`. */
  pool?: readonly PooledCareers[];
  settings: Settings;
  /** How titles stand in a text; methods that read no text ignore it. */
  wording: Wording;
  /** Seed of everything random in the fit. */
  seed: number;
  /** Folder for checkpoints; a fit that was killed goes on from there. */
  checkpoints?: string;
  /** Folder of a model of the same method that the fit goes on from, on other careers perhaps. */
  from?: string;
  onProgress?: FitProgress;
  signal?: AbortSignal;
}

/** What a fit tells of itself, besides the model. */
export interface FitReport {
  /**
   * Free numbers of the model: probabilities less one a row, coefficients of a logit against one title, weights of a
   * network. Of a language model that is not fine-tuned those that it has, or of a head that was fitted on it the head's.
   */
  parameters: number;
  /** Those that were trained, where they are not all: an adapter's. */
  trained?: number;
  /** Nats, per token of a language model and per person-year of the others; absent where nothing was chosen by it. */
  validationLoss?: number;
  /** Epoch by epoch, where there were epochs. */
  history?: readonly { epoch: number; trainingLoss: number; validationLoss: number }[];
  bestEpoch?: number;
}

export interface FittedModel extends FitReport {
  model: OccupationModel;
  /** Writes the method's own files, each atomically, into a folder that exists. */
  save(folder: string): void;
}

/** What `open` is told of the survey that a model was fitted on. */
export type OpenTask<Settings> = Pick<CareerPanel, "titles" | "surveyTag"> & {
  settings: Settings;
  wording: Wording;
  folder: string;
  /** Where the base model is now, of a model that stands on one; default where it was. */
  base?: string;
};

/** A way to make an `OccupationModel`, under the name by which the command line and the experiments call it. */
export interface Method<Settings = unknown> {
  readonly id: string;
  /**
   * The file of its code: with what that loads it is what a fit, and its predictions, are made by. Absent of a method that
   * is this process's own (`addMethod`).
   */
  readonly code?: string;
  /** As tables have it: "Fine-tuned". */
  readonly label: string;
  /** A sentence. */
  readonly summary: string;
  /** Settings and their defaults; strict, so that a misspelt one is refused. */
  readonly settings: z.ZodType<Settings>;
  /** Whether it can learn from other surveys' careers, by weight; false unless said. */
  readonly pools?: boolean;
  /** Whether it can learn from parts of careers whose first observations are history alone (`shortHistories`); false unless said. */
  readonly learnsFromParts?: boolean;
  /** The parts of a split that a fit must have persons in; training and validation unless it says. */
  needs?(settings: Settings): readonly ("train" | "validation")[];
  /** What else, besides its settings, the method's results are a function of: digests of base models. */
  fingerprint?(settings: Settings): Promise<string>;
  fit(task: FitTask<Settings>): Promise<FittedModel>;
  /** Opens what `save` wrote. @throws UserError naming the file that is missing, damaged or of another fit */
  open(task: OpenTask<Settings>): Promise<OccupationModel>;
}
