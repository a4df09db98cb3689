import { UserError } from "../errors";
import type { TitleDistribution } from "../predictions";
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

function noPersonYear(kind = ""): UserError {
  return new UserError(
    `there is no person-year${kind} to measure on`,
    "Give careers of persons whom the models predicted.",
  );
}
