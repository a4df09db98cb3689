import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../../errors";
import { readJsonObject, writeFileAtomically } from "../../files";
import {
  type DecoderSize,
  defaultTraining,
  fromScratch,
  isPeftFolder,
  type LanguageModel,
  parameterCount,
  readLanguageModel,
  type StoredAdapter,
  storedAdapter,
  writeLanguageModel,
} from "../../networks";
import type { TitleSet } from "../../occupations";
import { factors, smallCounts, widths } from "../../ranges";
import { encodeTitles, type TemplateOptions, type TitleWording, templateOf } from "../../text";
import { checked } from "../fitted-files";
import type { FitTask, Method, OpenTask } from "../method";
import { numberSetting, wholeSetting } from "../setting-ranges";
import { trainingControl, trainingReport, trainingSettings } from "../training-settings";
import { withAdapter, writeAdapter } from "./adapter-folder";
import { type BaseModel, resolveBase } from "./base-models";
import { openBaseReference, writeBaseReference } from "./base-reference";
import { fineTune } from "./fine-tune";
import { fineTuningDefaults, LORA_RATE } from "./fine-tuning-defaults";
import { reachableTokens } from "./reachable-tokens";
import { type RestrictedModel, restrictVocabulary } from "./restricted-vocabulary";
import { LanguageOccupationModel, type ScoringOptions } from "./scoring";

/** What the methods that read texts have in common. */
export const languageSettings = {
  /** A base model: its name (`knownBases`), a Hugging Face folder, or a GGUF file. */
  base: z.string().default("tiny"),
  /** Tokens that the softmax is over: all (the paper), or those that careers of the survey can contain. */
  vocabulary: z.enum(["full", "reachable"]).default("full"),
  /** Probability of each person-year that scoring may leave in titles it does not look at; 0: every title exactly. */
  neglect: z.number().min(0).max(0.1).default(1e-4),
};

type LanguageSettings = { base: string; vocabulary: "full" | "reachable"; neglect: number };

/** A language model under the template of a panel and a wording, as a model of occupations. */
export function occupationModel(
  name: string,
  language: LanguageModel | RestrictedModel,
  task: Omit<OpenTask<LanguageSettings>, "folder">,
): LanguageOccupationModel {
  const { titles, surveyTag, wording, settings } = task;
  const { decoder, tokenizer } = language;
  const template = templateOf({ titles, surveyTag }, wording);
  const widen = (wordings: readonly TitleWording[]) =>
    occupationModel(name, widened(language as RestrictedModel, titles, template, wordings), task);
  const part = "whole" in language ? { widen, whole: language.whole.decoder } : {};
  return new LanguageOccupationModel(name, decoder, tokenizer, titles, template, scoringOf(settings), part);
}

/** A restricted model with the tokens that these wordings of the titles need besides. */
function widened(
  { tokens, whole }: RestrictedModel,
  titles: TitleSet,
  template: TemplateOptions,
  wordings: readonly TitleWording[],
): RestrictedModel {
  const needed = wordings.flatMap((wording) =>
    encodeTitles(titles, whole.tokenizer, { ...template, wording }),
  );
  return restrictVocabulary(whole, Int32Array.from(new Set([...tokens, ...needed.flat()])).sort());
}

/** How titles are scored, by the probability that may stay in those that are not looked at. */
export function scoringOf({ neglect }: { neglect: number }): ScoringOptions {
  return neglect > 0 ? { mode: "bounded", neglect } : {};
}

/** The tokens that a restricted model knows are kept beside it: they depend on the survey. */
const TOKENS = "pieces.json";
const tokensSchema = z.strictObject({ pieces: z.array(z.number().int().min(0)).nonempty() });

function tokensOf(
  { tokenizer }: LanguageModel,
  { train, validation, wording }: Pick<FitTask<LanguageSettings>, "train" | "validation" | "wording">,
): Int32Array {
  return reachableTokens(tokenizer, [train, validation], templateOf(train, wording));
}

function writeTokens(folder: string, tokens: Int32Array): void {
  writeFileAtomically(join(folder, TOKENS), `${JSON.stringify({ pieces: Array.from(tokens) })}\n`);
}

function restrictedTo(
  language: LanguageModel,
  folder: string,
  vocabulary: "full" | "reachable",
): LanguageModel {
  if (vocabulary === "full") return language;
  const path = join(folder, TOKENS);
  const { pieces: tokens } = checked(path, tokensSchema, readJsonObject(path, "Fit the model again."));
  const most = language.decoder.config.vocabularySize;
  if (!tokens.every((token, i) => token < most && (i === 0 || tokens[i - 1] < token))) {
    throw new UserError(`${path}: these are no tokens of the language model`, "Fit the model again.");
  }
  return restrictVocabulary(language, Int32Array.from(tokens));
}

const offTheShelfSettings = z.strictObject(languageSettings);

export const offTheShelf: Method<z.infer<typeof offTheShelfSettings>> = {
  id: "off-the-shelf",
  code: __filename,
  label: "Off the shelf",
  summary: "a language model as it is, asked for the next title",
  settings: offTheShelfSettings,
  needs: () => [],
  fingerprint: baseFingerprint,
  async fit(task) {
    const { train, settings, wording } = task;
    const base = await resolveBase(settings.base);
    const whole = base.read();
    const tokens = settings.vocabulary === "reachable" ? tokensOf(whole, task) : undefined;
    const language = tokens === undefined ? whole : restrictVocabulary(whole, tokens);
    const { titles, surveyTag } = train;
    return {
      model: occupationModel(offTheShelf.label, language, { titles, surveyTag, wording, settings }),
      parameters: parameterCount(whole.decoder.config),
      save: (folder) => {
        writeBaseReference(folder, settings.base, base);
        if (tokens !== undefined) writeTokens(folder, tokens);
      },
    };
  },
  async open(task) {
    const whole = (await openBaseReference(task.folder, task.base)).read();
    const language = restrictedTo(whole, task.folder, task.settings.vocabulary);
    return occupationModel(offTheShelf.label, language, task);
  },
};

