import { setImmediate } from "node:timers/promises";
import * as tf from "@tensorflow/tfjs";
import { UserError } from "../errors";
import type { Decoder } from "../models/decoder";
import { variableGradients } from "../operations/gradients";
import { AdamW, clipByGlobalNorm } from "./adamw";
import { epochBatches } from "./batches";
import { type Checkpoints, openCheckpoints } from "./checkpoints";
import { checkTraining, defaultTraining, type TrainingOptions } from "./options";
import { blocksToTensors, packBlocks } from "./pack";
import { type EpochRecord, freshState, type RunState } from "./run-state";
import { learningRateAt } from "./schedule";

/** Texts as pieces; loss falls on every piece but a text's first. */
export interface TrainingData {
  training: readonly Int32Array[];
  validation: readonly Int32Array[];
}

/** Where a run is, for a progress bar. */
export interface TrainingProgress {
  epoch: number;
  epochs: number;
  step: number;
  steps: number;
  /** Loss of the step, in nats per piece. */
  loss: number;
  tokensPerSecond: number;
  secondsLeft: number;
}

export interface TrainingControl {
  /** Folder for checkpoints; a run found there goes on. Without it nothing is kept on disk. */
  folder?: string;
  /** Steps between checkpoints, besides one at each epoch's end. */
  checkpointEvery?: number;
  onProgress?: (progress: TrainingProgress) => void;
  /** Stops the run after the step under way, with a checkpoint. */
  signal?: AbortSignal;
}

export interface TrainingResult {
  history: EpochRecord[];
  /** Epoch whose weights the decoder holds now. */
  bestEpoch: number;
}

/** Thrown when a signal stopped the run; a run with a folder goes on from there. */
export class TrainingInterrupted extends UserError {}

/**
 * Trains all parameters by next-token loss on the whole text (LABOR-LLM, fine-tuning) and leaves the decoder
 * with the weights of the epoch of least validation loss. Yields after each step, so that a notebook's kernel
 * stays responsive.
 * @throws TrainingInterrupted after `control.signal`
 * @throws UserError for an impossible option, a text longer than the model's context, or a folder that holds
 *   another run
 */
export async function train(
  decoder: Decoder,
  data: TrainingData,
  options: TrainingOptions,
  control: TrainingControl = {},
): Promise<TrainingResult> {
  checkTraining(options);
  checkTexts(data, decoder.config.contextLength);
  const lengths = data.training.map((text) => text.length);
  const plan = Array.from({ length: options.epochs }, (_, e) =>
    epochBatches(lengths, options.batch, options.seed, e + 1),
  );
  const totalSteps = plan.reduce((n, epoch) => n + epoch.length, 0);
  const schedule = { ...options, totalSteps, warmupSteps: Math.round(options.warmup * totalSteps) };

  const optimiser = new AdamW(decoder.parameters, options);
  const checkpoints = openCheckpoints(control.folder, decoder, optimiser, data, options);
  let state = checkpoints.resume() ?? freshState();
  const pace = new Pace();
  try {
    for (; state.epoch <= options.epochs; state = nextEpoch(state)) {
      const batches = plan[state.epoch - 1];
      while (state.stepInEpoch < batches.length) {
        const texts = batches[state.stepInEpoch].map((i) => data.training[i]);
        const rate = learningRateAt(state.step, schedule);
        const { loss, pieces } = step(decoder, optimiser, texts, rate, options);
        state.lossSum += loss * pieces;
        state.pieces += pieces;
        state.step++;
        state.stepInEpoch++;
        pace.add(pieces);
        control.onProgress?.({
          epoch: state.epoch,
          epochs: options.epochs,
          step: state.step,
          steps: totalSteps,
          loss,
          tokensPerSecond: pace.tokensPerSecond(),
          secondsLeft: pace.secondsFor(totalSteps - state.step),
        });
        await setImmediate();
        const stop = control.signal?.aborted === true;
        const due = control.checkpointEvery !== undefined && state.step % control.checkpointEvery === 0;
        if (stop || due) checkpoints.save(state);
        if (stop) throw interrupted(control.folder, state);
      }
      await closeEpoch(decoder, data, options.piecesAtOnce, state, checkpoints);
    }
    checkpoints.restoreBest(state.bestEpoch);
    return { history: state.history, bestEpoch: state.bestEpoch };
  } finally {
    optimiser.dispose();
    checkpoints.dispose();
  }
}

/**
 * One optimiser step; the loss is that before it. A batch that holds more pieces than may be in memory at once is
 * taken in parts whose gradients are added up, each part by its share of the predicted pieces.
 */
