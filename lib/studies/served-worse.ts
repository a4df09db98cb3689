import {
  allErrorSources,
  type ErrorFailure,
  type ErrorPlan,
  type ErrorSources,
} from "../experiments/audit-errors";
import {
  type Comparison,
  compareMethods,
  type NamedExperiment,
  ORACLE,
} from "../experiments/compare-methods";
import { provenance } from "../experiments/environment";
import { type Compared, fitsNamed } from "../experiments/fits-of-claims";
import { headlineMeasures, headlinePlans } from "../experiments/headline";
import { type Measure, type MeasuredFits, wholeOfMeasure } from "../experiments/measured-fits";
import { allPersonsScored, allTitlesAsked, paperMethods } from "../experiments/paper-methods";
import type { Profile, SurveyPlan } from "../experiments/profile";
import { unfinishedSentence } from "../experiments/unfinished";
import { withAdjustedP } from "../metrics/adjusted-p";
import { compareEventsByGroup, representativenessByGroup } from "../metrics/by-group";
import { compareSubgroups } from "../metrics/compare-subgroups";
import { joblessEvent, moveEvent } from "../metrics/events";
import { everyone, type Measurement, only, where } from "../metrics/measurement";
import {
  type RepresentativenessOptions,
  representativeness,
  type TransitionShareOptions,
  transitionDistance,
} from "../metrics/representativeness";
import { withAllRows, withAllTitles } from "../metrics/rows";
import { pValueOf } from "../metrics/standing";
import { type Subgroup, type Subgroups, subgroupsOf } from "../metrics/subgroups";
import { type FitsOfMethod, type ValuesOfFits, wholeMeasure } from "../metrics/whole-error";
import { groupOfTitle } from "../occupations";
import { type Finding, judgeMeasurement, publishedFinding, type Skipped } from "../results";
import { type Results, resultsOf, type Study } from "./study";

/** Groups of persons, on the first survey and on one whose law is known. */
export interface GroupsPlan {
  profile: Profile;
  surveys: {
    /** For measures that need the observed titles only: on all test persons. */
    observed: NamedExperiment[];
    /** For measures that need the full distribution: on the test persons of whom every model gives it. */
    full: NamedExperiment[];
    /** Further fits, for whole errors. */
    again: ErrorPlan[];
  }[];
  /** Fewest test persons of a group. */
  minPersons: number;
  /** Of equal mass, for calibration in a group. */
  bins: number;
}

export interface GroupsFound extends Results {
  /** Those of each survey that have all person-years, and their groups. */
  surveys: (Comparison & Subgroups)[];
  /** Differences to the oracle by group, where the law is known. */
  behind: Measurement[];
  /** What figures have room for: crossings of at most two fields; of AUCs, groups with at least five events. */
  drawn: Record<"perplexity" | "behind" | "AUC" | "distances", Measurement[]>;
  /** Models whose full distribution is of too few persons for groups. */
  skippedInGroups: Skipped[];
  /** Of measures that need the full distribution. */
  captionOfFull: string;
  claimed: GroupsClaimed[];
}

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

const MODEL = "Fine-tuned";
const SHELF = "Off the shelf";
const OTHERS = [SHELF, "Markov, given education", "CAREER, tuned"];

/** Transitions are counted between broad groups of titles. */
const group = groupOfTitle("broad");

/** Whom does a model serve worse, and does it represent everyone? */
export const servedWorse: Study<GroupsPlan, GroupsFound> = {
  id: "09",
  question: "Is the model as good for everyone, and does it represent everyone?",

  plan(profile) {
    const plans = profile.surveys.filter(({ survey }, i) => i === 0 || survey === "synthetic-nlsy97");
    const surveys = plans.map((plan, i) => {
      // Off the shelf, all titles of a large survey have to be read for each person-year: on the first survey only.
      const shown = [MODEL, ...OTHERS].filter((label) => i === 0 || label !== SHELF);
      const rowsOf = (one: SurveyPlan) =>
        paperMethods(profile, one).filter(({ label }) => shown.includes(label));
      const observed = rowsOf(allPersonsScored(plan));
      const asked = allTitlesAsked(plan);
      return {
        observed,
        full: asked === plan && !plan.scoresAll ? observed : rowsOf(asked),
        again: headlinePlans(profile, plan),
      };
    });
    return { profile, surveys, minPersons: profile.groupPersons, bins: 5 };
  },

  async run({ profile, surveys, ...settings }) {
    const parts: GroupsOnSurvey[] = [];
    for (const rows of surveys) parts.push(await measureSurvey(profile, rows, settings));
    const comparisons = parts.map(({ comparison }) => comparison);
    const all = (name: "perplexities" | "behind" | "events" | "distances") =>
      parts.flatMap((part) => part[name]);
    const test = parts.map(({ ofAll: { survey, split, groups, tooSmall } }) => {
      const persons = `${split.test.careers.length} test persons`;
      const counts = `${groups.length} groups of at least ${settings.minPersons}, ${tooSmall.length} smaller ones left out`;
      return `${survey} (${persons}, ${counts})`;
    });
    const testOfFull = parts.map(
      ({ ofFull: { survey, split, groups } }) =>
        `${survey} (${split.test.careers.length} persons with the full distribution, ${groups.length} groups)`,
    );
    return {
      ...resultsOf(profile, comparisons),
      measurements: [...all("perplexities"), ...all("events"), ...all("distances")],
      surveys: parts.map(({ ofAll }) => ofAll),
      behind: all("behind"),
      drawn: {
        perplexity: drawn(where(all("perplexities"), { measure: "perplexity" }), SHELF),
        behind: drawn(where(all("behind"), { measure: "log-loss difference" })),
        AUC: drawn(ofSomeEvents(all("events")), SHELF),
        distances: drawn(where(all("distances"), { measure: "transition distance beyond chance" })),
      },
      skippedInGroups: parts.flatMap((part) => part.skippedInGroups),
      caption: `${provenance(profile, test.join(", "))} ${unfinishedSentence(comparisons)}`,
      captionOfFull: provenance(profile, testOfFull.join(", ")),
      claimed: parts.map((part) => part.claimed),
    };
  },

  judge({ claimed }) {
    return claimed.flatMap((one) => judgeGroups(one, { model: MODEL, others: OTHERS }));
  },
};

