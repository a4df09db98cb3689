import type { CareerPanel } from "../careers/panel";
import type { LanguageModel } from "../models/language-model";
import type { TemplateOptions } from "../text/template";
import { careerWindows } from "../text/windows";
import { decoderTrainable } from "./decoder-trainable";
import type { TrainingOptions } from "./options";
import { type TrainingControl, type TrainingResult, train } from "./train";

/**
 * Fine-tunes a language model, in place, on the careers of a panel as text (LABOR-LLM, fine-tuning): all
 * parameters, next-token loss on the whole text, the epoch of least validation loss kept. A career longer than the
 * model's context is several texts (`careerWindows`); the lines that they share are trained on in each.
 * @throws as `train`
 */
export function fineTune(
  model: LanguageModel,
  panels: { train: CareerPanel; validation: CareerPanel },
  template: TemplateOptions,
  options: TrainingOptions,
  control: TrainingControl = {},
): Promise<TrainingResult> {
  const { contextLength } = model.decoder.config;
  const texts = ({ careers }: CareerPanel) =>
    careers.flatMap((career) =>
      careerWindows(career, model.tokenizer, template, contextLength).map(({ encoded }) => encoded.ids),
    );
  const data = { training: texts(panels.train), validation: texts(panels.validation) };
  return train(decoderTrainable(model.decoder), data, options, control);
}
