import { setImmediate } from "node:timers/promises";
import { UserError } from "../../errors";
import { AdamW } from "./adamw";
import { type Checkpoints, openCheckpoints, whatIsGood } from "./checkpoints";
import { compiledSteps } from "./compiled-gradients";
import { checkTraining, type TrainingOptions } from "./options";
import { planRun } from "./plan";
import { Pace, type TrainingProgress } from "./progress";
import { type EpochRecord, freshState, type RunState } from "./run-state";
import { learningRateAt } from "./schedule";
import { meanLoss, TrainingDiverged, trainingStep } from "./step";
import type { Trainable, TrainingData } from "./trainable";

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
  /** Epoch whose weights the model holds now. */
  bestEpoch: number;
}

/** Thrown when a signal stopped the run; a run with a folder goes on from there. */
export class TrainingInterrupted extends UserError {}

/**
 * Trains a model's parameters and leaves it with those of the epoch of least validation loss. Yields after each
 * step, so that a notebook's kernel stays responsive.
 * @throws TrainingInterrupted after `control.signal`
 * @throws TrainingDiverged where the loss is no longer a number; the folder keeps the last good checkpoint
 * @throws UserError for an impossible option, an example that the model cannot read, a folder that holds another
 *   run, or a checkpoint that cannot be written
 */
export async function train<Example>(
  trainable: Trainable<Example>,
  data: TrainingData<Example>,
  options: TrainingOptions,
  control: TrainingControl = {},
): Promise<TrainingResult> {
  checkTraining(options);
  checkExamples(trainable, data);
  const { epochs, totalSteps, schedule } = planRun(
    data.training.map((example) => trainable.size(example)),
    options,
  );

  const steps = epochs.flatMap((batches) => batches.map((batch) => batch.map((i) => data.training[i])));
  const compiled = compiledSteps(trainable, steps, options.tokensAtOnce);
  const optimiser = new AdamW(trainable.parameters, options);
  const checkpoints = openCheckpoints(control.folder, trainable, optimiser, data, options);
  const pace = new Pace();
  try {
    let state = checkpoints.resume() ?? freshState();
    for (; state.epoch <= epochs.length && !hasTurned(state, options); state = nextEpoch(state)) {
      const batches = epochs[state.epoch - 1];
      while (state.stepInEpoch < batches.length) {
        const examples = batches[state.stepInEpoch].map((i) => data.training[i]);
        const place = {
          step: state.step,
          learningRate: learningRateAt(state.step, schedule),
          words: `epoch ${state.epoch}, batch ${state.stepInEpoch + 1}`,
        };
        const { loss, targets } = trainingStep(trainable, optimiser, examples, place, options, compiled);
        state.lossSum += loss * targets;
        state.targets += targets;
        state.step++;
        state.stepInEpoch++;
        pace.add(targets);
        control.onProgress?.({
          epoch: state.epoch,
          epochs: epochs.length,
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
      await closeEpoch(trainable, data, options.tokensAtOnce, state, checkpoints);
    }
    checkpoints.restoreBest(state.bestEpoch);
    return { history: state.history, bestEpoch: state.bestEpoch };
  } catch (error) {
    if (!(error instanceof TrainingDiverged)) throw error;
    throw new TrainingDiverged(error.problem, `${whatIsGood(checkpoints.savedStep())} ${error.remedy}`);
  } finally {
    optimiser.dispose();
    checkpoints.dispose();
  }
}

async function closeEpoch<Example>(
  trainable: Trainable<Example>,
  data: TrainingData<Example>,
  tokensAtOnce: number,
  state: RunState,
  checkpoints: Checkpoints,
): Promise<void> {
  const validationLoss = await meanLoss(trainable, data.validation, tokensAtOnce);
  if (!Number.isFinite(validationLoss)) {
    throw new TrainingDiverged(
      `the validation loss became ${validationLoss} after epoch ${state.epoch}`,
      "Train with a smaller learning rate or a longer warm-up.",
    );
  }
  const best = state.history.reduce((least, record) => Math.min(least, record.validationLoss), Infinity);
  state.history.push({ epoch: state.epoch, trainingLoss: state.lossSum / state.targets, validationLoss });
  if (validationLoss < best) {
    state.bestEpoch = state.epoch;
    checkpoints.keepBest(state.epoch);
  }
  checkpoints.save(nextEpoch(state));
}

/** Whether validation has found nothing better for as long as the run waits. */
function hasTurned({ epoch, bestEpoch }: RunState, { patience = Infinity }: TrainingOptions): boolean {
  return bestEpoch > 0 && epoch - 1 - bestEpoch >= patience;
}

function nextEpoch(state: RunState): RunState {
  return { ...state, epoch: state.epoch + 1, stepInEpoch: 0, lossSum: 0, targets: 0 };
}

function checkExamples<Example>(
  trainable: Trainable<Example>,
  { training, validation }: TrainingData<Example>,
): void {
  for (const [name, examples] of Object.entries({ training, validation })) {
    if (examples.length === 0) throw new UserError(`the ${name} set is empty`, "Give at least one text.");
    examples.forEach((example, i) => {
      const found = trainable.problem?.(example);
      if (found !== undefined) throw new UserError(`${name} text ${i + 1} ${found.problem}`, found.remedy);
    });
  }
}

function interrupted(folder: string | undefined, state: RunState): TrainingInterrupted {
  const kept =
    folder === undefined ? "Nothing was kept: no folder was given" : "Run it again to go on from there";
  return new TrainingInterrupted(`training was stopped at step ${state.step}`, `${kept}.`);
}
