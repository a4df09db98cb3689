import { setImmediate } from "node:timers/promises";
import * as tf from "@tensorflow/tfjs";
import { UserError } from "../../errors";
import { gradientsOf } from "../../operations";
import { Random } from "../../random";
import { stage } from "../../stages";
import { type AdamW, clippingScale, globalNorm } from "./adamw";
import type { CompiledSteps, StepGradients } from "./compiled-gradients";
import { defaultTraining, type TrainingOptions } from "./options";
import { type LossAndGradients, namedGradients, type Trainable, type TrainingPass } from "./trainable";

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
 * @param compiled makes the loss and the gradients of examples that fit, in place of the trainable's own way
 * @throws TrainingDiverged if the loss or the gradient is not a finite number; the weights are as they were
 */
export function trainingStep<Example>(
  trainable: Trainable<Example>,
  optimiser: AdamW,
  examples: readonly Example[],
  place: StepPlace,
  { clipNorm, tokensAtOnce, seed }: TrainingOptions,
  compiled?: CompiledSteps<Example>,
): { loss: number; targets: number } {
  const targets = countTargets(trainable, examples);
  const loss = tf.tidy(() => {
    const random = new Random("dropout", seed, place.step);
    const { loss, gradients } =
      compiled?.(examples, random) ?? partByPart(trainable, examples, random, tokensAtOnce);
    const norm = globalNorm(gradients);
    demandFinite(loss, "loss", place.words);
    demandFinite(norm, "gradient", place.words);
    optimiser.apply(gradients, place.learningRate, clippingScale(norm, clipNorm));
    return loss;
  });
  return { loss, targets };
}

/** Operation by operation, part by part. */
function partByPart<Example>(
  trainable: Trainable<Example>,
  examples: readonly Example[],
  random: Random,
  tokensAtOnce: number,
): StepGradients {
  const targets = countTargets(trainable, examples);
  let loss = 0;
  let sum: Record<string, tf.Tensor> = {};
  for (const part of partsOf(trainable, examples, tokensAtOnce)) {
    const share = countTargets(trainable, part) / targets;
    const added = tf.tidy(() => {
      const { value, gradients } = lossAndGradients(trainable, part, { training: true, random });
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
  return { loss, gradients: sum };
}

function demandFinite(value: number, name: string, where: string): void {
  if (Number.isFinite(value)) return;
  throw new TrainingDiverged(
    `the ${name} became ${value} at ${where}`,
    "Train with a smaller learning rate or a longer warm-up, and look for odd texts in that batch.",
  );
}

function lossAndGradients<Example>(
  trainable: Trainable<Example>,
  examples: readonly Example[],
  pass: TrainingPass,
): LossAndGradients {
  if (trainable.gradients !== undefined) return trainable.gradients(examples, pass);
  const { parameters } = trainable;
  const { value, gradients } = gradientsOf(() => trainable.loss(examples, pass), [...parameters.values()]);
  return { value, gradients: namedGradients(parameters, gradients) };
}

/**
 * Mean loss per target, in nats, without dropout; of a text each token but the first.
 * @param tokensAtOnce most tokens in memory at a time
 */
export async function meanLoss<Example>(
  trainable: Trainable<Example>,
  examples: readonly Example[],
  tokensAtOnce = defaultTraining.tokensAtOnce,
): Promise<number> {
  let [sum, done] = [0, 0];
  const step = stage("validation", examples.length, "texts");
  for (const part of partsOf(trainable, examples, tokensAtOnce)) {
    const loss = tf.tidy(() => trainable.loss(part).dataSync()[0]);
    sum += loss * countTargets(trainable, part);
    done += part.length;
    step(done);
    await setImmediate();
  }
  return sum / countTargets(trainable, examples);
}

function countTargets<Example>(trainable: Trainable<Example>, examples: readonly Example[]): number {
  return examples.reduce((n, example) => n + trainable.targets(example), 0);
}

/**
 * Parts of at most so many tokens, a larger example in a part of its own. Examples of like size come together: they
 * leave little of a row unused.
 */
function partsOf<Example>(
  { size }: Trainable<Example>,
  examples: readonly Example[],
  tokensAtOnce: number,
): Example[][] {
  const result: Example[][] = [];
  let room = 0;
  for (const example of [...examples].sort((a, b) => size(b) - size(a))) {
    if (size(example) > room || result.length === 0) {
      result.push([]);
      room = tokensAtOnce;
    }
    result[result.length - 1].push(example);
    room -= size(example);
  }
  return result;
}
