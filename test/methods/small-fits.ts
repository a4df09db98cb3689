import { join } from "node:path";
import { limitSplit } from "labor-llm/dist/careers/sample";
import { type PanelSplit, splitByPerson } from "labor-llm/dist/careers/split";
import { fitToFolder, methodNamed, settingsOf } from "labor-llm/dist/methods";
import { writeLanguageModel } from "labor-llm/dist/networks/decoder/language-model";
import { readSurvey } from "labor-llm/dist/surveys/read-survey";
import { literalWording } from "labor-llm/dist/text";
import { writeTokenizer } from "labor-llm/dist/text/train-tokenizer";
import { tinyLanguageModel, tinyTokenizer } from "../support/tiny-language-model";

/** A few of the young men. */
export function fewYoungMen(): PanelSplit {
  const split = splitByPerson(readSurvey("nlsy-young-men"), { seed: 1 });
  return limitSplit(split, { train: 24, validation: 8, test: 5 }, 1);
}

/** Writes a random language model that knows the young men's words. */
export function writeTinyBase(folder: string, { train }: PanelSplit, seed = 1): string {
  const model = tinyLanguageModel(train, 400, { layers: 1 + (seed % 2) });
  writeTokenizer(folder, tinyTokenizer(train));
  writeLanguageModel(folder, model, folder);
  return folder;
}

const training = { epochs: 2, batch: { texts: 8 }, learningRate: 0.01 };

/** Settings under which each method is fitted in a moment, and has something to choose where it can choose. */
export function smallSettings(method: string, base: string): object {
  const settings: Record<string, object> = {
    markov: { order: 2, given: ["education"] },
    "multinomial-logit": { ridge: [30, 3] },
    regression: { ridge: [30, 3] },
    "bag-of-jobs": { width: 8, training },
    lstm: { layers: 1, width: 8, training },
    career: { layers: 1, width: 16, feedForward: 16, heads: 2, training },
    "off-the-shelf": { base, vocabulary: "reachable" },
    "in-context": { base, k: 1 },
    "embedding-logit": { base, layers: [1, 2], ridge: [300, 30] },
    "fine-tuned": { base, vocabulary: "reachable", training: { ...training, batch: { texts: 16 } } },
  };
  return settings[method] ?? {};
}

/** Fits a method on the few young men and keeps it in a folder. */
export function fitSmall(id: string, settings: object, split: PanelSplit, folder: string) {
  const method = methodNamed(id);
  const { train, validation } = split;
  const task = { train, validation, wording: literalWording, seed: 1 };
  return fitToFolder(method, { ...task, settings: settingsOf(method, settings) }, join(folder));
}
