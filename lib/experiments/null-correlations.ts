import { selectForecast } from "../forecasts";
import type { BootstrapOptions, Estimate } from "../metrics/bootstrap";
import { type CorrelationKind, happenedRows } from "../metrics/consistency";
import { correlationBeyond, strataOf } from "../metrics/correlation";
import { type Finding, judge } from "../results";
import type { AheadResult } from "./compare-ahead";

/**
 * How much more the direct predictions of a method correlate with its own composed predictions than with those of
 * another method, for the persons and years that both have: any two good models agree on who stays.
 */
export interface NullRow {
  survey: string;
  label: string;
  how: AheadResult["how"];
  /** The other method. */
  other: string;
  kind: CorrelationKind;
  persons: number;
  predictions: number;
  /** With the own composed predictions, with the other's, and the former less the latter, paired over persons. */
  own: Estimate;
  null: Estimate;
  difference: Estimate;
}

const KINDS: readonly CorrelationKind[] = ["all", "given titles", "movers"];

/** Each method against each other's composed predictions; the error of sampled paths is taken off both correlations. */
export function correlationNulls(results: readonly AheadResult[], options: BootstrapOptions = {}): NullRow[] {
  const single = results.filter(({ years }) => years !== "all");
  const key = ({ survey, label, how }: AheadResult) => `${survey}\n${label}\n${how}`;
  const own = groupsOf(single, key);
  // Of plans that compose the same predictions, one.
  const composed = groupsOf(single, ({ survey, composedBy }) => `${survey}\n${composedBy}`);
  return own.flatMap((mine) => {
    const [{ survey, label, how, composedBy }] = mine;
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
        return [
          {
            ...{ survey, label, how, other: other.label, kind, predictions: rows.x.length },
            persons: new Set(rows.person).size,
            ...{ own, null: rival, difference },
          },
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

/** As rows of a table. */
export function nullRows(rows: readonly NullRow[]) {
  return rows.map((row) => ({
    survey: row.survey,
    model: row.label,
    "direct prediction": row.how,
    "composed by another": row.other,
    rows: row.kind,
    persons: row.persons,
    predictions: row.predictions,
    "correlation with the own": row.own.value,
    "correlation with the other": row.null.value,
    "own less other": row.difference.value,
    "standard error": row.difference.standardError,
  }));
}

const WORDS: Record<CorrelationKind, string> = {
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
export function nullClaims(rows: readonly NullRow[]): Finding[] {
  const known = rows.filter(({ own, null: rival }) => !Number.isNaN(own.value) && !Number.isNaN(rival.value));
  const groups = groupsOf(known, ({ survey, label, how, kind }) => [survey, label, how, kind].join("\n"));
  return groups.map((group) => {
    const apart = ({ difference }: NullRow) => difference.value / difference.standardError;
    const nearest = group.reduce((least, row) => (apart(row) < apart(least) ? row : least));
    const { survey, label, how, other, kind, difference, persons } = nearest;
    return judge(
      {
        says: `Direct (${how}) correlates with the own composed more than with another's${WORDS[kind]}: ${label} (nearest: ${other})`,
        expects: { is: "above", bound: 0 },
      },
      { survey, measure: "correlation difference", measured: { ...difference, persons } },
    );
  });
}
