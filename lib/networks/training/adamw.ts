import * as tf from "@tensorflow/tfjs";
import { isNative, runNative } from "../../operations";
import { type Moments, makeMoments } from "./moments";

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
  moments: Moments;
}

/** Above so many numbers a parameter is a group of its own: laying it beside others would cost more memory than time. */
const LONGEST_GROUP = 2 ** 16;

/**
 * AdamW (Loshchilov and Hutter 2019), in the arithmetic of PyTorch's: decay first, then the step with both
 * moments corrected for their start.
 */
export class AdamW {
  private readonly groups: Group[] = [];
  /** Steps done. */
  step = 0;

  constructor(
    private readonly parameters: ReadonlyMap<string, tf.Variable>,
    private readonly options: AdamWOptions,
  ) {
    for (const decayed of [true, false]) {
      let names: string[] = [];
      let size = 0;
      const close = () => {
        if (names.length > 0) this.groups.push({ names, decayed, moments: makeMoments(size) });
        [names, size] = [[], 0];
      };
      for (const [name, parameter] of parameters) {
        if (parameter.rank > 1 !== decayed) continue;
        if (size + parameter.size > LONGEST_GROUP) close();
        names.push(name);
        size += parameter.size;
      }
      close();
    }
  }

  /** One step along gradients named as the parameters, times a scale. */
  apply(gradients: Record<string, tf.Tensor>, learningRate: number, scale = 1): void {
    const { beta1, beta2, epsilon, weightDecay, decoupled = true } = this.options;
    this.step++;
    const correction1 = 1 - beta1 ** this.step;
    const correction2 = Math.sqrt(1 - beta2 ** this.step);
    // The second moment's correction taken out of its root, and so out of epsilon too.
    const rates = {
      rate: (learningRate * correction2) / correction1,
      beta1,
      beta2,
      epsilon: epsilon * correction2,
    };
    for (const { names, decayed, moments } of this.groups) {
      const parameters = names.map((name) => this.parameters.get(name)!);
      const decay = decayed ? weightDecay : 0;
      tf.tidy(() => {
        const { gradient, start } = tf.tidy(() => {
          const whole = endToEnd(parameters);
          const raw = endToEnd(names.map((name) => gradients[name]));
          const scaled = scale === 1 ? raw : raw.mul<tf.Tensor1D>(scale);
          if (decay === 0) return { gradient: scaled, start: whole };
          if (!decoupled) return { gradient: scaled.add<tf.Tensor1D>(whole.mul(decay)), start: whole };
          return { gradient: scaled, start: whole.mul<tf.Tensor1D>(1 - learningRate * decay) };
        });
        const moved = moments.step(start, gradient, rates);
        const sizes = parameters.map((parameter) => parameter.size);
        const parts = parameters.length === 1 ? [moved] : tf.split(moved, sizes);
        parts.forEach((values, i) => {
          parameters[i].assign(values.reshape(parameters[i].shape));
        });
      });
    }
  }

  /** The moments, for a checkpoint. The caller disposes them. */
  state(): Map<string, tf.Tensor> {
    const state = new Map<string, tf.Tensor>();
    for (const { names, moments } of this.groups) {
      const [first, second] = moments.read();
      state.set(`first.${names[0]}`, first).set(`second.${names[0]}`, second);
    }
    return state;
  }

  /** Puts the moments where a checkpoint of `state` left them. */
  restore(state: (name: string) => tf.Tensor): void {
    for (const { names, moments } of this.groups) {
      tf.tidy(() => moments.assign(state(`first.${names[0]}`), state(`second.${names[0]}`)));
    }
  }

  dispose(): void {
    for (const { moments } of this.groups) moments.dispose();
  }
}

function endToEnd(tensors: readonly tf.Tensor[]): tf.Tensor1D {
  const flat = tensors.map((tensor) => tensor.flatten());
  return flat.length === 1 ? flat[0] : tf.concat(flat);
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
