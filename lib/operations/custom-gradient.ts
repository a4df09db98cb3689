import * as tf from "@tensorflow/tfjs";

/** What a forward pass hands over: its value, and the tensors that its gradient will need. */
export interface Differentiable {
  value: tf.Tensor;
  saved: tf.Tensor[];
}

/**
 * An operation with its gradient written by hand: fewer passes over memory than the composition of primitive
 * gradients, and no primitive whose gradient TensorFlow.js lacks.
 * @param forward from the inputs to the value and what to save
 * @param backward from the gradient of the value and the saved tensors to the gradients of the inputs
 */
export function withGradient<Inputs extends tf.Tensor[], Value extends tf.Tensor>(
  forward: (...inputs: Inputs) => Differentiable,
  backward: (gradient: Value, saved: tf.Tensor[]) => tf.Tensor[],
): (...inputs: Inputs) => Value {
  const operation = tf.customGrad((...args: unknown[]) => {
    const save = args.pop() as (tensors: tf.Tensor[]) => void;
    const { value, saved } = forward(...(args as Inputs));
    save(saved);
    return {
      value,
      // TensorFlow.js would keep what the backward pass makes in between until all gradients are done.
      gradFunc: (gradient: tf.Tensor, kept: tf.Tensor[]) => tf.tidy(() => backward(gradient as Value, kept)),
    };
  });
  return operation as unknown as (...inputs: Inputs) => Value;
}

/** Whether TensorFlow.js is recording operations, for gradients to be taken of them. */
export function isRecording(): boolean {
  return (tf.engine() as unknown as { isTapeOn(): boolean }).isTapeOn();
}
