import * as tf from "@tensorflow/tfjs";

/** One operation on the tape of TensorFlow.js: from the gradients of its outputs to those of its inputs. */
interface TapeNode {
  gradient: ((outputs: (tf.Tensor | null)[]) => Record<string, () => tf.Tensor>) | null;
}

/**
 * As `tf.variableGrads`, in about half the memory: the gradient of an intermediate tensor is freed as soon as it
 * has been passed on. TensorFlow.js keeps all of them until the last is done.
 */
export function variableGradients(
  loss: () => tf.Scalar,
  variables: tf.Variable[],
): { value: tf.Scalar; grads: tf.NamedTensorMap } {
  return tf.variableGrads(() => {
    const value = loss();
    const { activeTape } = (tf.engine() as unknown as { state: { activeTape?: TapeNode[] } }).state;
    freeWhenPassedOn(activeTape ?? []);
    return value;
  }, variables);
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
