import * as tf from "@tensorflow/tfjs";
import { isNative, runNative } from "../operations/native";

export interface AdamWOptions {
  beta1: number;
  beta2: number;
  /** Added to the root of the second moment. */
  epsilon: number;
  /** On matrices only; gains (vectors) are not decayed. */
  weightDecay: number;
  /** Whether decay acts on the weights, per unit of learning rate (AdamW), or is added to the gradient (Adam with L2). Default true. */
  decoupled?: boolean;
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
 * moments corrected for their start.
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

  /** One step along gradients named as the parameters, times a scale. */
  apply(gradients: Record<string, tf.Tensor>, learningRate: number, scale = 1): void {
    const { beta1, beta2, epsilon, weightDecay, decoupled = true } = this.options;
    this.step++;
    const correction1 = 1 - beta1 ** this.step;
    const correction2 = 1 - beta2 ** this.step;
    for (const { names, decayed, first, second } of this.groups) {
      if (names.length === 0) continue;
      tf.tidy(() => {
        const parameters = names.map((name) => this.parameters.get(name)!);
        const decay = decayed ? weightDecay : 0;
        const whole = tf.concat(parameters.map((parameter) => parameter.flatten()));
        const raw = tf.concat(names.map((name) => gradients[name].flatten()));
        const scaled = scale === 1 ? raw : raw.mul(scale);
        const gradient = decoupled || decay === 0 ? scaled : scaled.add(whole.mul(decay));
        first.assign(first.mul(beta1).add(gradient.mul(1 - beta1)));
        second.assign(second.mul(beta2).add(gradient.square().mul(1 - beta2)));
        const root = second.sqrt().div(Math.sqrt(correction2)).add(epsilon);
        const start = decoupled && decay > 0 ? whole.mul(1 - learningRate * decay) : whole;
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

/** Joint Euclidean norm of gradients. */
export function globalNorm(gradients: Record<string, tf.Tensor>): number {
  return tf.tidy(() => Math.sqrt(tf.addN(Object.values(gradients).map(sumOfSquares)).dataSync()[0]));
}

/** What gradients of a norm are scaled by so that it is at most `limit` (Pascanu et al. 2013), as PyTorch's `clip_grad_norm_`. */
export function clippingScale(norm: number, limit: number): number {
  return Math.min(1, limit / (norm + 1e-6));
}

function sumOfSquares(x: tf.Tensor): tf.Scalar {
  // One pass over memory, which the composite takes three times.
  return isNative() ? runNative<tf.Scalar>("L2Loss", { T: "float32" }, [x]).mul(2) : x.square().sum();
}
