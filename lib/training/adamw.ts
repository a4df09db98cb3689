import * as tf from "@tensorflow/tfjs";

export interface AdamWOptions {
  beta1: number;
  beta2: number;
  /** Added to the root of the second moment. */
  epsilon: number;
  /** Decoupled decay per unit of learning rate, on matrices only. */
  weightDecay: number;
}

/**
 * AdamW (Loshchilov and Hutter 2019), in the arithmetic of PyTorch's: decay first, then the step with both
 * moments corrected for their start. Gains (vectors) are not decayed.
 */
export class AdamW {
  /** First and second moments by parameter name, of the parameter's shape. */
  private readonly moments = new Map<string, { first: tf.Variable; second: tf.Variable }>();
  /** Steps done. */
  step = 0;

  constructor(
    private readonly parameters: ReadonlyMap<string, tf.Variable>,
    private readonly options: AdamWOptions,
  ) {
    for (const [name, parameter] of parameters) {
      this.moments.set(name, {
        first: tf.variable(tf.zeros(parameter.shape), false),
        second: tf.variable(tf.zeros(parameter.shape), false),
      });
    }
  }

  /** One step along gradients named as the parameters. */
  apply(gradients: Record<string, tf.Tensor>, learningRate: number): void {
    const { beta1, beta2, epsilon, weightDecay } = this.options;
    this.step++;
    const correction1 = 1 - beta1 ** this.step;
    const correction2 = 1 - beta2 ** this.step;
    for (const [name, parameter] of this.parameters) {
      const { first, second } = this.moments.get(name)!;
      tf.tidy(() => {
        const gradient = gradients[name];
        first.assign(first.mul(beta1).add(gradient.mul(1 - beta1)));
        second.assign(second.mul(beta2).add(gradient.square().mul(1 - beta2)));
        const root = second.sqrt().div(Math.sqrt(correction2)).add(epsilon);
        const decayed = parameter.rank > 1 ? parameter.mul(1 - learningRate * weightDecay) : parameter;
        parameter.assign(decayed.sub(first.div(root).mul(learningRate / correction1)));
      });
    }
  }

  /** The moments, for a checkpoint; names carry the prefix `first.` or `second.`. */
  state(): Map<string, tf.Variable> {
    const state = new Map<string, tf.Variable>();
    for (const [name, { first, second }] of this.moments)
      state.set(`first.${name}`, first).set(`second.${name}`, second);
    return state;
  }

  dispose(): void {
    for (const tensor of this.state().values()) tensor.dispose();
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
    const squares = Object.values(gradients).map((gradient) => gradient.square().sum());
    const norm = tf.addN(squares).sqrt(); // ()
    const scale = tf.minimum(tf.scalar(limit).div(norm.add(1e-6)), 1); // ()
    return Object.fromEntries(
      Object.entries(gradients).map(([name, gradient]) => [name, gradient.mul(scale)]),
    );
  });
}
