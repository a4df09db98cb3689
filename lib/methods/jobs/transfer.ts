import * as tf from "@tensorflow/tfjs";
import { UserError } from "../../errors";
import {
  type AnyJobConfig,
  initialise,
  type JobNetwork,
  type JobVocabulary,
  MISSING,
  networkOf,
  parametersOf,
  type RowMeaning,
  vocabularySizes,
} from "../../networks";

/**
 * A network of another vocabulary that starts from a trained one's parameters: rows of titles go by title, rows of
 * covariates by level. Titles that are new start at random; levels that are new start where the missing value is,
 * as which the trained network knows them.
 */
export function transferNetwork(
  from: { network: JobNetwork; vocabulary: JobVocabulary },
  vocabulary: JobVocabulary,
  seed: number,
): JobNetwork<AnyJobConfig> {
  const config = { ...(from.network.config as AnyJobConfig), ...vocabularySizes(vocabulary) };
  const plan = parametersOf(config);
  const parameters = initialise(plan, seed);
  for (const [name, { rows, shape }] of plan) {
    const target = parameters.get(name)!;
    const source = from.network.parameters.get(name);
    tf.tidy(() => {
      if (source !== undefined && rows === undefined) target.assign(source.clone());
      if (rows === undefined) return;
      const width = shape.slice(1).reduce((a, b) => a * b, 1);
      const values = Float32Array.from(target.dataSync());
      const old = source?.dataSync() as Float32Array | undefined;
      rowOrigins(rows, from.vocabulary, vocabulary, shape[0]).forEach((origin, row) => {
        if (origin === undefined) return;
        const start = old?.subarray(origin * width, (origin + 1) * width) ?? new Float32Array(width);
        values.set(start, row * width);
      });
      target.assign(tf.tensor(values, shape));
    });
  }
  return networkOf(config, parameters);
}

/** For each row of the new table, the old one's row that it starts from, if any. */
function rowOrigins(
  rows: RowMeaning,
  from: JobVocabulary,
  to: JobVocabulary,
  size: number,
): (number | undefined)[] {
  if (rows === "job" || rows === "output") {
    const titles = to.titles.titles.map((title) =>
      from.titles.has(title) ? from.titles.indexOf(title) : undefined,
    );
    if (rows === "job") return [0, ...titles.map((j) => (j === undefined ? undefined : j + 1))];
    // The row behind the titles, where there is one, is that of staying.
    return size > titles.length ? [...titles, from.titles.size] : titles;
  }
  const old = new Map((from.levels[rows] ?? []).map((value, i) => [value, i + 1] as const));
  return [MISSING, ...(to.levels[rows] ?? []).map((value) => old.get(value) ?? MISSING)];
}

/** @throws UserError if the vocabularies share no title: nothing of the titles would be taken over */
export function checkShared(from: Pick<JobVocabulary, "titles">, to: Pick<JobVocabulary, "titles">): void {
  if (to.titles.titles.some((title) => from.titles.has(title))) return;
  throw new UserError(
    "the pre-trained model and the survey share no title",
    "Pre-train on careers whose titles are worded as the survey's.",
  );
}
