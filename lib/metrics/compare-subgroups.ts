import { UserError } from "../errors";
import type { ObservedScores } from "../predictions";
import { withAdjustedP } from "./adjusted-p";
import { type BootstrapOptions, bootstrapByPerson, type Estimate } from "./bootstrap";
import type { Measurement } from "./measurement";
import type { MeasureId } from "./measures";
import { twoSided } from "./normal";
import { surprisal, weightsOf } from "./perplexity";
import { personsOf } from "./persons";
import { checkSameRows } from "./rows";
import type { Subgroup } from "./subgroups";

export interface SubgroupComparisonOptions extends BootstrapOptions {
  /** The model that differences are to, by name. Default: the first. */
  reference?: string;
  /** Whether the reference is the true law: what a model's gap is beyond the law's is then measured too. Default false. */
  isLaw?: boolean;
  /** Weigh each person-year by its survey weight. Default false. */
  weighted?: boolean;
}

/**
 * Each model in each group: its perplexity; its gap, the mean surprisal of the group less that of all others, above 0 where it
 * is served worse; its mean surprisal less the reference's, above 0 where the reference is better; and where the reference is
 * the true law, what the gap is beyond the law's, which is what the model does to the group: a gap may be the world's.
 *
 * All numbers see the same resamples of persons, so that gaps and differences are paired. p-values are two-sided, of a normal
 * with the bootstrap's error, and adjusted for the number of groups.
 * @param survey of which the careers are
 * @param models what they say of the careers that the groups are of, by the model's name
 * @returns by group, then by model, in the order given
 * @throws UserError if the rows differ between models, a group has no person-year, the reference is no model, or weights
 * are asked for and a person-year has none
 */
export function compareSubgroups(
  survey: string,
  models: Readonly<Record<string, ObservedScores>>,
  groups: readonly Subgroup[],
  options: SubgroupComparisonOptions = {},
): Measurement[] {
  const names = Object.keys(models);
  const { reference = names[0], isLaw = false, weighted = false } = options;
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
  const surprise = names.map((name) => surprisal(models[name])); // (models)(N)
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
    names.flatMap((model, m): Measurement[] => {
      const at = 4 * (g * names.length + m);
      const [perplexity, gap, difference, gapBeyond] = estimates.slice(at, at + 4);
      const shared = {
        ...{ survey, model, on: { transition: "all", group: { of: group.of, is: group.name } } as const },
        ...{ persons: group.persons, personYears: group.rows.length },
      };
      const tested = (measure: MeasureId, estimate: Estimate, more: Partial<Measurement> = {}) => ({
        ...{ ...shared, measure, ...more, estimate, p: pOf(estimate) },
      });
      return [
        { ...shared, measure: "perplexity", estimate: perplexity },
        tested("log-loss gap", gap),
        tested("log-loss difference", difference, { against: reference }),
        ...(isLaw ? [tested("log-loss gap beyond the law", gapBeyond, { against: reference })] : []),
      ];
    }),
  );
  return withAdjustedP(found, "groups");
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
