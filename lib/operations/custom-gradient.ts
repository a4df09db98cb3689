import * as tf from "@tensorflow/tfjs";

/** What a forward pass hands over: its value, and the tensors that its gradient will need. */
export interface Differentiable {
  value: tf.Tensor;
  saved: tf.Tensor[];
}

/** A gradient, or what makes it: the latter is not called where the input leads to no variable. */
export type InputGradient = tf.Tensor | (() => tf.Tensor);

/** How TensorFlow.js runs what is no kernel of its own. */
interface CustomRunner {
  runKernelFunc(call: {
    inputs: Record<string, tf.Tensor>;
    forwardFunc(backend: unknown, save: (tensors: tf.Tensor[]) => void): tf.Tensor;
    backwardsFunc(gradient: tf.Tensor, saved: tf.Tensor[]): Record<string, () => tf.Tensor>;
  }): tf.Tensor;
}

/**
 * An operation with its gradient written by hand: fewer passes over memory than the composition of primitive
 * gradients, and no primitive whose gradient TensorFlow.js lacks. As `tf.customGrad`, which however makes the
 * gradients of all inputs, those of frozen weights too.
 * @param forward from the inputs to the value and what to save
 * @param backward from the gradient of the value and the saved tensors to the gradients of the inputs
 */
export function withGradient<Inputs extends tf.Tensor[], Value extends tf.Tensor>(
  forward: (...inputs: Inputs) => Differentiable,
  backward: (gradient: Value, saved: tf.Tensor[]) => InputGradient[],
): (...inputs: Inputs) => Value {
  return (...inputs) =>
    (tf.engine() as unknown as CustomRunner).runKernelFunc({
      inputs: Object.fromEntries(inputs.map((input, i) => [i, input])),
      forwardFunc: (_, save) => {
        const { value, saved } = forward(...inputs);
        save(saved);
        return value;
      },
      backwardsFunc: (gradient, saved) => {
        // TensorFlow.js would keep what the backward pass makes in between until all gradients are done.
        const made = tf.tidy(() => backward(gradient as Value, saved) as tf.Tensor[]) as InputGradient[];
        return Object.fromEntries(
          made.map((one, i) => [i, () => (typeof one === "function" ? tf.tidy(one) : one)]),
        );
      },
    }) as Value;
}

/** Whether TensorFlow.js is recording operations, for gradients to be taken of them. */
export function isRecording(): boolean {
  return (tf.engine() as unknown as { isTapeOn(): boolean }).isTapeOn();
}
