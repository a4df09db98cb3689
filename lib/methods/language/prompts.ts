import { z } from "zod";
import type { CareerPanel } from "../../careers";
import { parameterCount } from "../../networks";
import { amounts, smallCounts } from "../../ranges";
import { templateOf, type Wording } from "../../text";
import type { Method } from "../method";
import { numberSetting, wholeSetting } from "../setting-ranges";
import { isChoice } from "../validation-loss";
import { resolveBase } from "./base-models";
import { openBaseReference, writeBaseReference } from "./base-reference";
import { readEmbeddingLogit, writeEmbeddingLogit } from "./embedding-files";
import { fitEmbeddingLogit } from "./embedding-logit";
import { readExamples, writeExamples } from "./example-file";
import { baseFingerprint, languageSettings, scoringOf } from "./language";
import { inContextModel } from "./scoring";

const inContextSettings = z.strictObject({
  base: languageSettings.base,
  neglect: languageSettings.neglect,
  /** Example careers before the person's own. */
  k: wholeSetting({ ...smallCounts, least: 0 }).default(2),
  /** Those most like the person by covariates, or the same at random for all. */
  choose: z.enum(["similar", "random"]).default("similar"),
  /** Whether the prompt begins with the list of titles. */
  listTitles: z.boolean().default(false),
});

export const inContext: Method<z.infer<typeof inContextSettings>> = {
  id: "in-context",
  code: __filename,
  label: "In context",
  summary: "a language model as it is, shown careers of other persons before the person's own",
  settings: inContextSettings,
  needs: () => ["train"],
  fingerprint: baseFingerprint,
  async fit({ train, wording, settings, seed }) {
    const base = await resolveBase(settings.base);
    const language = base.read();
    const model = inContextModel(language, train, { ...inContextOptions(settings, train, wording), seed });
    return {
      model,
      parameters: parameterCount(language.decoder.config),
      save: (folder) => {
        writeBaseReference(folder, settings.base, base);
        writeExamples(folder, model.examples);
      },
    };
  },
  async open({ folder, base, titles, surveyTag, wording, settings }) {
    const careers = readExamples(folder, titles);
    const language = (await openBaseReference(folder, base)).read();
    const panel = { titles, surveyTag, careers };
    const options = inContextOptions(settings, panel, wording);
    return inContextModel(language, panel, { ...options, seed: "drawn" });
  },
};

function inContextOptions(
  settings: z.infer<typeof inContextSettings>,
  panel: Pick<CareerPanel, "titles" | "surveyTag">,
  wording: Wording,
) {
  const { k, choose, listTitles } = settings;
  return { k, choose, listTitles, template: templateOf(panel, wording), scoring: scoringOf(settings) };
}

const embeddingSettings = z.strictObject({
  base: languageSettings.base,
  /** Layers to choose from by validation loss, counted from 1; the quarters by default. */
  layers: z.union([z.array(wholeSetting(smallCounts)).nonempty(), z.literal("all")]).optional(),
  poolings: z
    .array(z.enum(["mean", "last"]))
    .nonempty()
    .optional(),
  /** Penalties to choose from. */
  ridge: z.union([numberSetting(amounts), z.array(numberSetting(amounts)).nonempty()]).optional(),
});

export const embeddingLogit: Method<z.infer<typeof embeddingSettings>> = {
  id: "embedding-logit",
  code: __filename,
  label: "Embeddings with a logit head",
  summary: "a language model's reading of the career so far, under a ridge multinomial logit",
  settings: embeddingSettings,
  fingerprint: baseFingerprint,
  async fit({ train, validation, wording, settings, seed, onProgress }) {
    const { base: asked, ...options } = settings;
    const base = await resolveBase(asked);
    const language = base.read();
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
    const { ridge, trials, readings } = model;
    const chosen = readings.length > 1 || isChoice(options.ridge);
    const { loss } = trials.find((trial) => trial.ridge === ridge)!;
    return {
      model,
      // Those of the language model are not fitted; one title's coefficients follow from the others'.
      parameters: (language.decoder.config.width + 1) * (train.titles.size - 1),
      ...(chosen && Number.isFinite(loss) ? { validationLoss: loss } : {}),
      save: (folder) => {
        writeBaseReference(folder, asked, base);
        writeEmbeddingLogit(folder, model);
      },
    };
  },
  async open({ folder, base, titles, surveyTag, wording }) {
    const language = (await openBaseReference(folder, base)).read();
    const template = templateOf({ titles, surveyTag }, wording);
    return readEmbeddingLogit(folder, { ...language, template }, titles);
  },
};
