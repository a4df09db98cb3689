import { seedsOf } from "../../operations";
import type { Trainable } from "../training";
import { jobCollation } from "./job-collation";
import type { JobNetwork } from "./job-network";
import { type EncodedCareer, predictedYears } from "./vocabulary";

/** A network over jobs as the training loop takes it: an example is a career, a target a person-year. */
export function jobTrainable(network: JobNetwork): Trainable<EncodedCareer> {
  return {
    parameters: network.parameters,
    configuration: network.config,
    size: ({ titles }) => titles.length,
    targets: predictedYears,
    loss: (careers, pass) =>
      network.loss(careers, pass && { training: pass.training, seeds: seedsOf(pass.random) }),
    collation: (steps, personYearsAtOnce) => jobCollation(network, steps, personYearsAtOnce),
    fingerprint({ titles, levels, weight, given }) {
      const counts = [
        ...(weight === undefined ? [] : new Int32Array(Float64Array.of(weight).buffer)),
        ...(given === undefined ? [] : [given]),
      ];
      const whole = new Int32Array(titles.length + levels.length + counts.length);
      whole.set(titles);
      whole.set(levels, titles.length);
      whole.set(counts, titles.length + levels.length);
      return whole;
    },
  };
}
