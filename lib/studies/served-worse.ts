import {
  allPersonsInFull,
  allPersonsScored,
  bootstrapOf,
  type Comparison,
  compareMethods,
  type NamedExperiment,
  ORACLE,
  type Profile,
  paperMethods,
  provenance,
  type SurveyPlan,
} from "../experiments";
import {
  compareEventsByGroup,
  compareSubgroups,
  everyone,
  joblessEvent,
  type Measurement,
  moveEvent,
  only,
  representativenessByGroup,
  type Subgroups,
  subgroupsOf,
  where,
  withAllRows,
} from "../metrics";
import { groupOfTitle } from "../occupations";
import type { Skipped } from "../results";
import {
  allErrorSources,
  type ErrorPlan,
  headlineMeasures,
  headlinePlans,
  unfinishedSentence,
} from "./evidence";
import { distanceOf, type GroupsClaimed, judgeGroups, measureGroups } from "./group-claims";
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
      const inFull = allPersonsInFull(plan);
      return {
        observed,
        full: inFull === plan && !plan.scoresAll ? observed : rowsOf(inFull),
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
  const options = bootstrapOf(profile);
  const compared = (rows: readonly NamedExperiment[]) =>
    compareMethods(rows, { ...options, reference: MODEL });
  const inGroups = (comparison: Comparison, scores: Comparison["scores"]) => ({
    ...{ ...comparison, scores },
    ...subgroupsOf(comparison.split.test.careers, { minPersons }),
  });
  const comparison = await compared(observed);
  const comparisonInFull = full === observed ? comparison : await compared(full);
  const ofAll = inGroups(comparison, withAllRows(comparison.scores));
  const { scores, distributions } = comparisonInFull;
  const isFull = ([label]: [string, unknown]) => label in distributions;
  const ofFull = inGroups(comparisonInFull, Object.fromEntries(Object.entries(scores).filter(isFull)));
  const { survey, groups, split } = ofAll;
  const subgroups = (reference?: string) =>
    compareSubgroups(survey, ofAll.scores, groups, {
      ...{ ...options, reference, isLaw: reference === ORACLE },
    });
  const behind = ORACLE in ofAll.scores ? where(subgroups(ORACLE), { against: ORACLE }) : [];
  // By group, on all test persons; a model that gives the full distribution of few of them has a note in its place.
  const inFull = comparison.distributions;
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
    perplexities: subgroups(modelIn(ofAll.scores)),
    behind: behind.filter(({ model }) => model !== ORACLE),
    events: compareEventsByGroup(survey, inFull, event, groups, { ...options, bins }),
    distances: [
      ...claimed.distances,
      ...representativenessByGroup(survey, inFull, groups, {
        ...{ ...options, group, reference: modelIn(inFull) },
      }),
    ],
    skippedInGroups: Object.keys(ofAll.scores)
      .filter((model) => !(model in inFull))
      .map((model) => ({ survey, model, reason: "its full distribution is of too few persons for groups" })),
  };
}

/** The model that differences are to, if it could be run. */
function modelIn(models: Readonly<Record<string, unknown>>): string | undefined {
  return MODEL in models ? MODEL : undefined;
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
