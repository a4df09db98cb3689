import { benjaminiHochberg } from "../metrics/benjamini-hochberg";
import { compareSubgroups } from "../metrics/compare-subgroups";
import type { MeasureId } from "../metrics/measures";
import {
  type RepresentativenessOptions,
  representativeness,
  type TransitionShareOptions,
  transitionDistance,
} from "../metrics/representativeness";
import { pValueOf } from "../metrics/standing";
import type { Subgroup } from "../metrics/subgroups";
import {
  type FitsOfMethod,
  type ValuesOfFits,
  type WholeMeasure,
  wholeMeasure,
} from "../metrics/whole-error";
import { type Finding, judge, publishedFinding } from "../results";
import type { ErrorFailure, ErrorSources } from "./audit-errors";
import { type Comparison, ORACLE } from "./compare-methods";
import { type Compared, fitsNamed } from "./fits-of-claims";
import { type Measure, type MeasuredFits, wholeOfMeasure } from "./measured-fits";

export interface SubgroupClaimOptions extends Omit<RepresentativenessOptions, "reference" | "rows"> {
  /** The model that the claims are about. */
  model: string;
  /** Models that it is held against. */
  others: readonly string[];
  /** Distances of several fits (`distanceOf`), and what fits say of what happened: claims are then judged on the whole error. */
  distances?: readonly MeasuredFits[];
  fits?: readonly (ErrorSources | ErrorFailure)[];
}

/** The distance of predicted from actual shares of transitions (`representativeness`). */
export function distanceOf(options: TransitionShareOptions): Measure {
  return {
    name: DISTANCE,
    of: (distribution) => ({ [DISTANCE]: transitionDistance(distribution, options) }),
  };
}

const DISTANCE = "distance of transitions";

/** What the abstract of LABOR-LLM says of subpopulations. */
const SAID = publishedFinding("yes, without a number", "A");
const SAID_OF = ["CAREER, tuned", "Off the shelf"];

/**
 * Claims on the groups of one survey: the model's transitions are nearer to those that took place than the others';
 * the group that it serves worst against all others, and, where the law is known, the one that it serves worst
 * against the oracle, with p-values that are adjusted for the number of groups.
 */
export function judgeSubgroups(
  comparison: Compared,
  groups: readonly Subgroup[],
  { model, others, distances = [], fits = [], ...options }: SubgroupClaimOptions,
): Finding[] {
  const { survey, distributions } = comparison;
  if (!(model in distributions)) return [];
  const whole = representativeness(distributions, { ...options, reference: model });
  const findings = others.flatMap((other) => {
    const row = whole.find((one) => one.model === other);
    if (row === undefined) return [];
    const { difference: value, differenceError: standardError, persons } = row;
    const terms = [
      { times: 1, label: other },
      { times: -1, label: model },
    ];
    return [
      judge(
        {
          says: `${model} is nearer to the actual transitions than ${other}: difference of distance`,
          expects: { is: "above", bound: 0 },
          published: SAID_OF.includes(other) ? SAID : undefined,
        },
        {
          ...{ survey, measure: "transition distance difference" },
          measured: { value, standardError, interval: [row.differenceLow, row.differenceHigh] },
          whole: wholeOfMeasure(
            distances,
            { survey, name: DISTANCE },
            { error: standardError, of: persons },
            terms,
          ),
        },
      ),
    ];
  });
  const judged = (measure: "gap" | "ratioGap", to?: string) => {
    const reference = to ?? model;
    const own = compareSubgroups(distributions, groups, { ...options, reference }).filter(
      (row) => row.model === model && row[`${measure}Error`] > 0,
    );
    // The model's gap, or how much larger it is than the reference's.
    const parts = [{ of: model, times: 1 }, ...(to === undefined ? [] : [{ of: to, times: -1 }])].map(
      (part) => ({
        ...part,
        fits: fitsNamed(comparison, fits, part.of),
      }),
    );
    const found = own.map((row): GroupGap => {
      const group = groups.find(({ name }) => name === row.group)!;
      const [ours, error] = [row[measure], row[`${measure}Error`]];
      const terms = parts.flatMap(({ fits: known, ...part }) =>
        known === undefined ? [] : [{ ...part, fits: gapsOf(known, group) }],
      );
      const isWhole =
        terms.length === parts.length &&
        parts[0].fits!.seeds[0].length === distributions[model].observed.length;
      const whole = isWhole ? wholeMeasure({ error, of: row.persons }, terms) : undefined;
      const p = whole === undefined ? row[`${measure}P`] : pValueOf(whole);
      return { group: row.group, ours: whole?.value ?? ours, error, whole, p };
    });
    return worstOf(found);
  };
  const claimed = (says: string, measure: MeasureId, worst: WorstGap, oracle?: number) => {
    const { group, ours: value, error: standardError, whole, adjustedP } = worst;
    return judge(
      { says: `${says}: gap in nats, "${group}"`, expects: { is: "above", bound: 0 } },
      {
        ...{ survey, measure, oracle, whole, measured: { value, standardError } },
        among: { p: adjustedP, of: groups.length, what: "groups" },
      },
    );
  };
  const worst = judged("gap");
  if (worst !== undefined) {
    const law = gapOf(distributions, groups, worst.group);
    findings.push(claimed(`${model} serves a group worse than all others`, "log-loss gap", worst, law));
  }
  const behind = ORACLE in distributions ? judged("ratioGap", ORACLE) : undefined;
  if (behind !== undefined) {
    const says = `${model} is further behind the oracle in a group than elsewhere`;
    findings.push(claimed(says, "log-loss gap beyond the law", behind, 0));
  }
  return findings;
}

/** How much worse a group is served than all others. */
interface GroupGap {
  group: string;
  /** Nats, and its error over test persons. */
  ours: number;
  error: number;
  whole?: WholeMeasure;
  p: number;
}

type WorstGap = GroupGap & { adjustedP: number };

/** A method's gap of a group under each of its fits. */
function gapsOf({ seeds, resamples, ...rest }: FitsOfMethod, group: Subgroup): ValuesOfFits {
  const inside = new Set(group.rows);
  const gap = (surprisals: Float64Array) => {
    let [own, others] = [0, 0];
    surprisals.forEach((value, n) => {
      if (inside.has(n)) own += value;
      else others += value;
    });
    return own / inside.size - others / (surprisals.length - inside.size);
  };
  return { ...rest, seeds: seeds.map(gap), resamples: resamples.map(gap) };
}

/** The group with the greatest gap in standard errors, its p-value adjusted for the number of groups. */
function worstOf(gaps: readonly GroupGap[]): WorstGap | undefined {
  const adjusted = benjaminiHochberg(gaps.map(({ p }) => p));
  const standing = ({ ours, error, whole }: GroupGap) => ours / (whole?.standardError ?? error);
  return gaps
    .map((one, i) => ({ ...one, adjustedP: adjusted[i] }))
    .sort((a, b) => standing(b) - standing(a))[0];
}

/** The law's own gap of that group, where it is known: how much harder the group is to predict at best. */
function gapOf(
  distributions: Comparison["distributions"],
  groups: readonly Subgroup[],
  name: string,
): number | undefined {
  if (!(ORACLE in distributions)) return undefined;
  const law = { [ORACLE]: distributions[ORACLE] };
  const group = groups.filter((one) => one.name === name);
  return compareSubgroups(law, group, { replications: 2 })[0].gap;
}
