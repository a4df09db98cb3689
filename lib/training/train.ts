import { setImmediate } from "node:timers/promises";
import * as tf from "@tensorflow/tfjs";
import { UserError } from "../errors";
import type { Decoder } from "../models/decoder";
import { AdamW, clipByGlobalNorm } from "./adamw";
import { epochBatches } from "./batches";
import { type Checkpoints, openCheckpoints } from "./checkpoints";
import { checkTraining, type TrainingOptions } from "./options";
import { packRows, toTensors } from "./pack";
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
        const { loss, pieces } = step(
          decoder,
          optimiser,
          texts,
          learningRateAt(state.step, schedule),
          options.clipNorm,
        );
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
      await closeEpoch(decoder, data, options.batch, state, checkpoints);
    }
    checkpoints.restoreBest(state.bestEpoch);
    return { history: state.history, bestEpoch: state.bestEpoch };
  } finally {
    optimiser.dispose();
    checkpoints.dispose();
  }
}

/** One optimiser step; the loss is that before it. */
function step(
  decoder: Decoder,
  optimiser: AdamW,
  texts: readonly Int32Array[],
  learningRate: number,
  clipNorm: number,
): { loss: number; pieces: number } {
  return tf.tidy(() => {
    const { batch, at, targets } = toTensors(packRows(texts, decoder.config.width));
    const { value, grads } = tf.variableGrads(
      () => decoder.loss(batch, at, targets),
      [...decoder.parameters.values()],
    );
    const byName = Object.fromEntries(
      [...decoder.parameters].map(([name, variable]) => [name, grads[variable.name]]),
    );
    optimiser.apply(clipByGlobalNorm(byName, clipNorm), learningRate);
    return { loss: value.dataSync()[0], pieces: targets.size };
  });
}

async function closeEpoch(
  decoder: Decoder,
  data: TrainingData,
  size: TrainingOptions["batch"],
  state: RunState,
  checkpoints: Checkpoints,
): Promise<void> {
  const validationLoss = await meanLoss(decoder, data.validation, size);
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

/** Mean cross-entropy per piece, in nats; each text's first piece is given, not predicted. */
export async function meanLoss(
  decoder: Decoder,
  texts: readonly Int32Array[],
  size: TrainingOptions["batch"] = { texts: 32 },
): Promise<number> {
  let sum = 0;
  let pieces = 0;
  for (const members of epochBatches(
    texts.map((text) => text.length),
    size,
    0,
    0,
  )) {
    const batch = members.map((i) => texts[i]);
    const loss = tf.tidy(() => {
      const { batch: rows, at, targets } = toTensors(packRows(batch, decoder.config.width));
      return decoder.loss(rows, at, targets).dataSync()[0];
    });
    const predicted = batch.reduce((n, text) => n + text.length - 1, 0);
    sum += loss * predicted;
    pieces += predicted;
    await setImmediate();
  }
  return sum / pieces;
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
