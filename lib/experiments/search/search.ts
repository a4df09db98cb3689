import { type Experiment, fitExperiment, splitOf } from "../experiment";
import { overlaid, type SearchSpace } from "../profile";
import { showFit } from "../progress";

/** One fit of a search. */
export interface SearchedFit {
  /** The dimension that it was tried for; "start" of the first. */
  dimension: string;
  settings: object;
  /** Nats, of the validation persons: per person-year of a network over jobs, per token of titles of a language model. */
  validationLoss: number;
  bestEpoch: number;
  /** Epochs that were run. */
  epochs: number;
}

/** What a search tried, in its order, and what it chose: the fit of least validation loss. */
export interface Search {
  fits: SearchedFit[];
  chosen: object;
}

/**
 * Searches the settings of an experiment's method by the loss of the validation persons, whom no test sees: one
 * dimension after the other, each time with the best of all others so far (coordinate descent, once over). Fits are
 * kept as any experiment's.
 * @param experiment whose settings those of the search are laid over
 * @throws as `fitExperiment`
 */
export async function searchSettings(
  experiment: Experiment,
  space: SearchSpace,
  label: string,
): Promise<Search> {
  const split = splitOf(experiment);
  const fits: SearchedFit[] = [];
  const tried = new Set<string>();
  let best = { settings: space.start, validationLoss: Number.POSITIVE_INFINITY };
  const look = async (dimension: string, settings: object) => {
    const key = JSON.stringify(settings);
    if (tried.has(key)) return;
    tried.add(key);
    const whole = { ...experiment, settings: overlaid(experiment.settings ?? {}, settings) };
    const {
      model,
      validationLoss,
      bestEpoch = 0,
      history = [],
    } = await fitExperiment(whole, showFit(label), split);
    model.dispose?.();
    if (validationLoss === undefined) throw new Error(`${experiment.method} tells no validation loss`);
    const fit = { dimension, settings, validationLoss, bestEpoch, epochs: history.length };
    fits.push(fit);
    if (validationLoss < best.validationLoss) best = fit;
  };
  await look("start", space.start);
  for (const { name, tried: values } of space.dimensions) {
    const others = best.settings;
    for (const value of values) await look(name, overlaid(others, value));
  }
  return { fits, chosen: best.settings };
}
