import { compareSubgroups, type SubgroupRow } from "../metrics/compare-subgroups";
import { type RepresentativenessOptions, representativeness } from "../metrics/representativeness";
import type { Subgroup } from "../metrics/subgroups";
import { type Comparison, ORACLE } from "./compare-methods";
import { judgeMeasure, type MeasureClaim, type MeasureClaimRow } from "./measure-claims";
import { MARK_WORDING } from "./published";

export interface SubgroupClaimOptions extends Omit<RepresentativenessOptions, "reference" | "rows"> {
  /** The model that the claims are about. */
  model: string;
  /** Models that it is held against. */
  others: readonly string[];
}

/** What the abstract of LABOR-LLM says of subpopulations. */
const SAID = `yes, without a number, ${MARK_WORDING.A}`;
const SAID_OF = ["CAREER, tuned", "Off the shelf"];

/**
 * Claims on the groups of one survey: the model's transitions are nearer to those that took place than the others';
 * the group that it serves worst against all others, and, where the law is known, the one that it serves worst
 * against the oracle, with p-values that are adjusted for the number of groups.
 */
export function judgeSubgroups(
  { survey, distributions }: Pick<Comparison, "survey" | "distributions">,
  groups: readonly Subgroup[],
  { model, others, ...options }: SubgroupClaimOptions,
): ({ survey: string } & MeasureClaimRow)[] {
  if (!(model in distributions)) return [];
  const whole = representativeness(distributions, { ...options, reference: model });
  const rows = others.flatMap((other) => {
    const row = whole.find((one) => one.model === other);
    if (row === undefined) return [];
    const claim: MeasureClaim = {
      claim: `${model} is nearer to the actual transitions than ${other}: difference of distance`,
      published: SAID_OF.includes(other) ? SAID : undefined,
      ...{
        ours: row.difference,
        error: row.differenceError,
        low: row.differenceLow,
        high: row.differenceHigh,
      },
    };
    return [judgeMeasure(claim)];
  });
  const own = (reference: string) =>
    compareSubgroups(distributions, groups, { ...options, reference }).filter((row) => row.model === model);
  const worst = worstGroup(own(model), "gap");
  if (worst !== undefined) {
    rows.push({
      claim: `${model} serves a group worse than all others: gap in nats, "${worst.group}"`,
      published: "not at hand",
      ...{
        ours: worst.gap,
        "standard error": worst.gapError,
        oracle: gapOf(distributions, groups, worst.group),
      },
      verdict: verdictOf(worst.gap, worst.gapAdjustedP, groups.length),
    });
  }
  if (ORACLE in distributions) {
    const behind = worstGroup(own(ORACLE), "ratioGap");
    if (behind !== undefined) {
      rows.push({
        claim: `${model} is further behind the oracle in a group than elsewhere: gap in nats, "${behind.group}"`,
        published: "not at hand",
        ...{ ours: behind.ratioGap, "standard error": behind.ratioGapError, oracle: 0 },
        verdict: verdictOf(behind.ratioGap, behind.ratioGapAdjustedP, groups.length),
      });
    }
  }
  return rows.map((row) => ({ survey, ...row }));
}

/** The group with the greatest gap in standard errors. */
function worstGroup(rows: readonly SubgroupRow[], measure: "gap" | "ratioGap"): SubgroupRow | undefined {
  const known = rows.filter((row) => row[`${measure}Error`] > 0);
  const standing = (row: SubgroupRow) => row[measure] / row[`${measure}Error`];
  return known.sort((a, b) => standing(b) - standing(a))[0];
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

function verdictOf(gap: number, adjustedP: number, groups: number): string {
  const p = adjustedP < 0.001 ? "below 0.001" : adjustedP.toFixed(3);
  const holds = gap > 0 && adjustedP <= 0.05 ? "holds" : "no group is, beyond its error";
  return `${holds}: p adjusted for ${groups} groups ${p}`;
}
