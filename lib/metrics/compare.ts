import { UserError } from "../errors";
import type { ObservedScores, TitleDistribution } from "../predictions";
import { type BootstrapOptions, bootstrapByPerson } from "./bootstrap";
import { exactly } from "./estimate";
import type { Measurement } from "./measurement";
import type { MeasureId } from "./measures";
import {
  normalisedScores,
  type PersonTotals,
  personTotals,
  surprisal,
  weightedMean,
  weightsOf,
} from "./perplexity";
import { checkSameRows, ROW_KINDS, type RowKind } from "./rows";

export interface ComparisonOptions extends BootstrapOptions {
  /** The model that the others are compared with, by name. Default: the first. */
  reference?: string;
  /** Default all, first, move and stay; a kind without person-years has no row. */
  kinds?: readonly RowKind[];
  /** Weigh each person-year by its survey weight. Default false. */
  weighted?: boolean;
}

/** What is measured of each model, in the order of the statistic: the last two are to the reference. */
const RAW = ["perplexity", "perplexity difference", "log-loss difference"] as const;
const NORMALISED = [
  "normalised perplexity",
  "normalised perplexity difference",
  "normalised log-loss difference",
] as const;

/**
 * Perplexity of each model on each kind of person-year, with errors by a bootstrap over persons; differences and
 * log-loss differences to the reference model are paired: every number sees the same resamples.
 * @param survey of which the careers are
 * @param models what they say of the same careers, by the model's name
 * @returns by kind, then by model, in the order given
 * @throws UserError if the rows differ between models, there is no model, no person-year or none that weighs anything,
 * the reference is not among the models, or weights are asked for and a person-year has none
 */
export function measurePerplexity(
  survey: string,
  models: Readonly<Record<string, ObservedScores>>,
  options: ComparisonOptions = {},
): Measurement[] {
  return measureMeans(survey, models, RAW, options);
}

/**
 * As `measurePerplexity`, of the probabilities over the mass on valid titles (`normalisedScores`), under the same resamples;
 * and that mass, which has no error.
 * @throws UserError as `measurePerplexity`
 */
export function measureNormalisedPerplexity(
  survey: string,
  models: Readonly<Record<string, TitleDistribution>>,
  options: ComparisonOptions = {},
): Measurement[] {
  const scores = Object.entries(models).map(([name, one]) => [name, normalisedScores(one)]);
  const found = measureMeans(survey, Object.fromEntries(scores), NORMALISED, options);
  const weight = options.weighted ? weightsOf(models[referenceOf(models, options)]) : undefined; // (N)
  const mass = Object.entries(models).map(([name, one]) => [name, personTotals(one, one.validMass, weight)]);
  const massOf: Record<string, Record<RowKind, PersonTotals>> = Object.fromEntries(mass);
  return found.flatMap((one): Measurement[] => {
    if (one.measure !== "normalised perplexity") return [one];
    const { model, on } = one;
    const valid = exactly(weightedMean(massOf[model][on.transition]));
    return [one, { ...one, measure: "valid mass", estimate: valid }];
  });
}

/** The model that differences are to. @throws UserError if there is none */
function referenceOf(models: Readonly<Record<string, unknown>>, { reference }: ComparisonOptions): string {
  const names = Object.keys(models);
  if (names.length === 0) throw new UserError("there is no model to compare", "Give at least one.");
  if (reference === undefined) return names[0];
  if (names.includes(reference)) return reference;
  throw new UserError(
    `the reference "${reference}" is not among the models`,
    `Name one of ${names.join(", ")}.`,
  );
}

/** @param measures what the perplexity, its difference and that of its logarithm are called */
function measureMeans(
  survey: string,
  models: Readonly<Record<string, ObservedScores>>,
  measures: readonly [MeasureId, MeasureId, MeasureId],
  options: ComparisonOptions,
): Measurement[] {
  const { kinds = ROW_KINDS, weighted = false } = options;
  const reference = referenceOf(models, options);
  const names = Object.keys(models);
  const base = names.indexOf(reference);
  checkSameRows(models);

  if (models[reference].observed.length === 0) throw noPersonYear();
  const scores = Object.values(models);
  const weight = weighted ? weightsOf(scores[base]) : undefined; // (N)
  const totals = scores.map((one) => personTotals(one, surprisal(one), weight)); // (models)
  const rows = weighted ? personTotals(scores[base], surprisal(scores[base])) : totals[base];
  const present = kinds.filter((kind) => totals[base][kind].count.some((count) => count > 0));
  if (weighted && totals[base].all.count.every((sum) => sum === 0))
    throw noPersonYear(" of a weight above 0");
  const cells = present.flatMap((kind) => names.map((_, m) => ({ kind, m })));

  const statistic = (times: Float64Array) =>
    present.flatMap((kind) => {
      const means = totals.map((of) => weightedMean(of[kind], times)); // (models), nats
      return means.flatMap((mean) => [
        Math.exp(mean),
        Math.exp(mean) - Math.exp(means[base]),
        mean - means[base],
      ]);
    });
  const estimates = bootstrapByPerson(totals[base].all.total.length, statistic, options);

  return cells.flatMap(({ kind, m }, c): Measurement[] => {
    const { count }: PersonTotals = rows[kind];
    const shared = {
      ...{ survey, model: names[m], on: { transition: kind } },
      persons: count.reduce((n, own) => n + (own > 0 ? 1 : 0), 0),
      personYears: count.reduce((a, b) => a + b, 0),
    };
    return measures.map((measure, i): Measurement => {
      const against = i > 0 ? { against: reference } : {};
      return { ...shared, measure, ...against, estimate: estimates[c * measures.length + i] };
    });
  });
}

function noPersonYear(kind = ""): UserError {
  return new UserError(
    `there is no person-year${kind} to measure on`,
    "Give careers of persons whom the models predicted.",
  );
}
