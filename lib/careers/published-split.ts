import { createHash } from "node:crypto";
import { join } from "node:path";
import { UserError } from "../errors";
import { checkOutputFile, fileName, isObject, readJsonObject, writeFileAtomically } from "../files";
import type { CareerPanel } from "./panel";
import { emptySplit, type PanelSplit, type SplitOptions, type SplitShares, splitByPerson } from "./split";

const parts = ["train", "validation", "test"] as const;
type Part = (typeof parts)[number];

/** One part of a split: who is in it, and a digest by which two splits are told apart without their lists. */
export interface PublishedPart {
  persons: number;
  /** SHA-256, in hexadecimal, of the identifiers in order of their UTF-16 units, each followed by a line feed. */
  sha256: string;
  /** In the same order; absent where only the digest may be published. */
  ids?: string[];
}

/** A split as it is published: the same persons for every model and every run. */
export interface PublishedSplit {
  survey: string;
  seed: number;
  shares: SplitShares;
  parts: Record<Part, PublishedPart>;
}

/** How to publish a split. */
export interface PublishOptions extends SplitOptions {
  /** Folder to write to; `splits` by default. */
  folder?: string;
  /** Name of the file, without extension; the panel's name and the seed (`fileName`) by default. */
  name?: string;
  /** Whether the identifiers are listed; without them the file holds counts and digests. True by default. */
  ids?: boolean;
  /** Replaces a file that is no published split. */
  force?: boolean;
}

/**
 * Splits a panel by person and writes the split to `FOLDER/NAME.json`, atomically.
 * @returns the file's path and what it holds
 * @throws UserError as `splitByPerson`, or if the file cannot be written, or one is there that is no published split
 */
export function publishSplit(
  panel: CareerPanel,
  options: PublishOptions,
): { path: string; published: PublishedSplit; split: PanelSplit } {
  const split = splitByPerson(panel, options);
  const { folder = "splits", name = fileName(`${panel.name}-${options.seed}`), ids = true, force } = options;
  const published: PublishedSplit = {
    survey: panel.name,
    seed: options.seed,
    shares: options.shares ?? { train: 0.7, validation: 0.1, test: 0.2 },
    parts: Object.fromEntries(
      parts.map((part) => [part, publishedPart(split[part], ids)]),
    ) as PublishedSplit["parts"],
  };
  const path = join(folder, `${name}.json`);
  checkOutputFile(path, { force, isOurs: isPublishedSplit });
  writeFileAtomically(path, `${JSON.stringify(published, null, 1)}\n`);
  return { path, published, split };
}

function publishedPart(panel: CareerPanel, withIds: boolean): PublishedPart {
  const ids = panel.careers.map(({ person }) => person).sort();
  const part = { persons: ids.length, sha256: digest(ids) };
  return withIds ? { ...part, ids } : part;
}

function digest(sortedIds: readonly string[]): string {
  const hash = createHash("sha256");
  for (const id of sortedIds) hash.update(`${id}\n`);
  return hash.digest("hex");
}

/**
 * Reads a published split.
 * @throws UserError if the file is not one, its lists do not have their digests, or a person is in it twice
 */
export function readSplit(path: string): PublishedSplit {
  const value = readJsonObject(path, "Give the path of a file that publishSplit wrote.");
  const split = value as unknown as PublishedSplit;
  const shares = isObject(value.shares) ? Object.values(value.shares) : [];
  const fits =
    typeof value.survey === "string" &&
    typeof value.seed === "number" &&
    shares.length === 3 &&
    shares.every((share) => typeof share === "number") &&
    isObject(value.parts) &&
    parts.every((part) => isPart((value.parts as Record<string, unknown>)[part]));
  if (!fits)
    throw new UserError(`${path}: this is no published split`, "Give a file that publishSplit wrote.");
  const seen = new Set<string>();
  for (const part of parts) {
    const { ids, sha256, persons } = split.parts[part];
    if (ids === undefined) continue;
    if (ids.length !== persons || digest(ids) !== sha256) {
      throw new UserError(`${path}: the ${part} persons do not have their digest`, "Restore the file.");
    }
    for (const id of ids) {
      if (seen.has(id))
        throw new UserError(`${path}: person ${id} is in the split twice`, "Restore the file.");
      seen.add(id);
    }
  }
  return split;
}

function isPublishedSplit(path: string): boolean {
  try {
    readSplit(path);
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

function isPart(value: unknown): boolean {
  if (!isObject(value) || typeof value.persons !== "number" || typeof value.sha256 !== "string") return false;
  return (
    value.ids === undefined || (Array.isArray(value.ids) && value.ids.every((id) => typeof id === "string"))
  );
}

/**
 * The parts of a panel as a published split has them. From a split without lists of persons the parts are drawn
 * again from its seed and shares, and must have its digests.
 * @throws UserError as `readSplit`, or if the file's persons are not the panel's
 */
export function applySplit(panel: CareerPanel, path: string): PanelSplit {
  const published = readSplit(path);
  if (parts.some((part) => published.parts[part].ids === undefined)) return drawAgain(panel, path, published);
  const partOf = new Map(
    parts.flatMap((part) => published.parts[part].ids!.map((id) => [id, part] as const)),
  );
  const split = emptySplit(panel);
  for (const career of panel.careers) {
    const part = partOf.get(career.person);
    if (part === undefined)
      throw others(panel, path, `person ${career.person} of the panel is not in the split`);
    split[part].careers.push(career);
    partOf.delete(career.person);
  }
  const [left] = partOf.keys();
  if (left !== undefined) throw others(panel, path, `person ${left} of the split is not in the panel`);
  return split;
}

function drawAgain(panel: CareerPanel, path: string, published: PublishedSplit): PanelSplit {
  const split = splitByPerson(panel, published);
  for (const part of parts) {
    const { persons, sha256 } = publishedPart(split[part], false);
    const expected = published.parts[part];
    if (sha256 !== expected.sha256) {
      throw others(
        panel,
        path,
        `its ${expected.persons} ${part} persons are not the ${persons} of the panel`,
      );
    }
  }
  return split;
}

function others(panel: CareerPanel, path: string, problem: string): UserError {
  return new UserError(
    `${path}: ${problem}`,
    `Take a split of the same persons, or publish one for ${panel.name}.`,
  );
}
