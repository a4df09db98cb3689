import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs";
import { AdamW, clippingScale, globalNorm } from "labor-llm/dist/networks/training/adamw";
import { learningRateAt } from "labor-llm/dist/networks/training/schedule";
import { expectClose } from "../../support/close";
import { fixture } from "../../support/paths";

type Named<T> = Record<string, T>;
interface Run {
  learningRates: number[];
  parameters: Named<number[]>[];
}

describe("AdamW", () => {
  const expected = JSON.parse(readFileSync(fixture("adamw", "expected.json"), "utf8"));
  const tensor = (name: string, values: number[]) => tf.tensor(values, expected.shapes[name]);

  for (const decay of ["cosine", "linear"] as const) {
    it(`takes the steps of PyTorch's, with its clipping and the ${decay} schedule of transformers`, () => {
      const run: Run = expected[decay];
      const parameters = new Map(
        Object.entries(expected.start as Named<number[]>).map(([name, values]) => [
          name,
          tf.variable(tensor(name, values)),
        ]),
      );
      const optimiser = new AdamW(parameters, {
        beta1: expected.beta1,
        beta2: expected.beta2,
        epsilon: expected.epsilon,
        weightDecay: 0.1,
      });
      for (let step = 0; step < expected.steps; step++) {
        const rate = learningRateAt(step, {
          learningRate: expected.peakLearningRate,
          warmupSteps: expected.warmupSteps,
          totalSteps: expected.steps,
          decay,
        });
        expectClose([rate], [run.learningRates[step]], 1e-9);
        const gradients = Object.fromEntries(
          Object.entries(expected.gradients[step] as Named<number[]>).map(([name, g]) => [
            name,
            tensor(name, g),
          ]),
        );
        optimiser.apply(gradients, rate, clippingScale(globalNorm(gradients), expected.clipNorm));
        for (const [name, values] of Object.entries(run.parameters[step])) {
          expectClose(parameters.get(name)!.dataSync(), values, 2e-6);
        }
      }
      optimiser.dispose();
    });
  }
});
