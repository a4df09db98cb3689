import { fewPersonsTraining, methodNamed, settingsOf } from "../methods";
import type { TrainingOptions } from "../networks";
import { type Experiment, splitOf } from "./experiment";

/** Steps that a pass over few persons has at least: batches of a large survey would leave it one. */
const STEPS_A_PASS = 4;

/**
 * A trained method on a share of its training persons, in batches of its own size, or smaller ones where the persons
 * are few.
 * @throws UserError as `splitOf`, and for a method or setting that there is not
 */
export function onShare(experiment: Experiment, share: number): Experiment {
  if (share === 1) return experiment;
  const { settings = {} } = experiment;
  const { training = {} } = settings as { training?: Partial<TrainingOptions> };
  const whole = settingsOf(methodNamed(experiment.method), settings) as {
    training?: Partial<TrainingOptions>;
  };
  const batch = whole.training?.batch ?? fewPersonsTraining.batch;
  const persons = splitOf({ ...experiment, share }).train.careers.length;
  const few = "texts" in batch ? { texts: Math.min(batch.texts, Math.ceil(persons / STEPS_A_PASS)) } : batch;
  return { ...experiment, share, settings: { ...settings, training: { ...training, batch: few } } };
}
