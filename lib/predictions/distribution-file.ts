import { createHash } from "node:crypto";
import { DamagedFile, UserError } from "../errors";
import { damaged, type NumberArray, readSafetensors, type WritableArray, writeSafetensors } from "../files";
import { TitleSet } from "../occupations";
import type { ObservedScores } from "./observed-scores";
import type { PersonYearRows } from "./person-year-rows";
import type { TitleDistribution } from "./title-distribution";

/**
 * Keeps a distribution in a safetensors file: the arrays by the names of their fields, the titles in the notes.
 * Numbers are kept in single precision. A digest of all that is beside the titles.
 * @throws UserError if the file cannot be written
 */
export function writeDistribution(path: string, distribution: TitleDistribution): void {
  writeAnswers(path, distribution);
}

/** @throws DamagedFile if the file is not as `writeDistribution` wrote it, or is not there */
export function readDistribution(path: string): TitleDistribution {
  return readAnswers<TitleDistribution>(path, "logProbability");
}

/** As `writeDistribution`, of what a model says of the observed titles only. */
export function writeScores(path: string, scores: ObservedScores): void {
  writeAnswers(path, scores);
}

/** @throws DamagedFile if the file is not as `writeScores` wrote it, or is not there */
export function readScores(path: string): ObservedScores {
  const scores = readAnswers<ObservedScores>(path, "observedLogProbability");
  return { ...scores, observedLogProbability: Float64Array.from(scores.observedLogProbability) };
}

function writeAnswers(path: string, { titles, ...arrays }: TitleDistribution | ObservedScores): void {
  const N = arrays.observed.length;
  const tensors = new Map<string, WritableArray>();
  for (const [name, values] of Object.entries(arrays)) {
    if (values === undefined) continue;
    const stored = values instanceof Float64Array ? Float32Array.from(values) : values;
    tensors.set(name, { shape: name === "logProbability" ? [N, titles.size] : [N], values: stored });
  }
  const names = JSON.stringify(titles.titles);
  writeSafetensors(path, tensors, { metadata: { titles: names, sha256: digestOf(names, tensors) } });
}

/** @param answer the array that there must be: a file of the other answers has another one */
function readAnswers<Answers extends PersonYearRows>(path: string, answer: keyof Answers & string): Answers {
  const { tensors, metadata } = readWhole(path);
  const { titles, sha256 } = metadata;
  if (titles === undefined || sha256 !== digestOf(titles, tensors)) throw damaged(path);
  const arrays = Object.fromEntries([...tensors].map(([name, { values }]) => [name, values]));
  if (arrays[answer] === undefined) throw damaged(path);
  const { weight } = arrays;
  return {
    ...(arrays as unknown as Answers),
    titles: new TitleSet(JSON.parse(titles)),
    ...(weight === undefined ? {} : { weight: Float64Array.from(weight) }),
  };
}

function readWhole(path: string) {
  try {
    return readSafetensors(path);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new DamagedFile(error.problem, "Delete it; it is computed again.", { cause: error });
  }
}

/** SHA-256 of the titles and of each array's name, kind, shape and numbers. */
function digestOf(titles: string, tensors: ReadonlyMap<string, WritableArray>): string {
  const hash = createHash("sha256").update(titles);
  for (const name of [...tensors.keys()].sort()) {
    const { shape, values } = tensors.get(name)!;
    hash.update(`\n${name} ${values.constructor.name} ${shape.join()}\n`).update(bytesOf(values));
  }
  return hash.digest("hex");
}

function bytesOf({ buffer, byteOffset, byteLength }: NumberArray): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
