import { join } from "node:path";
import { z } from "zod";
import { dataFile } from "../files/data-folder";
import { fileDigest } from "../files/digest";
import { parameterCount } from "../models/decoder-config";
import { type LanguageModel, readLanguageModel, writeLanguageModel } from "../models/language-model";
import { LanguageOccupationModel } from "../scoring/language-model";
import { fineTune } from "../training/fine-tune";
import { defaultTraining } from "../training/options";
import type { FitTask, Method } from "./method";
import { trainingSettings } from "./training-settings";
import { templateOf } from "./wording";

/** The folder of a base model by its name, or as it is given. */
export function baseFolder(name: string): string {
  return name === "tiny" ? dataFile("base-model") : name;
}

const baseDigest = ({ base }: { base: string }) => fileDigest(join(baseFolder(base), "model.safetensors"));

/** A language model under the template of a panel and a wording. */
function occupationModel(
  name: string,
  { decoder, tokenizer }: LanguageModel,
  panel: Pick<FitTask<unknown>["train"], "titles" | "surveyTag">,
  wording: FitTask<unknown>["wording"],
): LanguageOccupationModel {
  return new LanguageOccupationModel(name, decoder, tokenizer, panel.titles, templateOf(panel, wording));
}

const offTheShelfSettings = z.strictObject({
  /** Name of a base model, or a folder. */
  base: z.string().default("tiny"),
});

export const offTheShelf: Method<z.infer<typeof offTheShelfSettings>> = {
  id: "off-the-shelf",
  label: "Off the shelf",
  summary: "a language model as it is, asked for the next title",
  settings: offTheShelfSettings,
  fingerprint: baseDigest,
  async fit({ train, wording, settings }) {
    const base = readLanguageModel(baseFolder(settings.base));
    return {
      model: occupationModel(offTheShelf.label, base, train, wording),
      parameters: parameterCount(base.decoder.config),
      save: () => {},
    };
  },
  async open({ settings, wording, ...panel }) {
    const base = readLanguageModel(baseFolder(settings.base));
    return occupationModel(offTheShelf.label, base, panel, wording);
  },
};

const fineTunedSettings = z.strictObject({
  /** Name of a base model, or a folder. */
  base: z.string().default("tiny"),
  training: trainingSettings,
});

export const fineTuned: Method<z.infer<typeof fineTunedSettings>> = {
  id: "fine-tuned",
  label: "Fine-tuned",
  summary: "a language model fine-tuned on careers as text",
  settings: fineTunedSettings,
  fingerprint: baseDigest,
  async fit({ train, validation, wording, settings, seed, checkpoints, onProgress, signal }) {
    const folder = baseFolder(settings.base);
    const language = readLanguageModel(folder);
    const result = await fineTune(
      language,
      { train, validation },
      templateOf(train, wording),
      { ...defaultTraining, ...settings.training, seed },
      {
        folder: checkpoints,
        checkpointEvery: 50,
        signal,
        onProgress: ({ epoch, epochs, step, steps, loss, tokensPerSecond }) =>
          onProgress?.(
            step,
            steps,
            `epoch ${epoch}/${epochs}, ${Math.round(tokensPerSecond)} tokens/s, loss ${loss.toFixed(3)}`,
          ),
      },
    );
    return {
      model: occupationModel(fineTuned.label, language, train, wording),
      parameters: parameterCount(language.decoder.config),
      ...result,
      validationLoss: result.history[result.bestEpoch - 1].validationLoss,
      save: (to) => writeLanguageModel(to, language, folder),
    };
  },
  async open({ folder, wording, ...panel }) {
    return occupationModel(fineTuned.label, readLanguageModel(folder), panel, wording);
  },
};
