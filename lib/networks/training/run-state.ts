/** What a run knows of one finished epoch. */
export interface EpochRecord {
  epoch: number;
  /** Mean over the epoch's targets (of a text each token but the first), in nats, as they were met. */
  trainingLoss: number;
  /** Mean over the validation targets after the epoch, in nats. */
  validationLoss: number;
}

/** Where a run is: all that a resumed one needs besides the tensors. */
export interface RunState {
  /** Epoch under way, from 1, and optimiser steps done in it and in all. */
  epoch: number;
  stepInEpoch: number;
  step: number;
  /** Sums over the epoch under way. */
  lossSum: number;
  targets: number;
  history: EpochRecord[];
  /** Epoch of least validation loss so far; 0 before the first. */
  bestEpoch: number;
}

export function freshState(): RunState {
  return { epoch: 1, stepInEpoch: 0, step: 0, lossSum: 0, targets: 0, history: [], bestEpoch: 0 };
}
