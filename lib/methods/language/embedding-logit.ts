import type { Career } from "../../careers";
import { UserError } from "../../errors";
import type { TitleSet } from "../../occupations";
import { emptyDistribution, type OccupationModel } from "../../predictions";
import { Random } from "../../random";
import {
  DenseSoftmax,
  denseLogProbabilities,
  fitRidge,
  type RidgeOptions,
  type RidgeTrial,
  trainingHistories,
} from "../logit";
import { fitEmpirical, type TrainingCareers } from "../markov";
import { type CareerReader, embedCareers, type Reading } from "./career-embeddings";

export interface EmbeddingLogitOptions extends RidgeOptions {
  /** Layers to choose from, 1 … L. Default the first quarter, half, three quarters and all. */
  layers?: readonly number[] | "all";
  /** Poolings to choose from. Default both. */
  poolings?: readonly Reading["pooling"][];
  /** Training persons, and validation persons, on whom layer and pooling are chosen. Default 400. */
  selectionPersons?: number;
  /** Of the choice of those persons. Default 1. */
  seed?: number;
  /** Default "Embeddings with a logit head". */
  name?: string;
  /** Called as careers are read. */
  onProgress?: (done: number, total: number) => void;
}

/** A reading that was tried, and the mean -ln P that it gave on the selection's validation person-years. */
export interface ReadingTrial extends Reading {
  loss: number;
}

/** What is fitted over a language model's activations. */
export interface EmbeddingHead {
  readonly reading: Reading;
  /** The readings that were tried; empty where there was one only. */
  readonly readings: readonly ReadingTrial[];
  readonly ridge: number;
  readonly trials: readonly RidgeTrial[];
  /** (D + 1, J), of standardised features; the last row goes with a feature of ones. */
  readonly weights: Float64Array;
  /** (J): logarithms of the empirical distribution. */
  readonly offset: Float64Array;
  readonly standard: Standard;
}

export interface EmbeddingLogitModel
  extends OccupationModel,
    Pick<EmbeddingHead, "reading" | "readings" | "ridge" | "trials"> {
  readonly head: EmbeddingHead;
}

/** The features are as many as the model is wide, and depend on each other: they bear strong penalties. */
const GRID = [30_000, 10_000, 3000, 1000, 300, 100, 30, 10, 3, 1];
const CAREERS_PER_PREDICTION = 64;

/**
 * A language model's activations as features of a multinomial logit (LABOR-LLM v1): the model reads each career up to
 * the colon before the title; layer and pooling are chosen on validation careers, with some of the training persons;
 * the features are standardised, and the head fitted with a ridge that draws to the empirical distribution. The
 * language model is not trained.
 * @throws UserError if there is nothing to fit, a layer is none of the model's, or there is a choice to make and no
 * validation
 */
export async function fitEmbeddingLogit(
  reader: CareerReader,
  train: TrainingCareers,
  validation: readonly Career[],
  options: EmbeddingLogitOptions = {},
): Promise<EmbeddingLogitModel> {
  const { name = "Embeddings with a logit head", selectionPersons = 400, seed = 1, onProgress } = options;
  const { titles } = train;
  const candidates = readingsToTry(options, reader.decoder.config.layers);
  if (candidates.length > 1 && validation.length === 0) {
    throw new UserError(
      `there are ${candidates.length} layers and poolings and no validation careers to choose on`,
      "Give validation careers, or one layer and one pooling.",
    );
  }
  trainingHistories(train);
  const offset = fitEmpirical(train).probability.map(Math.log); // (J)
  const read = (careers: readonly Career[], held: readonly Career[], readings: readonly Reading[]) =>
    embedCareers(reader, [...careers, ...held], readings, onProgress);
  const fit = (
    values: Float32Array,
    careers: readonly Career[],
    held: readonly Career[],
    own: RidgeOptions,
  ) => fitHead(values, targets(careers, titles), targets(held, titles), offset, own);

  let best = candidates[0];
  let embedded: Float32Array | undefined;
  const readings: ReadingTrial[] = [];
  if (candidates.length > 1) {
    const order = (careers: readonly Career[]) =>
      [...new Random("selection", seed).permutation(careers.length)].slice(0, selectionPersons);
    const some = (careers: readonly Career[]) =>
      careers.length <= selectionPersons ? careers : order(careers).map((i) => careers[i]);
    const [chosen, held] = [some(train.careers), some(validation)];
    const tried = await read(chosen, held, candidates);
    for (const [r, values] of tried.entries()) {
      const { trials } = await fit(values.slice(), chosen, held, { ...options, tolerance: 1e-4 });
      readings.push({ ...candidates[r], loss: Math.min(...trials.map(({ loss }) => loss)) });
    }
    const least = readings.reduce((top, one) => (one.loss < top.loss ? one : top));
    best = { layer: least.layer, pooling: least.pooling };
    if (chosen === train.careers && held === validation) embedded = tried[readings.indexOf(least)];
  }
  embedded ??= (await read(train.careers, validation, [best]))[0];
  const { weights, standard, ridge, trials } = await fit(embedded, train.careers, validation, options);

  const head = { reading: best, readings, ridge, trials, weights, offset, standard };
  return embeddingLogitModel(name, reader, head, titles);
}

