import type { Career } from "../careers";
import { fitExperiment, type NamedExperiment } from "../experiments";
import { InContextModel } from "../methods";

/** How many example careers stand before a career on average, by label: those that fit the model's context. */
export async function examplesRead(
  experiments: readonly NamedExperiment[],
  careers: readonly Career[],
): Promise<Record<string, number>> {
  const read: Record<string, number> = {};
  for (const { label, experiment } of experiments) {
    const { model } = await fitExperiment(experiment);
    if (model instanceof InContextModel) {
      const examples = careers.map((career) => model.windows(career).examples);
      read[label] = examples.reduce((a, b) => a + b, 0) / careers.length;
    }
    model.dispose?.();
  }
  return read;
}
