import { setImmediate } from "node:timers/promises";
import * as tf from "@tensorflow/tfjs";
import { UserError } from "../errors";
import { variableGradients } from "../operations/gradients";
import { Random } from "../random";
import { type AdamW, clippingScale, globalNorm } from "./adamw";
import { defaultTraining, type TrainingOptions } from "./options";
import type { Trainable } from "./trainable";

/** Where in a run a step stands. */
export interface StepPlace {
  /** Steps done before it. */
  step: number;
  learningRate: number;
  /** In words, for errors: "epoch 2, batch 17". */
  words: string;
}

/** Thrown before a loss or a gradient that is no number can reach the weights. */
export class TrainingDiverged extends UserError {}

/**
 * One optimiser step; the loss is that before it. A batch larger than may be in memory at once is taken in parts
 * whose gradients are added up, each part by its share of the targets.
 * @throws TrainingDiverged if the loss or the gradient is not a finite number; the weights are as they were
 */
export function trainingStep<Example>(
  trainable: Trainable<Example>,
  optimiser: AdamW,
  examples: readonly Example[],
  place: StepPlace,
  { clipNorm, piecesAtOnce, seed }: TrainingOptions,
): { loss: number; targets: number } {
  const targets = countTargets(trainable, examples);
  let loss = 0;
  tf.tidy(() => {
    let sum: Record<string, tf.Tensor> = {};
    parts(trainable, examples, piecesAtOnce).forEach((part, p) => {
      const share = countTargets(trainable, part) / targets;
      const pass = { training: true, random: new Random("dropout", seed, place.step, p) };
      const added = tf.tidy(() => {
        const { value, gradients } = lossAndGradients(trainable, () => trainable.loss(part, pass));
        loss += share * value.dataSync()[0];
        const entries = Object.entries(gradients).map(([name, gradient]): [string, tf.Tensor] => {
          const weighted = share === 1 ? gradient : gradient.mul(share);
          return [name, name in sum ? sum[name].add(weighted) : weighted];
        });
        return Object.fromEntries(entries);
      });
      tf.dispose(sum);
      sum = added;
    });
    const norm = globalNorm(sum);
    demandFinite(loss, "loss", place.words);
    demandFinite(norm, "gradient", place.words);
    optimiser.apply(sum, place.learningRate, clippingScale(norm, clipNorm));
  });
  return { loss, targets };
}

function demandFinite(value: number, name: string, where: string): void {
  if (Number.isFinite(value)) return;
  throw new TrainingDiverged(
    `the ${name} became ${value} at ${where}`,
    "Train with a smaller learning rate or a longer warm-up, and look for odd texts in that batch.",
  );
}

function lossAndGradients<Example>(
  { parameters }: Trainable<Example>,
  loss: () => tf.Scalar,
): { value: tf.Scalar; gradients: Record<string, tf.Tensor> } {
  const { value, grads } = variableGradients(loss, [...parameters.values()]);
  const gradients = Object.fromEntries([...parameters].map(([name, { name: id }]) => [name, grads[id]]));
  return { value, gradients };
}

/**
 * Mean loss per target, in nats, without dropout; of a text each piece but the first.
 * @param piecesAtOnce most pieces in memory at a time
 */
export async function meanLoss<Example>(
  trainable: Trainable<Example>,
  examples: readonly Example[],
  piecesAtOnce = defaultTraining.piecesAtOnce,
): Promise<number> {
  let sum = 0;
  for (const part of parts(trainable, examples, piecesAtOnce)) {
    const loss = tf.tidy(() => trainable.loss(part).dataSync()[0]);
    sum += loss * countTargets(trainable, part);
    await setImmediate();
  }
  return sum / countTargets(trainable, examples);
}

function countTargets<Example>(trainable: Trainable<Example>, examples: readonly Example[]): number {
  return examples.reduce((n, example) => n + trainable.targets(example), 0);
}

/**
 * Parts of at most so many pieces, a larger example in a part of its own. Examples of like size come together: they
 * leave little of a row unused.
 */
function parts<Example>(
  trainable: Trainable<Example>,
  examples: readonly Example[],
  piecesAtOnce: number,
): Example[][] {
  const result: Example[][] = [];
  let room = 0;
  for (const example of [...examples].sort((a, b) => trainable.size(b) - trainable.size(a))) {
    if (trainable.size(example) > room || result.length === 0) {
      result.push([]);
      room = piecesAtOnce;
    }
    result[result.length - 1].push(example);
    room -= trainable.size(example);
  }
  return result;
}
