import { UserError } from "../errors";
import { type Experiment, fittedFolder, showFit } from "../experiments";
import { type LanguageOccupationModel, occupationModel, readModelCard } from "../methods";
import { parameterCount, quantiseInt8, readLanguageModel } from "../networks";
import { TitleSet } from "../occupations";

/** A fine-tuned model with its matrices in 8 bits, as the paper predicts, and what its weights take. */
export interface Int8Model {
  model: LanguageOccupationModel;
  bytes: number;
  float32Bytes: number;
}

/**
 * The fine-tuned model of an experiment, its matrices rounded to 8 bits (`quantiseInt8`).
 * @throws UserError for another method or a restricted vocabulary, and as `fitExperiment`
 */
export async function int8Model(experiment: Experiment): Promise<Int8Model> {
  const folder = await fittedFolder(experiment, showFit(experiment.method));
  const { method, settings, titles, surveyTag, wording } = readModelCard(folder);
  if (method !== "fine-tuned" || settings.vocabulary !== "full" || settings.adapterOnly) {
    throw new UserError(
      `8-bit weights of ${method}, vocabulary ${settings.vocabulary}`,
      "Take a fine-tuned model of the full vocabulary.",
    );
  }
  const { decoder, tokenizer } = readLanguageModel(folder);
  const rounded = quantiseInt8(decoder, { release: true });
  const task = { titles: new TitleSet(titles), surveyTag, wording, settings: settings as LanguageSettings };
  return {
    model: occupationModel("8-bit weights", { decoder: rounded, tokenizer }, task),
    bytes: rounded.bytes,
    float32Bytes: 4 * parameterCount(decoder.config),
  };
}

type LanguageSettings = Parameters<typeof occupationModel>[2]["settings"];
