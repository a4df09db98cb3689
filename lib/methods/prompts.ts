import { z } from "zod";
import { resolveBase } from "../base-models";
import { parameterCount } from "../models/decoder-config";
import { fitEmbeddingLogit } from "../models/embedding-logit";
import { inContextModel } from "../scoring/in-context";
import { baseFingerprint, languageSettings, scoringOf } from "./language";
import type { Method } from "./method";
import { templateOf } from "./wording";

const inContextSettings = z.strictObject({
  base: languageSettings.base,
  neglect: languageSettings.neglect,
  /** Example careers before the person's own. */
  k: z.number().int().min(0).default(2),
  /** Those most like the person by covariates, or the same at random for all. */
  choose: z.enum(["similar", "random"]).default("similar"),
  /** Whether the prompt begins with the list of titles. */
  listTitles: z.boolean().default(false),
});

export const inContext: Method<z.infer<typeof inContextSettings>> = {
  id: "in-context",
  label: "In context",
  summary: "a language model as it is, shown careers of other persons before the person's own",
  settings: inContextSettings,
  fingerprint: baseFingerprint,
  async fit({ train, wording, settings, seed }) {
    const language = (await resolveBase(settings.base)).read();
    const { k, choose, listTitles } = settings;
    const template = templateOf(train, wording);
    const scoring = scoringOf(settings);
    return {
      model: inContextModel(language, train, { k, choose, listTitles, seed, template, scoring }),
      parameters: parameterCount(language.decoder.config),
    };
  },
};

const embeddingSettings = z.strictObject({
  base: languageSettings.base,
  /** Layers to choose from by validation loss, counted from 1; the quarters unless told. */
  layers: z.union([z.array(z.number().int().positive()).nonempty(), z.literal("all")]).optional(),
  poolings: z
    .array(z.enum(["mean", "last"]))
    .nonempty()
    .optional(),
  /** Penalties to choose from. */
  ridge: z.union([z.number().min(0), z.array(z.number().min(0)).nonempty()]).optional(),
});

export const embeddingLogit: Method<z.infer<typeof embeddingSettings>> = {
  id: "embedding-logit",
  label: "Embeddings with a logit head",
  summary: "a language model's reading of the career so far, under a ridge multinomial logit",
  settings: embeddingSettings,
  fingerprint: baseFingerprint,
  async fit({ train, validation, wording, settings, seed, onProgress }) {
    const { base, ...options } = settings;
    const language = (await resolveBase(base)).read();
    const model = await fitEmbeddingLogit(
      { ...language, template: templateOf(train, wording) },
      train,
      validation.careers,
      {
        ...options,
        seed,
        name: embeddingLogit.label,
        onProgress: (done, total) => onProgress?.(done, total, "careers read"),
      },
    );
    return { model, parameters: (language.decoder.config.width + 1) * train.titles.size };
  },
};
