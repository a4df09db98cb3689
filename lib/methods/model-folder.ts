import { existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../errors";
import { writeFileAtomically } from "../files/atomic";
import { readJsonObject } from "../files/read";
import type { OccupationModel } from "../models/occupation-model";
import { TitleSet } from "../occupations/title-set";
import { textCovariates } from "../text/template";
import type { FitTask, FittedModel, Method } from "./method";
import { methodNamed } from "./registry";

/** The file that makes a folder a fitted model: it is written last. */
const CARD = "labor-llm.json";

const cardSchema = z.object({
  format: z.literal(1),
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
  const parsed = cardSchema.safeParse(readJsonObject(path, remedy));
  if (parsed.success) return parsed.data;
  const [{ path: field, message }] = parsed.error.issues;
  throw new UserError(`${path}: ${field.join(".")}: ${message}`, remedy);
}

/** Fits a method and keeps the model in a folder, from which a killed fit goes on. */
export async function fitToFolder<Settings extends object>(
  method: Method<Settings>,
  task: Omit<FitTask<Settings>, "checkpoints">,
  folder: string,
): Promise<FittedModel & Pick<ModelCard, "seconds">> {
  const started = Date.now();
  const checkpoints = join(folder, "checkpoints");
  mkdirSync(folder, { recursive: true });
  const fitted = await method.fit({ ...task, checkpoints });
  // Until the new card is there, the folder is no model: an old card must not stand beside new weights.
  rmSync(join(folder, CARD), { force: true });
  if (fitted.save === undefined) {
    rmSync(checkpoints, { recursive: true, force: true });
    return { ...fitted, seconds: (Date.now() - started) / 1000 };
  }
  fitted.save(folder);
  const { model: _, save: __, ...report } = fitted;
  const seconds = (Date.now() - started) / 1000;
  const { train, validation, settings, wording, seed } = task;
  const card: ModelCard = {
    format: 1,
    method: method.id,
    settings: settings as Record<string, unknown>,
    wording: { ...wording, omit: [...wording.omit] },
    seed,
    survey: train.name,
    surveyTag: train.surveyTag,
    titles: [...train.titles.titles],
    persons: { train: train.careers.length, validation: validation.careers.length },
    seconds,
    report: report as ModelCard["report"],
  };
  writeFileAtomically(join(folder, CARD), `${JSON.stringify(card, null, 2)}\n`);
  rmSync(checkpoints, { recursive: true, force: true });
  return { ...fitted, seconds };
}

/**
 * Opens a model that `fitToFolder` kept.
 * @throws UserError as `readModelCard`, or if the method's own files are missing or damaged
 */
export async function openModelFolder(folder: string): Promise<{ model: OccupationModel; card: ModelCard }> {
  const card = readModelCard(folder);
  const method = methodNamed(card.method);
  const model = await method.open!({
    settings: method.settings.parse(card.settings),
    wording: card.wording,
    titles: new TitleSet(card.titles),
    surveyTag: card.surveyTag,
    folder,
  });
  return { model, card };
}
