import * as tf from "@tensorflow/tfjs";

/** One operation on the tape of TensorFlow.js: from the gradients of its outputs to those of its inputs. */
interface TapeNode {
  gradient: ((outputs: (tf.Tensor | null)[]) => Record<string, () => tf.Tensor>) | null;
}

/** The part of TensorFlow.js that takes gradients. */
interface GradientEngine {
  gradients(
    f: () => tf.Tensor,
    inputs: tf.Tensor[],
    gradient: tf.Tensor | null,
    allowNoGradients: boolean,
  ): { value: tf.Tensor; grads: (tf.Tensor | undefined)[] };
  state: { activeTape?: TapeNode[] };
}

/**
 * As `tf.variableGrads`, in about half the memory: the gradient of an intermediate tensor is freed as soon as it
 * has been passed on. TensorFlow.js keeps all of them until the last is done.
 * @param inputs variables, or tensors that the value is made from
 * @param gradient of the value; freed. Default: one
 * @returns a gradient for each input, undefined where the value does not depend on it
 */
export function gradientsOf<Value extends tf.Tensor>(
  make: () => Value,
  inputs: readonly tf.Tensor[],
  gradient: tf.Tensor | null = null,
): { value: Value; gradients: (tf.Tensor | undefined)[] } {
  const engine = tf.engine() as unknown as GradientEngine;
  const { value, grads } = engine.gradients(
    () => {
      const made = make();
      freeWhenPassedOn(engine.state.activeTape ?? []);
      return made;
    },
    [...inputs],
    gradient,
    true,
  );
  return { value: value as Value, gradients: grads };
}

/** `gradientsOf` for variables, as `tf.variableGrads` gives them: by the variables' own names. */
export function variableGradients(
  loss: () => tf.Scalar,
  variables: tf.Variable[],
): { value: tf.Scalar; grads: tf.NamedTensorMap } {
  const { value, gradients } = gradientsOf(loss, variables);
  const grads = variables.map(({ name, shape }, i) => [name, gradients[i] ?? tf.zeros(shape)]);
  return { value, grads: Object.fromEntries(grads) };
}

function freeWhenPassedOn(tape: TapeNode[]): void {
  let passedOn: tf.Tensor[] = [];
  for (const node of tape) {
    const { gradient } = node;
    if (gradient === null) continue;
    node.gradient = (outputs) => {
      // The tape runs backwards, one node at a time: what the one before received is of no more use.
      tf.dispose(passedOn);
      passedOn = outputs.filter((output) => output !== null);
      const inputs = gradient(outputs);
      return Object.fromEntries(
        Object.entries(inputs).map(([name, make]) => [name, () => ownTensor(make(), passedOn)]),
      );
    };
  }
}

/** A gradient that is passed on unchanged must outlive the one that came in. */
function ownTensor(gradient: tf.Tensor, received: readonly tf.Tensor[]): tf.Tensor {
  return received.includes(gradient) ? gradient.clone() : gradient;
}
