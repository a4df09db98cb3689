import { z } from "zod";
import { UserError } from "../../errors";
import type { WritableArray } from "../../files";
import type { TitleSet } from "../../occupations";
import { readFitted, writeFitted } from "../fitted-files";
import { restoreTrials, storedTrial, storeTrials } from "../logit";
import type { CareerReader } from "./career-embeddings";
import { type EmbeddingLogitModel, embeddingLogitModel } from "./embedding-logit";

const reading = { layer: z.number().int().positive(), pooling: z.enum(["mean", "last"]) };

const facts = z.strictObject({
  name: z.string(),
  reading: z.strictObject(reading),
  readings: z.array(z.strictObject({ ...reading, loss: z.number() })),
  ridge: z.number().min(0),
  trials: z.array(storedTrial),
  width: z.number().int().positive(),
});

/** Keeps the head, not the language model under it. @throws UserError where the folder cannot be written */
export function writeEmbeddingLogit(folder: string, { name, head }: EmbeddingLogitModel): void {
  const { reading, readings, ridge, trials, weights, offset, standard } = head;
  const [D, J] = [standard.mean.length, offset.length];
  writeFitted(folder, {
    facts: { name, reading, readings, ridge, trials: storeTrials(trials), width: D },
    arrays: new Map<string, WritableArray>([
      ["weights", { shape: [D + 1, J], values: weights }],
      ["offset", { shape: [J], values: offset }],
      ["mean", { shape: [D], values: standard.mean }],
      ["deviation", { shape: [D], values: standard.deviation }],
    ]),
  });
}

/**
 * Reads what `writeEmbeddingLogit` wrote.
 * @param reader the language model that the head was fitted on
 * @throws UserError where a file is missing, damaged, over other titles or of another language model
 */
export function readEmbeddingLogit(
  folder: string,
  reader: CareerReader,
  titles: TitleSet,
): EmbeddingLogitModel {
  const { facts: stored, arrays } = readFitted(folder, facts);
  const { name, width: D, trials, ...rest } = stored;
  const { width, layers } = reader.decoder.config;
  if (D !== width || stored.reading.layer > layers) {
    throw new UserError(
      `${folder}: the head reads layer ${stored.reading.layer} of width ${D}, the base model has ${layers} of width ${width}`,
      "Give the base model that the head was fitted on.",
    );
  }
  const J = titles.size;
  const numbers = (array: string, shape: number[]) => arrays.get(array, shape) as Float64Array;
  const head = {
    ...rest,
    trials: restoreTrials(trials),
    weights: numbers("weights", [D + 1, J]),
    offset: numbers("offset", [J]),
    standard: { mean: numbers("mean", [D]), deviation: numbers("deviation", [D]) },
  };
  return embeddingLogitModel(name, reader, head, titles);
}
