import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { UserError } from "../../errors";
import { readJsonObject, writeFileAtomically } from "../../files";
import { checked } from "../fitted-files";
import { type BaseModel, baseInputs, resolveBase } from "./base-models";

const FILE = "base.json";
const reference = z.strictObject({ base: z.string(), sha256: z.string() });

/**
 * Notes the base model that a model stands on: its name, or its whole path, and the digest of its files.
 * @param asked the name or path that it was found by
 */
export function writeBaseReference(folder: string, asked: string, base: BaseModel): void {
  const noted = { base: base.path === resolve(asked) ? base.path : asked, sha256: base.digest() };
  writeFileAtomically(join(folder, FILE), `${JSON.stringify(noted, null, 1)}\n`);
}

/**
 * Where the base model lies that a folder's model stands on, if it stands on one: no output may go there.
 * @param at where it is now, if it was moved
 */
export function referenceInputs(folder: string, at?: string): string[] {
  const path = join(folder, FILE);
  if (!existsSync(path)) return [];
  const { base } = checked(path, reference, readJsonObject(path, "Fit the model again."));
  return baseInputs(at ?? base);
}

/**
 * The base model that was noted.
 * @param at where it is now, if it was moved
 * @throws UserError where it is gone, or another one is in its place
 */
export async function openBaseReference(folder: string, at?: string): Promise<BaseModel> {
  const path = join(folder, FILE);
  const { base: noted, sha256 } = checked(path, reference, readJsonObject(path, "Fit the model again."));
  let base: BaseModel;
  try {
    base = await resolveBase(at ?? noted);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${path}: ${error.problem}`, error.remedy, { cause: error });
  }
  if (base.digest() === sha256) return base;
  throw new UserError(
    `${path}: the base model ${at ?? noted} is not the one that this model was fitted on (its SHA-256 differs)`,
    "Put that one back, or fit the model again.",
  );
}