/** The model of a fitted head over the language model that it was fitted on. */
export function embeddingLogitModel(
  name: string,
  reader: CareerReader,
  head: EmbeddingHead,
  titles: TitleSet,
): EmbeddingLogitModel {
  const { reading, readings, ridge, trials, weights, offset, standard } = head;
  return {
    name,
    head,
    reading,
    readings,
    ridge,
    trials,
    async predict(careers, { onProgress } = {}) {
      const distribution = emptyDistribution(careers, titles);
      let row = 0;
      for (let from = 0; from < careers.length; from += CAREERS_PER_PREDICTION) {
        const some = careers.slice(from, from + CAREERS_PER_PREDICTION);
        const [values] = await embedCareers(reader, some, [reading]);
        standardise(values, standard);
        const rows = { values, width: standard.mean.length };
        distribution.logProbability.set(denseLogProbabilities(rows, weights, offset), row * titles.size);
        row += values.length / rows.width;
        onProgress?.(row, distribution.observed.length);
      }
      return distribution;
    },
    dispose: () => reader.decoder.dispose(),
  };
}

/** How features are brought to mean 0 and standard deviation 1; (D) each. */
export interface Standard {
  mean: Float64Array;
  deviation: Float64Array;
}

/**
 * @param values (N + M, D): training rows, then validation rows; overwritten
 * @param target (N)
 * @param heldTarget (M)
 */
async function fitHead(
  values: Float32Array,
  target: Int32Array,
  heldTarget: Int32Array,
  offset: Float64Array,
  options: RidgeOptions,
) {
  const J = offset.length;
  const width = values.length / (target.length + heldTarget.length);
  const split = target.length * width;
  const standard = standardOf(values.subarray(0, split), width);
  standardise(values, standard);
  const held = { values: values.subarray(split), width };
  const counts = new Float64Array(J);
  for (const title of target) counts[title]++;
  const curvature = new Float64Array((width + 1) * J); // (D + 1, J)
  for (let i = 0; i < curvature.length; i++) {
    const share = (counts[i % J] + Math.exp(offset[i % J])) / (target.length + 1);
    curvature[i] = target.length * share * (1 - share);
  }
  const softmax = new DenseSoftmax({ values: values.subarray(0, split), width }, target, offset);
  try {
    const validate = (weights: Float64Array) => {
      const logP = denseLogProbabilities(held, weights, offset);
      return -heldTarget.reduce((sum, title, n) => sum + logP[n * J + title], 0) / heldTarget.length;
    };
    const ridge = options.ridge ?? (heldTarget.length > 0 ? GRID : 1000);
    const validated = heldTarget.length > 0 ? validate : undefined;
    const fit = await fitRidge(softmax.objective, curvature, validated, { ...options, ridge });
    return { ...fit, standard };
  } finally {
    softmax.dispose();
  }
}

/** @param values (N, D) */
function standardOf(values: Float32Array, width: number): Standard {
  const mean = new Float64Array(width);
  const deviation = new Float64Array(width);
  const rows = values.length / width;
  for (let i = 0; i < values.length; i++) mean[i % width] += values[i] / rows;
  for (let i = 0; i < values.length; i++) deviation[i % width] += (values[i] - mean[i % width]) ** 2 / rows;
  // A feature that does not vary has no effect to estimate.
  return { mean, deviation: deviation.map((variance) => Math.sqrt(variance) || Infinity) };
}

function standardise(values: Float32Array, { mean, deviation }: Standard): void {
  const width = mean.length;
  for (let i = 0; i < values.length; i++) values[i] = (values[i] - mean[i % width]) / deviation[i % width];
}

/** (N) */
function targets(careers: readonly Career[], titles: TitleSet): Int32Array {
  return Int32Array.from(
    careers.flatMap(({ observations }) => observations.map(({ title }) => titles.indexOf(title))),
  );
}

function readingsToTry({ layers, poolings }: EmbeddingLogitOptions, L: number): Reading[] {
  const quarters = [...new Set([1, 2, 3, 4].map((q) => Math.max(1, Math.round((q * L) / 4))))];
  const asked = layers === "all" ? Array.from({ length: L }, (_, i) => i + 1) : (layers ?? quarters);
  const wrong = asked.find((layer) => !(Number.isInteger(layer) && layer >= 1 && layer <= L));
  if (wrong !== undefined)
    throw new UserError(`layer ${wrong} is asked for`, `The model has layers 1 to ${L}.`);
  const pooled = poolings ?? ["last", "mean"];
  if (asked.length === 0 || pooled.length === 0) {
    throw new UserError("there is no layer or no pooling to try", "Give at least one of each.");
  }
  return asked.flatMap((layer) => pooled.map((pooling) => ({ layer, pooling })));
}
