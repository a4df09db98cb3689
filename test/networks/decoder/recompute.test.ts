import * as tf from "@tensorflow/tfjs";
import type { Decoder } from "labor-llm/dist/networks/decoder/decoder";
import { decoderTrainable } from "labor-llm/dist/networks/decoder/decoder-trainable";
import { withLora } from "labor-llm/dist/networks/decoder/lora";
import { Random } from "labor-llm/dist/random";
import { expectClose } from "../../support/close";
import { trainingRun } from "../../support/training-run";

describe("Recomputed layers", () => {
  const pass = () => ({ training: true, random: new Random("pass") });

  /** Loss and gradients, by hand and by the tape of TensorFlow.js. */
  function both(decoder: Decoder) {
    const { data } = trainingRun();
    const texts = data.training.slice(0, 6);
    const own = decoderTrainable(decoder, { recompute: true }).gradients!(texts, pass());
    const plain = decoderTrainable(decoder);
    const { value, grads } = tf.variableGrads(
      () => plain.loss(texts, pass()),
      [...decoder.parameters.values()],
    );
    return { own, value, grads };
  }

  for (const [kind, make] of [
    ["all parameters", (decoder: Decoder) => decoder],
    [
      "an adapter with dropout",
      (decoder: Decoder) => {
        const adapted = withLora(decoder, { rank: 2, alpha: 4, dropout: 0.2 });
        for (const variable of adapted.parameters.values())
          variable.assign(tf.randomNormal(variable.shape, 0, 0.1, "float32", 7));
        return adapted;
      },
    ],
  ] as const) {
    it(`have the same loss and gradients: ${kind}`, () => {
      const { decoder } = trainingRun();
      const model = make(decoder);
      const { own, value, grads } = both(model);
      expectClose(own.value.dataSync(), value.dataSync(), 1e-6);
      for (const [name, variable] of model.parameters) {
        expectClose(own.gradients[name].dataSync(), grads[variable.name].dataSync(), 1e-6);
      }
    });
  }
});
