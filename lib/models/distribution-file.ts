import { z } from "zod";
import { readSafetensors, type WritableArray, writeSafetensors } from "../checkpoints/safetensors";
import { UserError } from "../errors";
import { parseJson } from "../files/json";
import { TitleSet } from "../occupations/title-set";
import { checked } from "./fitted-files";
import type { TitleDistribution } from "./title-distribution";

/**
 * Keeps a distribution in a safetensors file: the arrays by the names of their fields, the titles in the notes.
 * Weights are kept in single precision.
 * @throws UserError if the file cannot be written
 */
export function writeDistribution(path: string, distribution: TitleDistribution): void {
  const { titles, ...arrays } = distribution;
  const N = distribution.observed.length;
  const tensors = new Map<string, WritableArray>();
  for (const [name, values] of Object.entries(arrays)) {
    if (values === undefined) continue;
    tensors.set(name, { shape: name === "logProbability" ? [N, titles.size] : [N], values });
  }
  writeSafetensors(path, tensors, { metadata: { titles: JSON.stringify(titles.titles) } });
}

/** Undefined where they are no JSON. */
function titlesIn(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** @throws UserError if the file is none that `writeDistribution` wrote */
export function readDistribution(path: string): TitleDistribution {
  const { tensors, metadata } = readSafetensors(path);
  const arrays = Object.fromEntries([...tensors].map(([name, { values }]) => [name, values]));
  const fields = ["logProbability", "validMass", "observed", "person", "year", "previous"];
  if (metadata.titles === undefined || fields.some((name) => arrays[name] === undefined)) {
    throw new UserError(`${path}: this is no distribution over titles`, "Delete it; it is made anew.");
  }
  const { weight } = arrays;
  const titles = checked(path, z.array(z.string()), titlesIn(metadata.titles), "Delete it; it is made anew.");
  return {
    ...(arrays as unknown as TitleDistribution),
    titles: new TitleSet(titles),
    ...(weight === undefined ? {} : { weight: Float64Array.from(weight) }),
  };
}