function step(
  decoder: Decoder,
  optimiser: AdamW,
  texts: readonly Int32Array[],
  learningRate: number,
  { clipNorm, piecesAtOnce }: TrainingOptions,
): { loss: number; pieces: number } {
  const pieces = predictedPieces(texts);
  let loss = 0;
  tf.tidy(() => {
    let sum: Record<string, tf.Tensor> = {};
    for (const part of parts(texts, piecesAtOnce)) {
      const share = predictedPieces(part) / pieces;
      const added = tf.tidy(() => {
        const { value, gradients } = lossAndGradients(decoder, part);
        loss += share * value.dataSync()[0];
        const entries = Object.entries(gradients).map(([name, gradient]): [string, tf.Tensor] => {
          const weighted = share === 1 ? gradient : gradient.mul(share);
          return [name, name in sum ? sum[name].add(weighted) : weighted];
        });
        return Object.fromEntries(entries);
      });
      tf.dispose(sum);
      sum = added;
    }
    optimiser.apply(clipByGlobalNorm(sum, clipNorm), learningRate);
  });
  return { loss, pieces };
}

function lossAndGradients(
  decoder: Decoder,
  texts: readonly Int32Array[],
): { value: tf.Scalar; gradients: Record<string, tf.Tensor> } {
  const { batches, at, targets } = blocksToTensors(packBlocks(texts, decoder.config.width));
  const { parameters } = decoder;
  const { value, grads } = variableGradients(
    () => decoder.loss(batches, at, targets),
    [...parameters.values()],
  );
  const gradients = Object.fromEntries([...parameters].map(([name, { name: id }]) => [name, grads[id]]));
  return { value, gradients };
}

/** Every piece of a text but its first. */
function predictedPieces(texts: readonly Int32Array[]): number {
  return texts.reduce((n, text) => n + text.length - 1, 0);
}

/**
 * Parts of at most so many pieces, a longer text in a part of its own. Texts of like length come together: they
 * leave little of a row unused.
 */
function parts(texts: readonly Int32Array[], piecesAtOnce: number): Int32Array[][] {
  const result: Int32Array[][] = [];
  let room = 0;
  for (const text of [...texts].sort((a, b) => b.length - a.length)) {
    if (text.length > room || result.length === 0) {
      result.push([]);
      room = piecesAtOnce;
    }
    result[result.length - 1].push(text);
    room -= text.length;
  }
  return result;
}

async function closeEpoch(
  decoder: Decoder,
  data: TrainingData,
  piecesAtOnce: number,
  state: RunState,
  checkpoints: Checkpoints,
): Promise<void> {
  const validationLoss = await meanLoss(decoder, data.validation, piecesAtOnce);
  const best = state.history.reduce((least, record) => Math.min(least, record.validationLoss), Infinity);
  state.history.push({ epoch: state.epoch, trainingLoss: state.lossSum / state.pieces, validationLoss });
  if (validationLoss < best) {
    state.bestEpoch = state.epoch;
    checkpoints.keepBest(state.epoch);
  }
  checkpoints.save(nextEpoch(state));
}

function nextEpoch(state: RunState): RunState {
  return { ...state, epoch: state.epoch + 1, stepInEpoch: 0, lossSum: 0, pieces: 0 };
}

/**
 * Mean cross-entropy per piece, in nats; each text's first piece is given, not predicted.
 * @param piecesAtOnce most pieces in memory at a time
 */
export async function meanLoss(
  decoder: Decoder,
  texts: readonly Int32Array[],
  piecesAtOnce = defaultTraining.piecesAtOnce,
): Promise<number> {
  let sum = 0;
  for (const part of parts(texts, piecesAtOnce)) {
    const loss = tf.tidy(() => {
      const { batches, at, targets } = blocksToTensors(packBlocks(part, decoder.config.width));
      return decoder.loss(batches, at, targets).dataSync()[0];
    });
    sum += loss * predictedPieces(part);
    await setImmediate();
  }
  return sum / predictedPieces(texts);
}

function checkTexts({ training, validation }: TrainingData, contextLength: number): void {
  for (const [name, texts] of Object.entries({ training, validation })) {
    if (texts.length === 0) throw new UserError(`the ${name} set is empty`, "Give at least one text.");
    texts.forEach((text, i) => {
      if (text.length < 2 || text.length > contextLength) {
        throw new UserError(
          `${name} text ${i + 1} has ${text.length} pieces; the model reads 2 to ${contextLength}`,
          "Shorten the history or take a model with a longer context.",
        );
      }
    });
  }
}

function interrupted(folder: string | undefined, state: RunState): TrainingInterrupted {
  const kept =
    folder === undefined ? "Nothing was kept: no folder was given" : "Run it again to go on from there";
  return new TrainingInterrupted(`training was stopped at step ${state.step}`, `${kept}.`);
}

/** Speed of this process, for the progress bar only: no result depends on it. */
class Pace {
  private readonly start = performance.now();
  private steps = 0;
  private tokens = 0;

  add(tokens: number): void {
    this.steps++;
    this.tokens += tokens;
  }

  tokensPerSecond(): number {
    return this.tokens / this.seconds();
  }

  secondsFor(steps: number): number {
    return (steps * this.seconds()) / this.steps;
  }

  private seconds(): number {
    return (performance.now() - this.start) / 1000;
  }
}
