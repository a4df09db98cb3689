import { existsSync } from "node:fs";
import { join } from "node:path";
import { knownBases } from "../base-models";
import type { PanelSplit } from "../careers/split";
import { UserError } from "../errors";
import { isFolder } from "../files/kind";
import { isModelFolder, methodNames, openModelFolder } from "../methods";
import type { OccupationModel } from "../models/occupation-model";
import type { TitleSet } from "../occupations/title-set";
import { type Experiment, fitExperiment } from "./experiment";

/**
 * A model by what a user calls it: a folder that `fine-tune` wrote; a method, which is fitted on the training persons
 * and kept; or a language model off the shelf, by the name of a base model or the path of a checkpoint in a published
 * format.
 * @param experiment what a method is fitted on and with
 * @throws UserError if it is none of these, or its titles are not the survey's
 */
export async function namedModel(
  nameOrPath: string,
  experiment: Omit<Experiment, "method">,
  split: PanelSplit,
  onProgress?: Parameters<typeof fitExperiment>[1],
): Promise<OccupationModel> {
  if (isModelFolder(nameOrPath)) {
    const { model, card } = await openModelFolder(nameOrPath);
    checkTitles(card.titles, split.train.titles, nameOrPath);
    return model;
  }
  if (methodNames.includes(nameOrPath)) {
    return (await fitExperiment({ ...experiment, method: nameOrPath }, onProgress, split)).model;
  }
  const known = knownBases.some(({ name }) => nameOrPath === name || nameOrPath === `google/${name}`);
  if (!known && isFolder(nameOrPath) && !existsSync(join(nameOrPath, "config.json"))) {
    throw noModelIn(nameOrPath);
  }
  const settings = { ...experiment.settings, base: nameOrPath };
  const { model } = await fitExperiment(
    { ...experiment, method: "off-the-shelf", settings },
    onProgress,
    split,
  );
  return model;
}

/** @throws UserError, with how to make one, if a path is no folder of a fitted model */
export function checkFitted(path: string): void {
  if (!isModelFolder(path)) throw noModelIn(path);
}

function noModelIn(path: string): UserError {
  return new UserError(
    `${path}: ${isFolder(path) ? "the folder holds no fitted model" : "no folder of a fitted model"}`,
    "`labor-llm fine-tune --survey SURVEY --out FOLDER` makes one, of a published checkpoint with `--base CHECKPOINT`.",
  );
}

/** Columns of a distribution are titles: a model of other titles cannot be measured on a survey. */
function checkTitles(known: readonly string[], titles: TitleSet, folder: string): void {
  const other = titles.titles.find((title, j) => title !== known[j]);
  if (other === undefined && known.length === titles.size) return;
  throw new UserError(
    `${folder}: the model knows ${known.length} titles, which are not the survey's ${titles.size}` +
      (other === undefined ? "" : ` (the first that differs: "${other}")`),
    "Fine-tune a model on this survey, or measure on the survey that this one was fine-tuned on.",
  );
}
