import { countPersonYears } from "../careers/person-years";
import { methodNamed, settingsOf } from "../methods";
import { fewPersonsTraining } from "../models/career/options";
import type { TrainingOptions } from "../training/options";
import { type Experiment, splitOf } from "./experiment";

/**
 * A method trained on short histories and shown as short ones: each person-year from at most so many observations
 * before it. A batch holds so many parts of careers (or so many more tokens) that a pass has as many steps, each on
 * about as many predicted person-years, as with whole careers; nothing else of the training changes.
 * @throws UserError as `splitOf`, and for a method or setting that there is not
 */
export function trainedOnLast(experiment: Experiment, history: number): Experiment {
  const own: Experiment = { ...experiment, history, told: { ...experiment.told, history } };
  const { settings = {} } = experiment;
  const complete = settingsOf(methodNamed(experiment.method), settings);
  if (!("training" in complete)) return own;
  const { training = {} } = settings as { training?: Partial<TrainingOptions> };
  const { batch = fewPersonsTraining.batch } = (complete as { training: Partial<TrainingOptions> }).training;
  const [whole, parts] = [splitOf(experiment), splitOf(own)].map(({ train }) => train.careers);
  const more =
    "texts" in batch
      ? { texts: Math.round((batch.texts * parts.length) / whole.length) }
      : { tokens: Math.round((batch.tokens * countPersonYears(parts)) / countPersonYears(whole)) };
  return { ...own, settings: { ...settings, training: { ...training, batch: more } } };
}
