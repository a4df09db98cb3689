import { type CareerPanel, type PooledCareers, unitMean } from "../../careers";
import {
  type DecoderTrainingOptions,
  decoderTrainable,
  type LanguageModel,
  type LoraDecoder,
  type LoraOptions,
  mergeLora,
  predictedSpans,
  predictedTokens,
  type TrainingControl,
  type TrainingOptions,
  type TrainingResult,
  type TrainingText,
  tokensOf,
  train,
  withLora,
} from "../../networks";
import { stage } from "../../stages";
import { careerWindows, type TemplateOptions } from "../../text";
import { reachableTokens } from "./reachable-tokens";
import {
  disposeRestricted,
  type RestrictedModel,
  restoreVocabulary,
  restrictVocabulary,
} from "./restricted-vocabulary";

/** How a language model is fine-tuned on careers. */
export interface FineTuningOptions extends TrainingOptions, DecoderTrainingOptions {
  /** Tokens that the loss is the mean over: of the whole text (the paper), or of the titles and their lines' ends. Default "text". */
  target?: "text" | "titles";
  /** Tokens that the softmax is over: all (the paper), or those that careers of the survey can contain. Default "full". */
  vocabulary?: "full" | "reachable";
  /** Trains products of low rank beside frozen weights, and adds them to the weights at the end. Default: all parameters are trained. */
  lora?: LoraOptions;
}

export interface FineTuningResult extends TrainingResult {
  /** Where the vocabulary was restricted: the tokens, with which `restrictVocabulary` makes again what was trained. */
  tokens?: Int32Array;
}

export interface FineTuningControl extends TrainingControl {
  /** Told of what is odd but no error. Default: a warning of the process. */
  onWarning?: (message: string) => void;
  /** Told of what LoRA learnt before it is added to the weights, which frees it. */
  onAdapter?: (adapted: LoraDecoder) => void;
}

/**
 * Fine-tunes a language model, in place, on the careers of a panel as text (LABOR-LLM, fine-tuning): next-token
 * loss, the epoch of least loss on the validation persons' titles kept. A career longer than the model's context is several texts
 * (`careerWindows`); the lines that they share are trained on in each, but predicted in the first alone where the
 * loss is on titles. Careers of other surveys may be pooled, each read under its own survey's name.
 * @throws as `train`
 */
export async function fineTune(
  model: LanguageModel,
  panels: { train: CareerPanel; validation: CareerPanel; pool?: readonly PooledCareers[] },
  template: TemplateOptions,
  options: FineTuningOptions,
  control: FineTuningControl = {},
): Promise<FineTuningResult> {
  const { target = "text", vocabulary = "full", lora, recompute, ...training } = options;
  warnOfAbsentTitles(panels.train, control.onWarning ?? ((message) => process.emitWarning(message)));
  let restricted: RestrictedModel | undefined;
  if (vocabulary === "reachable") {
    const { train, validation, pool = [] } = panels;
    const ids = [
      reachableTokens(model.tokenizer, [train, validation], template),
      ...pool.map(({ panel }) => reachableTokens(model.tokenizer, [panel], tagged(template, panel))),
    ];
    const tokens = Int32Array.from(new Set(ids.flatMap((some) => Array.from(some)))).sort();
    restricted = restrictVocabulary(model, tokens);
  }
  const { decoder, tokenizer } = restricted ?? model;
  const texts = (panel: CareerPanel, own = template, predicted = target) =>
    trainingTexts(panel, { decoder, tokenizer }, own, predicted);
  const data = {
    training: pooledTexts(texts(panels.train), panels.pool, (panel) => texts(panel, tagged(template, panel))),
    // Whatever is trained on: years and education get easier long after titles have begun to be learnt by heart.
    validation: texts(panels.validation, template, "titles"),
  };
  const trained = lora === undefined ? decoder : withLora(decoder, lora);
  try {
    const result = await train(decoderTrainable(trained, { recompute }), data, training, control);
    if (lora !== undefined) {
      control.onAdapter?.(trained as LoraDecoder);
      mergeLora(trained as LoraDecoder);
    }
    if (restricted !== undefined) restoreVocabulary(restricted, model);
    return restricted === undefined ? result : { ...result, tokens: restricted.tokens };
  } finally {
    if (restricted !== undefined) disposeRestricted(restricted);
  }
}

/** The template of a pooled panel: under its own survey's name, where texts name one, and with what it tells. */
function tagged(template: TemplateOptions, { surveyTag, tellsEducation }: CareerPanel): TemplateOptions {
  const omit = tellsEducation === false ? [...(template.omit ?? []), "education" as const] : template.omit;
  return template.surveyTag === undefined ? { ...template, omit } : { ...template, omit, surveyTag };
}

/** Texts of the own careers and of the pooled ones, the latter by their weights; the mean token counts 1. */
function pooledTexts(
  own: TrainingText[],
  pool: readonly PooledCareers[] = [],
  textsOf: (panel: CareerPanel) => TrainingText[],
): TrainingText[] {
  if (pool.length === 0) return own;
  const texts = [...own];
  const weights = texts.map(() => 1);
  for (const { panel, weights: counts } of pool) {
    panel.careers.forEach((career, i) => {
      for (const text of textsOf({ ...panel, careers: [career] })) {
        texts.push(text);
        weights.push(counts[i]);
      }
    });
  }
  const scale = unitMean(weights, texts.map(predictedTokens));
  return texts.map((text, i) => ({
    ids: tokensOf(text),
    predicted: predictedSpans(text),
    weight: scale * weights[i],
  }));
}

/** A panel's careers as a model reads them in training. */
export function trainingTexts(
  { careers }: CareerPanel,
  { decoder, tokenizer }: LanguageModel,
  template: TemplateOptions,
  target: "text" | "titles" = "text",
): TrainingText[] {
  const step = stage("tokenizing careers", careers.length, "persons");
  return careers.flatMap((career, i) => {
    step(i);
    return careerWindows(career, tokenizer, template, decoder.config.contextLength).map(
      ({ encoded: { ids, titles }, from, fresh }): TrainingText => {
        if (career.given === undefined) {
          return target === "text" ? ids : { ids, predicted: titles.slice(fresh - from) };
        }
        const known = Math.max(fresh, career.given) - from; // of this window's observations
        if (target === "titles") return { ids, predicted: titles.slice(known) };
        // The lines after those that are history; what follows the last is the whole career's to tell.
        const start = known === 0 ? 1 : (titles[known - 1] ?? titles[titles.length - 1]).end;
        return { ids, predicted: [{ start, end: titles[titles.length - 1].end }] };
      },
    );
  });
}

/** A title without an example can only be predicted from its words. */
function warnOfAbsentTitles(panel: CareerPanel, warn: (message: string) => void): void {
  const seen = new Set(panel.careers.flatMap(({ observations }) => observations.map(({ title }) => title)));
  const absent = panel.titles.titles.filter((title) => !seen.has(title));
  if (absent.length === 0) return;
  const named = absent.slice(0, 3).map((title) => JSON.stringify(title));
  const more = absent.length > 3 ? ` and ${absent.length - 3} more` : "";
  warn(
    `${absent.length} of the ${panel.titles.size} titles never occur in the training careers: ${named.join(", ")}${more}`,
  );
}
