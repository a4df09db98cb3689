import {
  type BootstrapOptions,
  type CorrelationKind,
  correlationBeyond,
  happenedRows,
  type Measurement,
  strataOf,
  where,
} from "../../metrics";
import { selectForecast } from "../../predictions";
import { type Finding, judgeMeasurement } from "../../results";
import type { AheadResult } from "./compare-ahead";

const KINDS: readonly CorrelationKind[] = ["all", "given titles", "movers"];

/** The slices of the kinds of rows. */
const SLICES: Readonly<Record<CorrelationKind, Measurement["on"]>> = {
  all: { transition: "all" },
  "given titles": { transition: "all", given: "titles" },
  movers: { transition: "move" },
};

/**
 * How much more the direct predictions of a method correlate with its own composed predictions than with those of
 * another method, for the persons and years that both have: any two good models agree on who stays. The error of sampled
 * paths is taken off both correlations.
 * @returns for each method and each other, which `against` names: the correlation with the own composed predictions, with
 * the other's, and the former less the latter, paired over persons; of all, given both titles, and of movers
 */
export function correlationNulls(
  results: readonly AheadResult[],
  options: BootstrapOptions = {},
): Measurement[] {
  const single = results.filter(({ years }) => years !== "all");
  const key = ({ survey, label, how }: AheadResult) => `${survey}\n${label}\n${how}`;
  const own = groupsOf(single, key);
  // Of plans that compose the same predictions, one.
  const composed = groupsOf(single, ({ survey, composedBy }) => `${survey}\n${composedBy}`);
  return own.flatMap((mine) => {
    const [{ survey, label, composedBy }] = mine;
    return composed.flatMap((theirs) => {
      const [other] = theirs;
      if (other.survey !== survey || other.composedBy === composedBy) return [];
      const pairs = mine.flatMap((one) => {
        const rival = theirs.find(({ years }) => years === one.years);
        return rival === undefined ? [] : [matched(one, rival)];
      });
      return KINDS.flatMap((kind) => {
        const rows = joined(pairs, kind);
        if (rows.x.length === 0) return [];
        const { own, other: rival, difference } = correlationBeyond(rows, rows.rival, options);
        const shared = {
          ...{ survey, model: label, on: SLICES[kind], against: other.label },
          ...{ persons: new Set(rows.person).size, personYears: rows.x.length },
        };
        return [
          { ...shared, measure: "correlation with the own" as const, estimate: own },
          { ...shared, measure: "correlation with another" as const, estimate: rival },
          { ...shared, measure: "correlation difference" as const, estimate: difference },
        ];
      });
    });
  });
}

/** Items of one key together, in order of first appearance. */
function groupsOf<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

/** The predictions of two methods that are of the same person and year, in the same order. */
function matched(mine: AheadResult, theirs: AheadResult) {
  const keyOf = ({ ids, forecasts }: AheadResult) => {
    const { person, year } = forecasts.composed.distribution;
    return (n: number) => `${ids[person[n]]}\n${year[n]}`;
  };
  const [mineOf, theirsOf] = [keyOf(mine), keyOf(theirs)];
  const rows = ({ forecasts }: AheadResult) => forecasts.composed.distribution.observed.length;
  const all = (count: number, of: (n: number) => string) =>
    new Set(Array.from({ length: count }, (_, n) => of(n)));
  const [here, there] = [all(rows(mine), mineOf), all(rows(theirs), theirsOf)];
  return {
    years: mine.years,
    ids: mine.ids,
    direct: selectForecast(mine.forecasts.direct, (n) => there.has(mineOf(n))),
    composed: selectForecast(mine.forecasts.composed, (n) => there.has(mineOf(n))),
    rival: selectForecast(theirs.forecasts.composed, (n) => here.has(theirsOf(n))),
  };
}

/** Rows of all years, persons numbered anew. */
function joined(pairs: readonly ReturnType<typeof matched>[], kind: CorrelationKind) {
  const [who, x, y, z, strata] = [[], [], [], [], []] as [string[], number[], number[], number[], string[]];
  const [noise, rivalNoise] = [[], []] as [number[], number[]];
  for (const { years, ids, direct, composed, rival } of pairs) {
    const of = ({ distribution, monteCarloError }: typeof composed) =>
      happenedRows(kind, direct.distribution, distribution, monteCarloError);
    const [mine, theirs] = [of(composed), of(rival)];
    const persons = [...new Set(direct.distribution.person)];
    for (let n = 0; n < mine.person.length; n++) {
      who.push(ids[persons[mine.person[n]]]);
      x.push(mine.x[n]);
      y.push(mine.y[n]);
      z.push(theirs.y[n]);
      noise.push(mine.noise?.[n] ?? 0);
      rivalNoise.push(theirs.noise?.[n] ?? 0);
      strata.push(`${years} ${mine.stratum?.[n]}`);
    }
  }
  return {
    person: strataOf(who),
    ...{ x, y, noise },
    ...(kind === "given titles" && { stratum: strataOf(strata) }),
    rival: { y: z, noise: rivalNoise },
  };
}

const WORDS: Readonly<Record<CorrelationKind, string>> = {
  all: "",
  "given titles": ", given the last known title and what happened",
  movers: ", of movers",
};

/**
 * Whether direct predictions correlate more with the own composed ones than with those of any other method. Each claim
 * is judged on the other method from which the own is least apart, in standard errors, so that it holds only if it
 * holds against all (an intersection-union test needs no correction). A correlation that is not defined is left out:
 * a first-order table tells nothing beyond the two titles.
 */
export function nullClaims(nulls: readonly Measurement[], results: readonly AheadResult[]): Finding[] {
  const differences = where(nulls, { measure: "correlation difference" });
  const isKnown = (difference: Measurement) =>
    nulls
      .filter(
        ({ survey, model, on, against }) =>
          survey === difference.survey &&
          model === difference.model &&
          against === difference.against &&
          isSame(on, difference.on),
      )
      .every(({ estimate }) => !Number.isNaN(estimate.value));
  const groups = groupsOf(differences.filter(isKnown), ({ survey, model, on }) =>
    [survey, model, JSON.stringify(on)].join("\n"),
  );
  return groups.map((group) => {
    const apart = ({ estimate }: Measurement) => estimate.value / estimate.standardError;
    const nearest = group.reduce((least, one) => (apart(one) < apart(least) ? one : least));
    const { survey, model, on, against } = nearest;
    const { how } = results.find((one) => one.survey === survey && one.label === model)!;
    const kind = KINDS.find((one) => isSame(SLICES[one], on))!;
    return judgeMeasurement(
      {
        says: `Direct (${how}) correlates with the own composed more than with another's${WORDS[kind]}: ${model} (nearest: ${against})`,
        expects: { is: "above", bound: 0 },
      },
      nearest,
    );
  });
}

function isSame(a: object, b: object): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
