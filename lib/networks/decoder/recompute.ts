import * as tf from "@tensorflow/tfjs";
import { gradientsOf } from "../../operations";
import { type LossAndGradients, namedGradients } from "../training";
import type { LossStages } from "./decoder";

/**
 * A decoder's loss and gradients with the activations of one layer in memory at a time (Chen et al. 2016, gradient
 * checkpointing): the way forward keeps what goes into each layer, and the way back computes the layer again. About
 * a third more work.
 */
export function recomputedGradients(
  { embed, layers, head }: LossStages,
  parameters: ReadonlyMap<string, tf.Variable>,
): LossAndGradients {
  const ofLayer = (i: number) => [...parameters].filter(([name]) => layerOf(name) === i);
  const outside = ofLayer(-1);
  const gradients = new Map<string, tf.Tensor | undefined>();
  /** Goes back over one link of the chain; gives its value and the gradient of what went in. */
  const back = <Value extends tf.Tensor>(
    link: () => Value,
    own: [string, tf.Variable][],
    gradient: tf.Tensor | null,
    input?: tf.Tensor2D,
  ): { value: Value; dInput: tf.Tensor | undefined } => {
    const variables = own.map(([, variable]) => variable);
    const made = gradientsOf(link, input === undefined ? variables : [...variables, input], gradient);
    own.forEach(([name], i) => {
      const [known, added] = [gradients.get(name), made.gradients[i]];
      gradients.set(name, known !== undefined && added !== undefined ? known.add(added) : (known ?? added));
    });
    return { value: made.value, dInput: made.gradients[own.length] };
  };

  const inputs = [tf.tidy(embed)]; // (N, D) each
  for (const layer of layers) inputs.push(tf.tidy(() => layer(inputs[inputs.length - 1])));
  const final = inputs.pop()!;
  const last = back(() => head(final), outside, null, final);
  let dHidden = last.dInput!; // (N, D)
  for (let i = layers.length - 1; i >= 0; i--) {
    const input = inputs.pop()!;
    const { value, dInput } = back(() => layers[i](input), ofLayer(i), dHidden, input);
    tf.dispose([value, input]);
    dHidden = dInput!;
  }
  if (outside.length > 0) back(embed, outside, dHidden);
  const made = [...parameters.keys()].map((name) => gradients.get(name));
  return { value: last.value, gradients: namedGradients(parameters, made) };
}

/** Number of the layer that a parameter belongs to; -1 for those outside. */
function layerOf(name: string): number {
  const found = /^model\.layers\.(\d+)\./.exec(name);
  return found === null ? -1 : Number(found[1]);
}
