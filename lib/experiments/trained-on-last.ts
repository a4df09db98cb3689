import { inAsManySteps } from "./as-many-steps";
import type { Experiment } from "./experiment";

/**
 * A method trained on short histories and shown as short ones: each person-year from at most so many observations
 * before it, in as many steps as with whole careers.
 * @throws UserError as `inAsManySteps`
 */
export function trainedOnLast(experiment: Experiment, history: number): Experiment {
  return inAsManySteps(
    { ...experiment, history, conditioning: { ...experiment.conditioning, history } },
    experiment,
  );
}