const fineTunedSettings = z
  .strictObject({
    ...languageSettings,
    /** As the base model's (`fineTuningDefaults`) by default, as are target and training. */
    vocabulary: z.enum(["full", "reachable"]).optional(),
    /** Tokens that the loss is the mean over: of the whole text (the paper), or of the titles. */
    target: z.enum(["text", "titles"]).optional(),
    /** Trains products of low rank beside frozen weights (Hu et al. 2022); all parameters by default. */
    lora: z
      .strictObject({
        rank: wholeSetting(widths),
        /** Twice the rank by default. */
        alpha: numberSetting(factors).optional(),
        targets: z.array(z.string()).nonempty().optional(),
        dropout: z.number().min(0).max(0.99).optional(),
      })
      .optional(),
    /**
     * A model of this size with random weights, from the seed of the fit, in place of the base model, of which it has
     * the tokenizer and the rest of the shape (`resized`).
     */
    scratch: z.strictObject({ layers: wholeSetting(smallCounts), width: wholeSetting(widths) }).optional(),
    /** Whether the folder holds the products alone, as PEFT writes them, and names the base model. */
    adapterOnly: z.boolean().default(false),
    /** Whether the way back computes each layer again: less memory, more time. */
    recompute: z.boolean().default(false),
    training: trainingSettings,
  })
  .refine(({ adapterOnly, lora }) => !adapterOnly || lora !== undefined, {
    path: ["adapterOnly"],
    message: "there is no adapter without LoRA; set lora.rank, for example to 8",
  })
  .refine(({ adapterOnly, scratch }) => !adapterOnly || scratch === undefined, {
    path: ["adapterOnly"],
    message: "random weights are no base model that an adapter could be put on; leave out scratch",
  })
  .transform(({ vocabulary, target, lora, training, ...rest }) => {
    const own = fineTuningDefaults(rest.base);
    const learningRate = own.training.learningRate * (lora === undefined ? 1 : LORA_RATE);
    return {
      ...rest,
      vocabulary: vocabulary ?? own.vocabulary,
      target: target ?? own.target,
      ...(lora === undefined ? {} : { lora: { ...lora, alpha: lora.alpha ?? 2 * lora.rank } }),
      training: { ...own.training, learningRate, ...training },
    };
  });

export const fineTuned: Method<z.infer<typeof fineTunedSettings>> = {
  id: "fine-tuned",
  code: __filename,
  label: "Fine-tuned",
  summary: "a language model fine-tuned on careers as text, all parameters or by LoRA",
  settings: fineTunedSettings,
  pools: true,
  learnsFromParts: true,
  fingerprint: baseFingerprint,
  async fit(task) {
    const { train, validation, pool, wording, settings, seed, from } = task;
    const { vocabulary, target, lora, scratch, adapterOnly, recompute, training } = settings;
    if (from !== undefined && isPeftFolder(from)) {
      throw new UserError(`${from}: an adapter alone`, "Fit it without adapterOnly to go on from it.");
    }
    if (from !== undefined && scratch !== undefined) {
      throw new UserError("a model that goes on from another has its weights", "Leave out scratch.");
    }
    const base = await resolveBase(from ?? settings.base);
    const whole = scratch === undefined ? base.read() : scratchOf(base, scratch, seed);
    let adapter: StoredAdapter | undefined;
    const { tokens, ...result } = await fineTune(
      whole,
      { train, validation, pool },
      templateOf(train, wording),
      {
        ...defaultTraining,
        ...training,
        seed,
        vocabulary,
        target,
        lora: lora && { ...lora, seed },
        recompute,
      },
      {
        ...trainingControl(task, "tokens"),
        onWarning: () => {}, // tables tell which titles are rare
        onAdapter: (adapted) => {
          adapter = storedAdapter(adapted);
        },
      },
    );
    const language = tokens === undefined ? whole : restrictVocabulary(whole, tokens);
    const { titles, surveyTag } = train;
    return {
      model: occupationModel(fineTuned.label, language, { titles, surveyTag, wording, settings }),
      parameters: parameterCount(whole.decoder.config),
      ...(adapter === undefined ? {} : { trained: adapter.parameters }),
      ...trainingReport(result),
      save: (folder) => {
        if (tokens !== undefined) writeTokens(folder, tokens);
        if (adapterOnly && adapter !== undefined) writeAdapter(folder, adapter, settings.base, base);
        else saveLanguage(folder, whole, base);
      },
    };
  },
  async open(task) {
    const { folder, settings } = task;
    const whole = settings.adapterOnly
      ? withAdapter(folder, await openBaseReference(folder, task.base))
      : readLanguageModel(folder);
    return occupationModel(fineTuned.label, restrictedTo(whole, folder, settings.vocabulary), task);
  },
};

function scratchOf(base: BaseModel, size: DecoderSize, seed: number): LanguageModel {
  const read = base.read();
  try {
    return fromScratch(read, size, seed);
  } finally {
    read.decoder.dispose();
  }
}

function saveLanguage(folder: string, whole: LanguageModel, base: BaseModel): void {
  base.writeTokenizer(folder);
  writeLanguageModel(folder, whole, folder);
}

/** What a method draws from a base model, as a digest. */
export async function baseFingerprint({ base }: { base: string }): Promise<string> {
  return (await resolveBase(base)).digest();
}
