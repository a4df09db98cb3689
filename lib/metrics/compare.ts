import { UserError } from "../errors";
import type { TitleDistribution } from "../models/title-distribution";
import { type BootstrapOptions, bootstrapByPerson } from "./bootstrap";
import { exactly } from "./estimate";
import type { Measurement } from "./measurement";
import type { MeasureId } from "./measures";
import { type PersonTotals, personTotals, surprisal, weightedMean, weightsOf } from "./perplexity";
import { checkSameRows, ROW_KINDS, type RowKind } from "./rows";

export interface ComparisonOptions extends BootstrapOptions {
  /** The model that the others are compared with, by name. Default: the first. */
  reference?: string;
  /** Default all, first, move and stay; a kind without person-years has no row. */
  kinds?: readonly RowKind[];
  /** Weigh each person-year by its survey weight. Default false. */
  weighted?: boolean;
}

/** One model on one kind of person-year; flat, so that it is a row of a table. Errors are over persons. */
export interface ComparisonRow {
  model: string;
  kind: RowKind;
  /** Persons with a person-year of this kind. */
  persons: number;
  personYears: number;
  /** P(title) as the model gives it. */
  perplexity: number;
  perplexityError: number;
  perplexityLow: number;
  perplexityHigh: number;
  /** P(title) over the mass on valid titles. */
  normalised: number;
  normalisedError: number;
  normalisedLow: number;
  normalisedHigh: number;
  /** Mean over person-years of the probability of all valid titles together. */
  validMass: number;
  /** Name of the model that the differences and log ratios are to. */
  reference: string;
  /** Perplexity less the reference's, paired. */
  difference: number;
  differenceError: number;
  differenceLow: number;
  differenceHigh: number;
  /**
   * Logarithm of the perplexity over the reference's: the mean over person-years of ln P(title) by the reference
   * less that by the model, in nats, paired. A few wild person-years move it less than the difference.
   */
  logRatio: number;
  logRatioError: number;
  logRatioLow: number;
  logRatioHigh: number;
  normalisedDifference: number;
  normalisedDifferenceError: number;
  normalisedLogRatio: number;
  normalisedLogRatioError: number;
  normalisedLogRatioLow: number;
  normalisedLogRatioHigh: number;
}

/** What is measured of each model, in the order of the statistic. */
const BOOTSTRAPPED = [
  "perplexity",
  "normalised perplexity",
  "perplexity difference",
  "log-loss difference",
  "normalised perplexity difference",
  "normalised log-loss difference",
] as const satisfies readonly MeasureId[];

/**
 * Perplexity of each model on each kind of person-year, with errors by a bootstrap over persons; differences and
 * log-loss differences to the reference model are paired: every number sees the same resamples. The valid mass has no error.
 * @param survey of which the careers are
 * @param models predictions for the same careers, by the model's name
 * @returns by kind, then by model, in the order given
 * @throws UserError if the rows differ between models, there is no model, no person-year or none that weighs anything,
 * the reference is not among the models, or weights are asked for and a person-year has none
 */
