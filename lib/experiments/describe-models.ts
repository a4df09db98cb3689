import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { UserError } from "../errors";
import { asReadError } from "../files";
import { isAvailable, isModelFolder, knownBases, type ModelCard, methods, readModelCard } from "../methods";
import { runsFolder } from "./cache";

/** What there is to fit, to fine-tune and to score. */
export interface ModelsDescription {
  methods: { id: string; label: string; summary: string; settings: unknown }[];
  bases: { name: string; description: string; parameters: number; license: string; state: string }[];
  fitted: FittedDescription[];
  /** Fitted models of another version, or whose card is damaged. */
  unreadable: UnreadableModel[];
}

export interface UnreadableModel {
  folder: string;
  /** What is wrong with which file, and what to do. */
  problem: string;
}

export interface FittedDescription {
  folder: string;
  method: string;
  parameters: number;
  /** Of a language model. */
  base?: string;
  survey: string;
  /** Trained on. */
  persons: number;
  validationLoss?: number;
  seconds: number;
}

/**
 * The methods with their settings, the base models that are known, and the fitted models in some folders (each a
 * model itself, or a folder of models) and among the cached runs.
 * @throws UserError for a folder that there is not
 */
export function describeModels(folders: readonly string[] = []): ModelsDescription {
  const missing = folders.find((folder) => !existsSync(folder));
  if (missing !== undefined) throw new UserError(`${missing}: no such folder`, "Name folders of models.");
  const found = [...folders, runsFolder()].flatMap(modelsUnder).map(describeFitted);
  return {
    methods: methods.map(({ id, label, summary, settings }) => {
      const { $schema: _, ...schema } = z.toJSONSchema(settings, { io: "input" });
      return { id, label, summary, settings: schema };
    }),
    bases: knownBases.map((base) => ({
      name: base.name,
      description: base.description,
      parameters: base.parameters,
      license: base.license,
      state: isAvailable(base) ? "available" : `to download, ${base.download?.megabytes} MB`,
    })),
    fitted: found.filter((one): one is FittedDescription => !("problem" in one)),
    unreadable: found.filter((one) => "problem" in one),
  };
}

function modelsUnder(folder: string): string[] {
  if (isModelFolder(folder)) return [folder];
  if (!existsSync(folder)) return [];
  return namesIn(folder)
    .map((name) => join(folder, name))
    .filter(isModelFolder)
    .sort();
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw asReadError(folder, error, "Name folders of models; LABOR_LLM_RUNS names that of the cached runs.");
  }
}

function describeFitted(folder: string): FittedDescription | UnreadableModel {
  let card: ModelCard;
  try {
    card = readModelCard(folder);
  } catch (error) {
    if (error instanceof UserError) return { folder, problem: error.message };
    throw error;
  }
  const { method, settings, survey, persons, report, seconds } = card;
  const { base } = settings;
  return {
    folder,
    method,
    parameters: report.parameters,
    ...(typeof base === "string" ? { base } : {}),
    survey,
    persons: persons.train,
    validationLoss: report.validationLoss,
    seconds,
  };
}