/** What was measured on one survey. */
interface GroupsOnSurvey extends Record<"perplexities" | "behind" | "events" | "distances", Measurement[]> {
  comparison: Comparison;
  /** All person-years, and the models that have them. */
  ofAll: Comparison & Subgroups;
  /** The persons of whom every model gives the full distribution. */
  ofFull: Comparison & Subgroups;
  skippedInGroups: Skipped[];
  claimed: GroupsClaimed;
}

async function measureSurvey(
  profile: Profile,
  { observed, full, again }: GroupsPlan["surveys"][number],
  { minPersons, bins }: Pick<GroupsPlan, "minPersons" | "bins">,
): Promise<GroupsOnSurvey> {
  const options = { replications: profile.replications, seed: profile.seed };
  const compared = (rows: readonly NamedExperiment[]) =>
    compareMethods(rows, { ...options, reference: MODEL });
  const inGroups = (comparison: Comparison, distributions: Comparison["distributions"]) => ({
    ...{ ...comparison, distributions },
    ...subgroupsOf(comparison.split.test.careers, { minPersons }),
  });
  const comparison = await compared(observed);
  const opened = full === observed ? comparison : await compared(full);
  const ofAll = inGroups(comparison, withAllRows(comparison.distributions));
  const ofFull = inGroups(opened, withAllTitles(opened.distributions));
  const { survey, groups, split } = ofAll;
  const subgroups = (reference?: string) =>
    compareSubgroups(survey, ofAll.distributions, groups, {
      ...{ ...options, reference, isLaw: reference === ORACLE },
    });
  const behind = ORACLE in ofAll.distributions ? where(subgroups(ORACLE), { against: ORACLE }) : [];
  // By group, on all test persons; a model that gives the full distribution of few of them has a note in its place.
  const inFull = withAllTitles(comparison.distributions);
  const event = joblessEvent(split.test.titles) ?? moveEvent;
  const claimed = {
    ...measureGroups(ofFull, ofFull.groups, {
      ...{ ...options, group, model: MODEL, fits: await allErrorSources(again) },
    }),
    distancesOfFits: await headlineMeasures(
      profile,
      full.filter(({ label }) => label in ofFull.distributions),
      distanceOf({ group }),
    ),
  };
  return {
    ...{ comparison, ofAll, ofFull, claimed },
    perplexities: subgroups(ifPresent(MODEL, ofAll)),
    behind: behind.filter(({ model }) => model !== ORACLE),
    events: compareEventsByGroup(survey, inFull, event, groups, { ...options, bins }),
    distances: [
      ...claimed.distances,
      ...representativenessByGroup(survey, inFull, groups, {
        ...{ ...options, group, reference: ifPresent(MODEL, { distributions: inFull }) },
      }),
    ],
    skippedInGroups: Object.keys(ofAll.distributions)
      .filter((model) => !(model in inFull))
      .map((model) => ({ survey, model, reason: "its full distribution is of too few persons for groups" })),
  };
}

function ifPresent(model: string, { distributions }: Pick<Comparison, "distributions">): string | undefined {
  return model in distributions ? model : undefined;
}

/** Measurements of crossings of at most two fields. */
function drawn(measurements: readonly Measurement[], leftOut?: string): Measurement[] {
  return measurements.filter(
    ({ model, on }) => model !== leftOut && (on.group ?? everyone).of.split(" × ").length <= 2,
  );
}

/** AUCs of groups with at least five events: of fewer nothing can be seen. */
function ofSomeEvents(measurements: readonly Measurement[]): Measurement[] {
  return where(measurements, { measure: "AUC" }).filter(({ survey, model, on }) => {
    const events = only(measurements, { survey, model, on, measure: "events" });
    return events.estimate.value >= 5;
  });
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
  comparison: Compared,
  groups: readonly Subgroup[],
  { model, fits = [], ...options }: ClaimedOptions,
): Omit<GroupsClaimed, "distancesOfFits"> {
  const { survey, distributions } = comparison;
  const { replications, seed, level, weighted } = options;
  const against = (reference?: string) =>
    compareSubgroups(survey, distributions, groups, {
      ...{ replications, seed, level, weighted, reference, isLaw: reference === ORACLE },
    });
  const partOf = (of: string, times: number) => ({ of, times, fits: fitsNamed(comparison, fits, of) });
  const isPresent = model in distributions;
  const isKnown = isPresent && ORACLE in distributions;
  const gaps = isPresent ? where(against(model), { measure: "log-loss gap" }) : [];
  const beyondLaw = isKnown ? where(against(ORACLE), { model, measure: "log-loss gap beyond the law" }) : [];
  const rows = isPresent ? distributions[model].observed.length : 0;
  const reference = ifPresent(model, comparison);
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
const SAID_OF = ["CAREER, tuned", SHELF];

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
