import type { CareerPanel } from "../careers/panel";
import type { LanguageModel } from "../models/language-model";
import { encodeCareer } from "../text/encode";
import type { TemplateOptions } from "../text/template";
import type { TrainingOptions } from "./options";
import { type TrainingControl, type TrainingResult, train } from "./train";

/**
 * Fine-tunes a language model, in place, on the careers of a panel as text (LABOR-LLM, fine-tuning): all
 * parameters, next-token loss on the whole text, the epoch of least validation loss kept.
 * @throws as `train`
 */
export function fineTune(
  model: LanguageModel,
  panels: { train: CareerPanel; validation: CareerPanel },
  template: TemplateOptions,
  options: TrainingOptions,
  control: TrainingControl = {},
): Promise<TrainingResult> {
  const texts = ({ careers }: CareerPanel) =>
    careers.map((career) => encodeCareer(career, model.tokenizer, template).ids);
  const data = { training: texts(panels.train), validation: texts(panels.validation) };
  return train(model.decoder, data, options, control);
}
