import * as tf from "@tensorflow/tfjs";
import { isNative, runNative } from "../operations/native";

export interface AdamWOptions {
  beta1: number;
  beta2: number;
  /** Added to the root of the second moment. */
  epsilon: number;
  /** Decoupled decay per unit of learning rate, on matrices only. */
  weightDecay: number;
}

/** Parameters laid end to end: a few operations on a long vector take less time than many on short ones. */
interface Group {
  names: string[];
  decayed: boolean;
  /** First and second moments, (sum of the parameters' sizes). */
  first: tf.Variable;
  second: tf.Variable;
}

/**
 * AdamW (Loshchilov and Hutter 2019), in the arithmetic of PyTorch's: decay first, then the step with both
 * moments corrected for their start. Gains (vectors) are not decayed.
 */
export class AdamW {
  private readonly groups: Group[];
  /** Steps done. */
  step = 0;

  constructor(
    private readonly parameters: ReadonlyMap<string, tf.Variable>,
    private readonly options: AdamWOptions,
  ) {
    this.groups = [true, false].map((decayed) => {
      const names = [...parameters].filter(([, { rank }]) => rank > 1 === decayed).map(([name]) => name);
      const size = names.reduce((n, name) => n + parameters.get(name)!.size, 0);
      const zeros = () => tf.tidy(() => tf.variable(tf.zeros([size]), false));
      return { names, decayed, first: zeros(), second: zeros() };
    });
  }

  /** One step along gradients named as the parameters. */
  apply(gradients: Record<string, tf.Tensor>, learningRate: number): void {
    const { beta1, beta2, epsilon, weightDecay } = this.options;
    this.step++;
    const correction1 = 1 - beta1 ** this.step;
    const correction2 = 1 - beta2 ** this.step;
    for (const { names, decayed, first, second } of this.groups) {
      if (names.length === 0) continue;
      tf.tidy(() => {
        const parameters = names.map((name) => this.parameters.get(name)!);
        const gradient = tf.concat(names.map((name) => gradients[name].flatten()));
        first.assign(first.mul(beta1).add(gradient.mul(1 - beta1)));
        second.assign(second.mul(beta2).add(gradient.square().mul(1 - beta2)));
        const root = second.sqrt().div(Math.sqrt(correction2)).add(epsilon);
        const whole = tf.concat(parameters.map((parameter) => parameter.flatten()));
        const start = decayed ? whole.mul(1 - learningRate * weightDecay) : whole;
        const moved = start.sub(first.div(root).mul(learningRate / correction1));
        const sizes = parameters.map((parameter) => parameter.size);
        tf.split(moved, sizes).forEach((values, i) => {
          parameters[i].assign(values.reshape(parameters[i].shape));
        });
      });
    }
  }

  /** The moments, for a checkpoint. */
  state(): Map<string, tf.Variable> {
    const state = new Map<string, tf.Variable>();
    for (const { names, decayed, first, second } of this.groups) {
      const kind = decayed ? "decayed" : "undecayed";
      if (names.length > 0) state.set(`first.${kind}`, first).set(`second.${kind}`, second);
    }
    return state;
  }

  dispose(): void {
    for (const { first, second } of this.groups) tf.dispose([first, second]);
  }
}

/**
 * Scales gradients so that their joint Euclidean norm is at most `limit` (Pascanu et al. 2013), as PyTorch's
 * `clip_grad_norm_`.
 */
export function clipByGlobalNorm(
  gradients: Record<string, tf.Tensor>,
  limit: number,
): Record<string, tf.Tensor> {
  return tf.tidy(() => {
    const norm = tf.addN(Object.values(gradients).map(sumOfSquares)).sqrt(); // ()
    const scale = tf.minimum(tf.scalar(limit).div(norm.add(1e-6)), 1); // ()
    return Object.fromEntries(
      Object.entries(gradients).map(([name, gradient]) => [name, gradient.mul(scale)]),
    );
  });
}

function sumOfSquares(x: tf.Tensor): tf.Scalar {
  // One pass over memory, which the composite takes three times.
  return isNative() ? runNative<tf.Scalar>("L2Loss", { T: "float32" }, [x]).mul(2) : x.square().sum();
}
