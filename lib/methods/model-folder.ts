import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../errors";
import { asUserError, writeFileAtomically } from "../files/atomic";
import { fileDigest } from "../files/digest";
import { checkOutputFile, checkOutputFolder, type OutputRules } from "../files/output";
import { readJsonObject } from "../files/read";
import { checked } from "../models/fitted-files";
import type { OccupationModel } from "../models/occupation-model";
import { TitleSet } from "../occupations/title-set";
import { textCovariates } from "../text/template";
import { removeCheckpoints } from "../training/checkpoints";
import { referenceInputs } from "./base-reference";
import type { FitTask, FittedModel, Method } from "./method";
import { methodNamed, settingsOf } from "./registry";

/** The file that makes a folder a fitted model: it is written last. */
const CARD = "labor-llm.json";

/** The folder, within a model's, of a fit that goes on or was stopped. */
const CHECKPOINTS = "checkpoints";

/** Of the card and the files beside it. */
const FORMAT = 1;

const cardSchema = z.object({
  format: z.literal(FORMAT),
  method: z.string(),
  settings: z.record(z.string(), z.unknown()),
  wording: z.object({
    titles: z.enum(["literal", "numeric", "shuffled"]),
    deal: z.number().optional(),
    omit: z.array(z.enum(textCovariates)),
  }),
  seed: z.number(),
  survey: z.string(),
  surveyTag: z.string(),
  titles: z.array(z.string()),
  persons: z.object({ train: z.number(), validation: z.number() }),
  /** SHA-256 of each of the method's own files, by name. */
  files: z.record(z.string().regex(/^(?!\.\.?$)[^/\\]+$/), z.string()).default({}),
  /** Wall time of the fit; of a fit that was resumed, since then. */
  seconds: z.number(),
  report: z.object({
    parameters: z.number(),
    validationLoss: z.number().optional(),
    bestEpoch: z.number().optional(),
    history: z
      .array(z.object({ epoch: z.number(), trainingLoss: z.number(), validationLoss: z.number() }))
      .optional(),
  }),
});

/** What a folder says of the model in it: the method, what it was fitted on, and how that went. */
export type ModelCard = z.infer<typeof cardSchema>;

/** Whether a folder holds a fitted model. */
export function isModelFolder(folder: string): boolean {
  return existsSync(join(folder, CARD));
}

/** @throws UserError if the folder holds no fitted model, or its card is damaged */
export function readModelCard(folder: string): ModelCard {
  const path = join(folder, CARD);
  const remedy = "Name a folder that `labor-llm fine-tune --out` wrote.";
  const card = readJsonObject(path, remedy);
  if (typeof card.format === "number" && card.format !== FORMAT) {
    throw new UserError(
      `${path}: the model is of format ${card.format}, and this version of labor-llm reads format ${FORMAT}`,
      "Fit it again, or use the version that wrote it.",
    );
  }
  return checked(path, cardSchema, card, remedy);
}

/** The files and folders that an opened model's numbers come from: no output may go there. */
export function modelInputs(folder: string): string[] {
  return [folder, ...referenceInputs(folder)];
}

/**
 * Checks, before any work, that a fit may be kept in a folder: one that is not there, is empty, or holds a fitted
 * model or a fit that was stopped.
 * @throws UserError
 */
export function checkModelOutput(folder: string, rules: Pick<OutputRules, "inputs" | "force"> = {}): void {
  checkOutputFolder(folder, { ...rules, isOurs: () => isModelFolder(folder) || holdsStoppedFit(folder) });
}

function holdsStoppedFit(folder: string): boolean {
  const names = readdirSync(folder).filter((name) => !name.startsWith("."));
  return names.every((name) => name === CHECKPOINTS);
}

/**
 * Fits a method and keeps the model in a folder, from which a killed fit goes on. A model that is there already stays
 * until the new one is written whole. Files that are not the model's stay.
 * @param rules what the folder must not touch and may replace (`checkModelOutput`)
 * @throws UserError as `checkModelOutput` and the method's fit, and where the folder cannot be written
 */
export async function fitToFolder<Settings extends object>(
  method: Method<Settings>,
  task: Omit<FitTask<Settings>, "checkpoints">,
  folder: string,
  rules: Pick<OutputRules, "inputs" | "force"> = {},
): Promise<FittedModel & Pick<ModelCard, "seconds">> {
  const started = Date.now();
  const checkpoints = join(folder, CHECKPOINTS);
  checkModelOutput(folder, rules);
  makeFolder(folder);
  const fitted = await method.fit({ ...task, checkpoints });
  const { model: _, save, ...report } = fitted;
  const staging = join(folder, ".saving");
  rmSync(staging, { recursive: true, force: true });
  makeFolder(staging);
  try {
    save(staging);
    const seconds = (Date.now() - started) / 1000;
    const { train, validation, settings, wording, seed } = task;
    const card: ModelCard = {
      format: FORMAT,
      method: method.id,
      settings: settings as Record<string, unknown>,
      wording: { ...wording, omit: [...wording.omit] },
      seed,
      survey: train.name,
      surveyTag: train.surveyTag,
      titles: [...train.titles.titles],
      persons: { train: train.careers.length, validation: validation.careers.length },
      files: digests(staging),
      seconds,
      report: report as ModelCard["report"],
    };
    putInPlace(staging, folder, card);
    removeCheckpoints(checkpoints);
    return { ...fitted, seconds };
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw asUserError(folder, error);
  }
}

function digests(folder: string): Record<string, string> {
  const names = readdirSync(folder).sort();
  return Object.fromEntries(names.map((name) => [name, fileDigest(join(folder, name))]));
}

/** Without a card a folder is no model: an old card must not stand beside new files, nor a new one beside old files. */
function putInPlace(staging: string, folder: string, card: ModelCard): void {
  for (const name of Object.keys(card.files)) checkOutputFile(join(folder, name), { force: true });
  const old = isModelFolder(folder) ? oldFiles(folder) : [];
  rmSync(join(folder, CARD), { force: true });
  for (const name of old) rmSync(join(folder, name), { force: true });
  for (const name of Object.keys(card.files)) renameSync(join(staging, name), join(folder, name));
  writeFileAtomically(join(folder, CARD), `${JSON.stringify(card, null, 2)}\n`);
}

function oldFiles(folder: string): string[] {
  try {
    return Object.keys(readModelCard(folder).files);
  } catch (error) {
    if (error instanceof UserError) return []; // a damaged card names none
    throw error;
  }
}

/**
 * Opens a model that `fitToFolder` kept.
 * @throws UserError as `readModelCard`, or if a file is missing or is not as it was saved
 */
export async function openModelFolder(folder: string): Promise<{ model: OccupationModel; card: ModelCard }> {
  const card = readModelCard(folder);
  const [method, titles, settings] = ofCard(folder, () => {
    const named = methodNamed(card.method);
    return [named, new TitleSet(card.titles), settingsOf(named, card.settings)] as const;
  });
  for (const [name, digest] of Object.entries(card.files)) {
    const path = join(folder, name);
    if (fileDigest(path) === digest) continue;
    throw new UserError(
      `${path}: cut short, damaged or of another model (its SHA-256 is not the one in ${CARD})`,
      "Copy it again, or fit the model again.",
    );
  }
  const { wording, surveyTag } = card;
  return { model: await method.open({ settings, wording, titles, surveyTag, folder }), card };
}

/** What is wrong with a card's contents is said of its file. */
function ofCard<T>(folder: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${join(folder, CARD)}: ${error.problem}`, "Fit the model again.", { cause: error });
  }
}
