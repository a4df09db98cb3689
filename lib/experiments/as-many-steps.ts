import { countPersonYears } from "../careers";
import { fewPersonsTraining, methodNamed, settingsOf } from "../methods";
import type { TrainingOptions } from "../networks";
import { type Experiment, splitOf } from "./experiment";

/**
 * An experiment on parts of careers, trained in as many steps as on whole ones: a batch holds so many parts (or so many
 * more tokens) that a pass has as many steps, each on about as many predicted person-years. Nothing else of the
 * training changes; a method that takes no steps stays as it is.
 * @param whole the same without parts
 * @throws UserError as `splitOf`, and for a method or setting that there is not
 */
export function inAsManySteps(parts: Experiment, whole: Experiment): Experiment {
  const { settings = {} } = parts;
  const complete = settingsOf(methodNamed(parts.method), settings);
  if (!("training" in complete)) return parts;
  const { training = {} } = settings as { training?: Partial<TrainingOptions> };
  const { batch = fewPersonsTraining.batch } = (complete as { training: Partial<TrainingOptions> }).training;
  const [all, cut] = [whole, parts].map((one) => splitOf(one).train.careers);
  const more =
    "texts" in batch
      ? { texts: Math.round((batch.texts * cut.length) / all.length) }
      : { tokens: Math.round((batch.tokens * countPersonYears(cut)) / countPersonYears(all)) };
  return { ...parts, settings: { ...settings, training: { ...training, batch: more } } };
}
