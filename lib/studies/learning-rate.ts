import { type NamedExperiment, overlaid } from "../experiments";
import type { BootstrapOptions } from "../metrics";
import { type Choice, chooseByValidation } from "./choose";
import type { PlanRow } from "./plan-row";

/** An experiment at one of the learning rates that the validation persons choose from. */
export interface RateTrial extends PlanRow {
  rate: number;
}

/** Learning rates as the validation persons see them. */
export interface RateChoice extends Choice {
  rate: number;
}

/** One experiment at several learning rates. */
export function rateTrials({ label, experiment }: NamedExperiment, rates: readonly number[]): RateTrial[] {
  return rates.map((rate) => ({
    ...atRate({ label: `${label}, learning rate ${rate}`, experiment }, rate),
    ...{ name: label, columns: { "learning rate": rate }, rate },
  }));
}

/** A row with its learning rate. */
export function atRate<Row extends NamedExperiment>(row: Row, learningRate: number): Row {
  const { experiment } = row;
  const settings = overlaid(experiment.settings ?? {}, { training: { learningRate } });
  return { ...row, experiment: { ...experiment, settings } };
}

/** The learning rate with the least perplexity on the validation persons. */
export async function chooseRate(
  trials: readonly RateTrial[],
  options: BootstrapOptions,
): Promise<RateChoice> {
  const choice = await chooseByValidation(trials, options);
  return { ...choice, rate: trials.find(({ label }) => label === choice.chosen)!.rate };
}
