import { type Comparison, ORACLE } from "../experiments";
import {
  compareSubgroups,
  type FitsOfMethod,
  type Measurement,
  only,
  pValueOf,
  type RepresentativenessOptions,
  representativeness,
  type Subgroup,
  type TransitionShareOptions,
  transitionDistance,
  type ValuesOfFits,
  where,
  wholeMeasure,
  withAdjustedP,
} from "../metrics";
import { type Finding, judgeMeasurement, publishedFinding } from "../results";
import {
  type Compared,
  type ErrorFailure,
  type ErrorSources,
  fitsNamed,
  type Measure,
  type MeasuredFits,
  wholeOfMeasure,
} from "./evidence";

/** What the claims on one survey are about. */
export interface GroupsClaimed {
  survey: string;
  /** `representativeness` of everyone; differences are to the model that the claims are about. */
  distances: Measurement[];
  /** Distances of several fits, by which claims on them are judged on the whole error. */
  distancesOfFits: readonly MeasuredFits[];
  /** The gaps of the model in each group, with the whole errors where further fits are known. */
  gaps: Measurement[];
  /** The law's own gaps, where it is known: how much harder each group is to predict at best. */
  lawGaps: Measurement[];
  /** What the model's gaps are beyond the law's. */
  beyondLaw: Measurement[];
}

/** The distance of predicted from actual shares of transitions (`representativeness`). */
export function distanceOf(options: TransitionShareOptions): Measure {
  return {
    name: DISTANCE,
    of: (distribution) => ({ [DISTANCE]: transitionDistance(distribution, options) }),
  };
}

const DISTANCE = "distance of transitions";

export interface ClaimedOptions extends Omit<RepresentativenessOptions, "reference" | "rows"> {
  /** The model that the claims are about. */
  model: string;
  /** What several fits say of what happened: claims on gaps are then judged on the whole error. */
  fits?: readonly (ErrorSources | ErrorFailure)[];
}

/** Measures what `judgeGroups` holds claims against. */
export function measureGroups(
  comparison: Compared & Pick<Comparison, "distributions">,
  groups: readonly Subgroup[],
  { model, fits = [], ...options }: ClaimedOptions,
): Omit<GroupsClaimed, "distancesOfFits"> {
  const { survey, scores, distributions } = comparison;
  const { replications, seed, level, weighted } = options;
  const against = (reference?: string) =>
    compareSubgroups(survey, scores, groups, {
      ...{ replications, seed, level, weighted, reference, isLaw: reference === ORACLE },
    });
  const partOf = (of: string, times: number) => ({ of, times, fits: fitsNamed(comparison, fits, of) });
  const isPresent = model in scores;
  const isKnown = isPresent && ORACLE in scores;
  const gaps = isPresent ? where(against(model), { measure: "log-loss gap" }) : [];
  const beyondLaw = isKnown ? where(against(ORACLE), { model, measure: "log-loss gap beyond the law" }) : [];
  const rows = isPresent ? scores[model].observed.length : 0;
  const reference = isPresent ? model : undefined;
  return {
    survey,
    distances: representativeness(survey, distributions, { ...options, reference }),
    gaps: withWholeErrors(where(gaps, { model }), groups, [partOf(model, 1)], rows),
    lawGaps: where(gaps, { model: ORACLE }),
    beyondLaw: withWholeErrors(beyondLaw, groups, [partOf(model, 1), partOf(ORACLE, -1)], rows),
  };
}

/**
 * Gaps with their whole errors where the fits of every part are known, and p-values by them; adjusted for the number of groups.
 * @param parts methods whose gaps a gap is the weighted sum of, the model's first
 * @param rows person-years that the model predicts
 */
function withWholeErrors(
  gaps: readonly Measurement[],
  groups: readonly Subgroup[],
  parts: readonly { of: string; times: number; fits?: FitsOfMethod }[],
  rows: number,
): Measurement[] {
  const isWhole = parts.every(({ fits }) => fits !== undefined) && parts[0].fits!.seeds[0].length === rows;
  const found = gaps.map((one): Measurement => {
    const { estimate, persons, on } = one;
    // A gap that does not vary is no test.
    if (!(estimate.standardError > 0)) return { ...one, p: NaN };
    if (!isWhole) return one;
    const own = groups.find(({ name, of }) => name === on.group!.is && of === on.group!.of)!;
    const terms = parts.map(({ fits, ...part }) => ({ ...part, fits: gapsOf(fits!, own) }));
    const whole = wholeMeasure({ error: estimate.standardError, of: persons }, terms);
    return { ...one, whole, p: pValueOf(whole) };
  });
  return withAdjustedP(found, "groups");
}

/** A method's gap of a group under each of its fits. */
function gapsOf({ seeds, resamples, ...rest }: FitsOfMethod, { rows }: Subgroup): ValuesOfFits {
  const inside = new Set(rows);
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

/** What the abstract of LABOR-LLM says of subpopulations. */
const SAID = publishedFinding("yes, without a number", "A");
const SAID_OF = ["CAREER, tuned", "Off the shelf"];

/**
 * Claims on the groups of one survey: the model's transitions are nearer to those that took place than the others';
 * the group that it serves worst against all others, and, where the law is known, the one that it serves worst
 * against the oracle, with p-values that are adjusted for the number of groups.
 */
export function judgeGroups(
  { survey, distances, distancesOfFits, gaps, lawGaps, beyondLaw }: GroupsClaimed,
  { model, others }: { model: string; others: readonly string[] },
): Finding[] {
  const differences = where(distances, { measure: "transition distance difference", against: model });
  const findings = others.flatMap((other) =>
    where(differences, { model: other }).map((one) =>
      judgeMeasurement(
        {
          says: `${model} is nearer to the actual transitions than ${other}: difference of distance`,
          expects: { is: "above", bound: 0 },
          published: SAID_OF.includes(other) ? SAID : undefined,
        },
        one,
        {
          whole: wholeOfMeasure(
            distancesOfFits,
            { survey, name: DISTANCE },
            { error: one.estimate.standardError, of: one.persons },
            [
              { times: 1, label: other },
              { times: -1, label: model },
            ],
          ),
        },
      ),
    ),
  );
  const claimed = (
    says: string,
    measured: readonly Measurement[],
    oracle: (worst: Measurement) => number,
  ) => {
    const worst = worstOf(measured);
    if (worst === undefined) return;
    findings.push(
      judgeMeasurement(
        { says: `${says}: gap in nats, "${worst.on.group!.is}"`, expects: { is: "above", bound: 0 } },
        worst,
        { oracle: lawGaps.length === 0 ? undefined : oracle(worst) },
      ),
    );
  };
  claimed(
    `${model} serves a group worse than all others`,
    gaps,
    ({ on }) => only(lawGaps, { on }).estimate.value,
  );
  claimed(`${model} is further behind the oracle in a group than elsewhere`, beyondLaw, () => 0);
  return findings;
}

/** The group with the greatest gap in standard errors. */
function worstOf(gaps: readonly Measurement[]): Measurement | undefined {
  const standing = ({ estimate, whole }: Measurement) =>
    (whole?.value ?? estimate.value) / (whole?.standardError ?? estimate.standardError);
  return gaps
    .filter(({ estimate }) => estimate.standardError > 0)
    .sort((a, b) => standing(b) - standing(a))[0];
}