export function measurePerplexity(
  survey: string,
  models: Readonly<Record<string, TitleDistribution>>,
  options: ComparisonOptions = {},
): Measurement[] {
  const names = Object.keys(models);
  const { reference = names[0], kinds = ROW_KINDS, weighted = false } = options;
  if (names.length === 0) throw new UserError("there is no model to compare", "Give at least one.");
  const base = names.indexOf(reference);
  if (base < 0) {
    throw new UserError(
      `the reference "${reference}" is not among the models`,
      `Name one of ${names.join(", ")}.`,
    );
  }
  checkSameRows(models);

  if (models[reference].observed.length === 0) throw noPersonYear();
  const distributions = Object.values(models);
  const weight = weighted ? weightsOf(distributions[base]) : undefined; // (N)
  const raw = distributions.map((d) => personTotals(d, surprisal(d), weight));
  const normalised = distributions.map((d) => personTotals(d, surprisal(d, { normalised: true }), weight));
  const mass = distributions.map((d) => personTotals(d, d.validMass, weight));
  const rows = weighted ? personTotals(distributions[base], distributions[base].validMass) : raw[base];
  const present = kinds.filter((kind) => raw[base][kind].count.some((count) => count > 0));
  if (weighted && raw[base].all.count.every((sum) => sum === 0)) throw noPersonYear(" of a weight above 0");
  const cells = present.flatMap((kind) => names.map((_, m) => ({ kind, m })));

  const statistic = (times: Float64Array) =>
    present.flatMap((kind) => {
      const means = raw.map((totals) => weightedMean(totals[kind], times)); // (models), nats
      const meansNormalised = normalised.map((totals) => weightedMean(totals[kind], times)); // (models), nats
      return names.flatMap((_, m) => [
        Math.exp(means[m]),
        Math.exp(meansNormalised[m]),
        Math.exp(means[m]) - Math.exp(means[base]),
        means[m] - means[base],
        Math.exp(meansNormalised[m]) - Math.exp(meansNormalised[base]),
        meansNormalised[m] - meansNormalised[base],
      ]);
    });
  const estimates = bootstrapByPerson(raw[base].all.total.length, statistic, options);

  return cells.flatMap(({ kind, m }, c): Measurement[] => {
    const { count }: PersonTotals = rows[kind];
    const shared = {
      ...{ survey, model: names[m], on: { transition: kind } },
      persons: count.reduce((n, own) => n + (own > 0 ? 1 : 0), 0),
      personYears: count.reduce((a, b) => a + b, 0),
    };
    const bootstrapped = BOOTSTRAPPED.map((measure, i): Measurement => {
      const against = measure.endsWith("difference") ? { against: reference } : {};
      return { ...shared, measure, ...against, estimate: estimates[c * BOOTSTRAPPED.length + i] };
    });
    const valid = exactly(weightedMean(mass[m][kind]));
    return [...bootstrapped, { ...shared, measure: "valid mass", estimate: valid }];
  });
}

/** `measurePerplexity`, the numbers of each model and kind together. */
export function comparePerplexity(
  models: Readonly<Record<string, TitleDistribution>>,
  options: ComparisonOptions = {},
): ComparisonRow[] {
  return comparisonRows(measurePerplexity("", models, options));
}

/** Measurements of `measurePerplexity`, those of each model and kind together as a flat row. */
export function comparisonRows(measurements: readonly Measurement[]): ComparisonRow[] {
  const each = BOOTSTRAPPED.length + 1;
  return Array.from({ length: measurements.length / each }, (_, r) => {
    const own = measurements.slice(r * each, (r + 1) * each);
    const [{ model, on, persons, personYears }] = own;
    const of = (measure: MeasureId) => own.find((one) => one.measure === measure)!;
    const difference = of("perplexity difference");
    const flat = (name: string, { estimate: { value, standardError, interval } }: Measurement) => ({
      [name]: value,
      [`${name}Error`]: standardError,
      [`${name}Low`]: interval[0],
      [`${name}High`]: interval[1],
    });
    const normalised = of("normalised perplexity difference").estimate;
    return {
      ...{ model, kind: on.transition, persons, personYears },
      ...flat("perplexity", of("perplexity")),
      ...flat("normalised", of("normalised perplexity")),
      validMass: of("valid mass").estimate.value,
      reference: difference.against!,
      ...flat("difference", difference),
      ...flat("logRatio", of("log-loss difference")),
      normalisedDifference: normalised.value,
      normalisedDifferenceError: normalised.standardError,
      ...flat("normalisedLogRatio", of("normalised log-loss difference")),
    } as unknown as ComparisonRow;
  });
}

function noPersonYear(kind = ""): UserError {
  return new UserError(
    `there is no person-year${kind} to measure on`,
    "Give careers of persons whom the models predicted.",
  );
}
