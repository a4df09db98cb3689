import { existsSync } from "node:fs";
import { join } from "node:path";
import type { PanelSplit } from "../careers";
import { UserError } from "../errors";
import { isFolder } from "../files";
import {
  isModelFolder,
  knownBases,
  methodNamed,
  methodNames,
  occupationModel,
  openModelFolder,
  resolveBase,
  settingsOf,
  withAdapter,
} from "../methods";
import { baseNamedBy, folderRemedy, isPeftFolder, snapshotFolder } from "../networks";
import type { TitleSet } from "../occupations";
import type { OccupationModel } from "../predictions";
import { quote } from "../quote";
import { literalWording } from "../text";
import { type Experiment, fitExperiment } from "./experiment";

/**
 * A model by what a user calls it: a folder that `fine-tune` wrote, or PEFT an adapter in; a method, which is fitted on the training persons
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
    const { model, card } = await openModelFolder(nameOrPath, baseOf(experiment));
    checkTitles(card.titles, split.train.titles, nameOrPath);
    return model;
  }
  if (isPeftFolder(nameOrPath)) return openAdapter(nameOrPath, experiment, split);
  if (methodNames.includes(nameOrPath)) {
    return (await fitExperiment({ ...experiment, method: nameOrPath }, onProgress, split)).model;
  }
  const known = knownBases.some(({ name }) => nameOrPath === name || nameOrPath === `google/${name}`);
  // What a published folder lacks is said where it is read.
  const published = (folder: string) =>
    existsSync(join(folder, "config.json")) || folderRemedy(folder) !== undefined;
  if (!known && isFolder(nameOrPath) && !published(snapshotFolder(nameOrPath))) throw noModelIn(nameOrPath);
  if (!known && !existsSync(nameOrPath)) await resolveBase(nameOrPath); // says that there is none, before its settings
  const settings = { ...experiment.settings, base: nameOrPath };
  const { model } = await fitExperiment(
    { ...experiment, method: "off-the-shelf", settings },
    onProgress,
    split,
  );
  return model;
}

/** An adapter that PEFT wrote, on the base model that the user names, or else the adapter. */
async function openAdapter(
  folder: string,
  experiment: Omit<Experiment, "method">,
  { train }: PanelSplit,
): Promise<OccupationModel> {
  const base = baseOf(experiment) ?? baseNamedBy(folder);
  if (base === undefined) {
    throw new UserError(`${folder}: the adapter does not name its base model`, "Name it with --base.");
  }
  const offTheShelf = methodNamed("off-the-shelf");
  const settings = settingsOf(offTheShelf, { ...experiment.settings, base });
  const { titles, surveyTag } = train;
  const task = { titles, surveyTag, wording: { ...literalWording, ...experiment.wording } };
  const language = withAdapter(folder, await resolveBase(base));
  return occupationModel("LoRA adapter", language, {
    ...task,
    settings: settings as Parameters<typeof occupationModel>[2]["settings"],
  });
}

function baseOf({ settings }: Omit<Experiment, "method">): string | undefined {
  const { base } = (settings ?? {}) as { base?: string };
  return base;
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
      (other === undefined ? "" : ` (the first that differs: ${quote(other)})`),
    "Fine-tune a model on this survey, or measure on the survey that this one was fine-tuned on.",
  );
}
