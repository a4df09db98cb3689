import { UserError } from "../errors";
import type { TitleDistribution } from "../models/title-distribution";
import { benjaminiHochberg } from "./benjamini-hochberg";
import { type BootstrapOptions, bootstrapByPerson, type Estimate } from "./bootstrap";
import { twoSided } from "./normal";
import { surprisal, weightsOf } from "./perplexity";
import { personsOf } from "./persons";
import { checkSameRows } from "./rows";
import type { Subgroup } from "./subgroups";

export interface SubgroupComparisonOptions extends BootstrapOptions {
  /** The model that differences are to, by name. Default: the first. */
  reference?: string;
  /** Perplexity over the mass on valid titles. Default false. */
  normalised?: boolean;
  /** Weigh each person-year by its survey weight. Default false. */
  weighted?: boolean;
}

/**
 * One model on one group; flat, so that it is a row of a table. Errors are over persons; p-values are two-sided, of a
 * normal with the bootstrap's error, and adjusted for the number of groups (`benjaminiHochberg`), model by model.
 */
export interface SubgroupRow {
  group: string;
  of: string;
  persons: number;
  personYears: number;
  model: string;
  perplexity: number;
  perplexityError: number;
  perplexityLow: number;
  perplexityHigh: number;
  /** Mean surprisal of the group less that of all others, in nats: above 0 it is served worse. */
  gap: number;
  gapError: number;
  gapLow: number;
  gapHigh: number;
  gapP: number;
  gapAdjustedP: number;
  reference: string;
  /** Mean surprisal less the reference's in the group, in nats, paired: above 0 the reference is better. */
  logRatio: number;
  logRatioError: number;
  logRatioLow: number;
  logRatioHigh: number;
  logRatioP: number;
  logRatioAdjustedP: number;
  /**
   * The log ratio less that of all others: above 0 the model is further behind the reference here than elsewhere.
   * Where the reference is the true law, this is what the model does to the group; a gap may be the world's.
   */
  ratioGap: number;
  ratioGapError: number;
  ratioGapLow: number;
  ratioGapHigh: number;
  ratioGapP: number;
  ratioGapAdjustedP: number;
}

/**
 * Perplexity of each model in each group, with the group's gap to all other persons' years and to a reference model.
 * All numbers see the same resamples of persons, so that gaps and log ratios are paired.
 * @param models predictions of the careers that the groups are of, by the model's name
 * @returns by group, then by model, in the order given
 * @throws UserError if the rows differ between models, a group has no person-year, the reference is no model, or weights
 * are asked for and a person-year has none
 */
export function compareSubgroups(
  models: Readonly<Record<string, TitleDistribution>>,
  groups: readonly Subgroup[],
  options: SubgroupComparisonOptions = {},
): SubgroupRow[] {
  const names = Object.keys(models);
  const { reference = names[0], normalised = false, weighted = false } = options;
  const base = names.indexOf(reference);
  if (base < 0) {
    throw new UserError(
      `the reference "${reference}" is not among the models`,
      `Name one of ${names.join(", ")}.`,
    );
  }
  checkSameRows(models);
  const empty = groups.find((group) => group.rows.length === 0);
  if (empty !== undefined) {
    throw new UserError(`the group "${empty.name}" has no person-year`, "Leave it out.");
  }
  const { persons, position } = personsOf(models[reference].person);
  const rows = models[reference].observed.length;
  const all = Int32Array.from({ length: rows }, (_, n) => n);
  const weight = weighted ? weightsOf(models[reference]) : undefined;
  const sum = (value: (n: number) => number, over: Int32Array) => {
    const sums = new Float64Array(persons);
    for (const n of over) {
      const w = weight === undefined ? 1 : weight[n];
      if (w > 0) sums[position[n]] += w * value(n); // what weighs nothing does not matter, be it infinite
    }
    return sums;
  };
  const surprise = names.map((name) => surprisal(models[name], { normalised })); // (models)(N)
  const total = surprise.map((s) => sum((n) => s[n], all)); // (models)(persons)
  const count = sum(() => 1, all);
  const inGroup = groups.map(({ rows: own }) => ({
    count: sum(() => 1, own),
    total: surprise.map((s) => sum((n) => s[n], own)),
  }));
  const statistic = (times: Float64Array) => {
    const rowsOfAll = weigh(times, count);
    const totals = total.map((t) => weigh(times, t));
    return inGroup.flatMap((group) => {
      const own = weigh(times, group.count);
      const sums = group.total.map((t) => weigh(times, t));
      const rest = (m: number) => totals[m] - sums[m];
      return names.flatMap((_, m) => [
        Math.exp(sums[m] / own),
        sums[m] / own - rest(m) / (rowsOfAll - own),
        (sums[m] - sums[base]) / own,
        (sums[m] - sums[base]) / own - (rest(m) - rest(base)) / (rowsOfAll - own),
      ]);
    });
  };
  const estimates = bootstrapByPerson(persons, statistic, options);
  const found = groups.flatMap((group, g) =>
    names.map((model, m): SubgroupRow => {
      const at = 4 * (g * names.length + m);
      const [perplexity, gap, logRatio, ratioGap] = estimates.slice(at, at + 4);
      return {
        group: group.name,
        of: group.of,
        persons: group.persons,
        personYears: group.rows.length,
        model,
        perplexity: perplexity.value,
        perplexityError: perplexity.standardError,
        perplexityLow: perplexity.interval[0],
        perplexityHigh: perplexity.interval[1],
        gap: gap.value,
        gapError: gap.standardError,
        gapLow: gap.interval[0],
        gapHigh: gap.interval[1],
        gapP: pOf(gap),
        gapAdjustedP: NaN,
        reference,
        logRatio: logRatio.value,
        logRatioError: logRatio.standardError,
        logRatioLow: logRatio.interval[0],
        logRatioHigh: logRatio.interval[1],
        logRatioP: pOf(logRatio),
        logRatioAdjustedP: NaN,
        ratioGap: ratioGap.value,
        ratioGapError: ratioGap.standardError,
        ratioGapLow: ratioGap.interval[0],
        ratioGapHigh: ratioGap.interval[1],
        ratioGapP: pOf(ratioGap),
        ratioGapAdjustedP: NaN,
      };
    }),
  );
  for (const name of names) {
    const own = found.filter(({ model }) => model === name);
    for (const measure of ["gap", "logRatio", "ratioGap"] as const) {
      const adjusted = benjaminiHochberg(own.map((row) => row[`${measure}P`]));
      own.forEach((row, i) => {
        row[`${measure}AdjustedP`] = adjusted[i];
      });
    }
  }
  return found;
}

/** NaN for a model against itself, or where the error is not known. */
function pOf({ value, standardError }: Estimate): number {
  return standardError > 0 ? twoSided(value / standardError) : NaN;
}

/** A person who is not drawn does not matter, be their sum infinite. */
function weigh(times: Float64Array, sums: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < times.length; i++) if (times[i] !== 0) sum += times[i] * sums[i];
  return sum;
}
