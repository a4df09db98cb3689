import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { demandPersons } from "../careers";
import { DamagedFile, UserError } from "../errors";
import {
  aloneIn,
  asUserError,
  checkOutputFile,
  checkOutputFolder,
  fileDigest,
  isObject,
  makeFolder,
  type OutputRules,
  readJsonObject,
  sealOf,
  writeFileAtomically,
} from "../files";
import { removeCheckpoints } from "../networks";
import { TitleSet } from "../occupations";
import { plainText } from "../plain-text";
import type { OccupationModel } from "../predictions";
import { textCovariates, wordingFor } from "../text";
import { checked } from "./fitted-files";
import { referenceInputs } from "./language";
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
  titles: z.array(z.string().transform(plainText)), // as those of the careers that it is to score
  persons: z.object({ train: z.number(), validation: z.number() }),
  /** SHA-256 of each of the method's own files, by name. */
  files: z.record(z.string().regex(/^(?!\.\.?$)[^/\\]+$/), z.string()).default({}),
  /** Wall time of the fit; of a fit that was resumed, since then. */
  seconds: z.number(),
  report: z.object({
    parameters: z.number(),
    trained: z.number().optional(),
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

/** @throws UserError if the folder holds no fitted model; DamagedFile if its card is not as it was written */
export function readModelCard(folder: string): ModelCard {
  const path = join(folder, CARD);
  const remedy = "Name a folder that `labor-llm fine-tune --survey SURVEY --out FOLDER` wrote.";
  const { sha256, ...card } = damageOf(remedy, () => readJsonObject(path, remedy));
  if (typeof card.format === "number" && card.format !== FORMAT) {
    // In the cache of runs, whose key covers this code, another format can only be damage.
    throw new DamagedFile(
      `${path}: the model is of format ${card.format}, and this version of labor-llm reads format ${FORMAT}`,
      "Fit it again, or use the version that wrote it.",
    );
  }
  if (sha256 !== undefined && sha256 !== sealOf(card))
    throw notAsSaved(path, "its SHA-256 is not the one in it");
  return damageOf(remedy, () => checked(path, cardSchema, card, remedy));
}

/** Whether a folder holds a fitted model whose files are all as they were saved. */
export function isSoundModelFolder(folder: string): boolean {
  if (!isModelFolder(folder)) return false;
  try {
    checkFiles(folder, readModelCard(folder));
    return true;
  } catch (error) {
    if (error instanceof DamagedFile) return false;
    throw error;
  }
}

/**
 * The files and folders that an opened model's numbers come from: no output may go there.
 * @param base where its base model is now, if it stands on one that was moved
 */
export function modelInputs(folder: string, base?: string): string[] {
  return [folder, ...referenceInputs(folder, base)];
}

/** What a folder that a fit is kept in must not touch and may replace. */
export interface ModelOutputRules extends Pick<OutputRules, "inputs" | "force"> {
  /** Whether a model that is there may be fitted over; default true. */
  overwrite?: boolean;
}

/**
 * Checks, before any work, that a fit may be kept in a folder: one that is not there, is empty, or holds a fitted
 * model that may be fitted over or a fit that was stopped.
 * @throws UserError
 */
export function checkModelOutput(
  folder: string,
  { overwrite = true, ...rules }: ModelOutputRules = {},
): void {
  if (!overwrite && isModelFolder(folder)) {
    throw new UserError(
      `${folder}: a fitted model is there already`,
      "Give --force to fit anew over it, or another --out.",
    );
  }
  checkOutputFolder(folder, { ...rules, isOurs: () => isModelFolder(folder) || holdsStoppedFit(folder) });
}

function holdsStoppedFit(folder: string): boolean {
  const names = readdirSync(folder).filter((name) => !name.startsWith("."));
  return names.every((name) => name === CHECKPOINTS);
}

/**
 * Fits a method and keeps the model in a folder, from which a killed fit goes on. A model that is there already stays
 * until the new one is written whole. Files that are not the model's stay.
 * @param rules as `checkModelOutput` takes them
 * @throws UserError as `checkModelOutput`, where another process fits a model there, where one is there that may not be
 *   fitted over, if a part of the split that the method needs has nobody, and as the method's fit
 */
export async function fitToFolder<Settings extends object>(
  method: Method<Settings>,
  task: Omit<FitTask<Settings>, "checkpoints">,
  folder: string,
  rules: ModelOutputRules = {},
): Promise<FittedModel & Pick<ModelCard, "seconds">> {
  checkModelOutput(folder, rules);
  checkEnough(method, task); // before anything is written
  return aloneIn(folder, () => {
    checkModelOutput(folder, rules); // another process may have fitted one meanwhile
    return fitInHeldFolder(method, task, folder);
  });
}

function checkEnough<Settings>(method: Method<Settings>, task: Omit<FitTask<Settings>, "checkpoints">): void {
  const { train, validation, settings } = task;
  demandPersons({ train, validation }, method.needs?.(settings));
}

/** `fitToFolder` for a caller that keeps others out of the folder by other means. */
export async function fitInHeldFolder<Settings extends object>(
  method: Method<Settings>,
  task: Omit<FitTask<Settings>, "checkpoints">,
  folder: string,
): Promise<FittedModel & Pick<ModelCard, "seconds">> {
  const { train, validation, settings } = task;
  checkEnough(method, task);
  const started = Date.now();
  const checkpoints = join(folder, CHECKPOINTS);
  makeOwnFolder(folder);
  const wording = wordingFor(task.train, task.wording);
  const fitted = await method.fit({ ...task, wording, checkpoints });
  const { model: _, save, ...report } = fitted;
  const staging = join(folder, ".saving");
  rmSync(staging, { recursive: true, force: true });
  makeOwnFolder(staging);
  try {
    save(staging);
    const seconds = (Date.now() - started) / 1000;
    const { seed } = task;
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

function makeOwnFolder(folder: string): void {
  try {
    makeFolder(folder);
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
  const plain: object = JSON.parse(JSON.stringify(card));
  const sealed = { ...plain, sha256: sealOf(plain) };
  writeFileAtomically(join(folder, CARD), `${JSON.stringify(sealed, null, 2)}\n`);
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
 * @param base where its base model is now, if it stands on one that was moved
 * @throws UserError as `readModelCard`, or if a file is missing or is not as it was saved
 */
export async function openModelFolder(
  folder: string,
  base?: string,
): Promise<{ model: OccupationModel; card: ModelCard }> {
  const card = readModelCard(folder);
  const [method, titles, settings] = ofCard(folder, () => {
    const named = methodNamed(card.method);
    return [named, new TitleSet(card.titles), settingsOf(named, withPresentNames(card.settings))] as const;
  });
  checkFiles(folder, card);
  const { wording, surveyTag } = card;
  return { model: await method.open({ settings, wording, titles, surveyTag, folder, base }), card };
}

/** @throws DamagedFile if a file is missing or is not as it was saved */
function checkFiles(folder: string, card: ModelCard): void {
  for (const [name, digest] of Object.entries(card.files)) {
    if (name === "README.md") continue; // for readers, who may add to it
    const path = join(folder, name);
    if (damageOf(again, () => fileDigest(path)) !== digest) {
      throw notAsSaved(path, `its SHA-256 is not the one in ${CARD}`);
    }
  }
}

const again = "Copy it again, or fit the model again.";

function notAsSaved(path: string, why: string): DamagedFile {
  return new DamagedFile(`${path}: cut short, damaged or of another model (${why})`, again);
}

/** What a user did wrong elsewhere is damage in a file of our own. */
function damageOf<T>(remedy: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new DamagedFile(error.problem, error.remedy ?? remedy, { cause: error });
  }
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

/** The settings of a card, of which versions before 0.3 named one otherwise. */
function withPresentNames(settings: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { training } = settings;
  if (!isObject(training) || !("piecesAtOnce" in training)) return settings;
  const { piecesAtOnce, ...rest } = training;
  return { ...settings, training: { ...rest, tokensAtOnce: piecesAtOnce } };
}
