import { effectiveNumber } from "../careers";
import {
  bootstrapOf,
  type Comparison,
  compareMethods,
  type FitsPlan,
  type Profile,
  poolOf,
} from "../experiments";
import { type BootstrapOptions, type Measurement, where } from "../metrics";
import type { DoseLine } from "../results";
import { type Choice, chooseByValidation } from "./choose";
import { fitsOf, judgeHeadlines } from "./evidence";
import { type PlanRow, type ShownRows, shownRows } from "./plan-row";
import { onSmallSurvey, SMALL_SURVEY_METHODS, type SmallSurveyMethod } from "./small-survey";
import { type Results, resultsOf, type Study } from "./study";

/** Résumés beside a small survey: how much a person-year of theirs counts, and whether all persons count the same. */
export interface MixingPlan {
  profile: Profile;
  /** Thirty résumés, by all methods. */
  thirty: MixedRow[];
  /** All résumés, by the method that takes them in a moment. */
  all: MixedRow[];
  /** Of thirty résumés: a line a method and weighting, by the weight. */
  lines: DoseLine[];
  /** Further fits of the tables of counts that claims are about, for whole errors. */
  again: FitsPlan;
}

export interface MixedRow extends PlanRow {
  method: SmallSurveyMethod;
  weight: number;
  weighting: Weighting;
}

/** What was found of one collection of résumés. */
export interface Mixed extends Results, ShownRows {
  comparison: Comparison;
  /** What the validation persons say, of all methods; differences are to the weight that they chose for the method. */
  validation: Measurement[];
  /** The labels that they chose, one a method. */
  chosen: string[];
  /** Résumés, and how many of equal weight would tell as much as these do when raked (Kish). */
  raked: { persons: number; effective: number };
}

export interface MixingFound extends Results {
  plan: MixingPlan;
  thirty: Mixed;
  all: Mixed;
  fits: Awaited<ReturnType<typeof fitsOf>>;
  bootstrap: BootstrapOptions;
}

type Weighting = "equal" | "raked";
const WEIGHTINGS: readonly Weighting[] = ["equal", "raked"];
const TABLE = "Markov, given education";

/** Weights of the two weightings; a network is fitted at few. */
const WEIGHTS: Readonly<Record<SmallSurveyMethod, Record<Weighting, readonly number[]>>> = {
  [TABLE]: { equal: [0, 0.03, 0.1, 0.3, 1, 3], raked: [0.03, 0.1, 0.3, 1, 3] },
  CAREER: { equal: [0, 0.3, 3], raked: [0.3] },
  "Fine-tuned": { equal: [0, 0.3, 3], raked: [0.3] },
};
const WEIGHTS_OF_ALL: Record<Weighting, readonly number[]> = {
  equal: [0, 0.003, 0.01, 0.03, 0.1, 0.3, 1],
  raked: [0.003, 0.01, 0.03, 0.1, 0.3, 1],
};
const ALL_RESUMES = "All résumés";

/** How much should an unrepresentative collection of résumés count? */
export const mixing: Study<MixingPlan, MixingFound> = {
  id: "04",
  question: "How much should an unrepresentative collection of résumés count beside a small survey?",

  plan(profile) {
    const row = (
      method: SmallSurveyMethod,
      weight: number,
      weighting: Weighting,
      persons: number | undefined,
    ): MixedRow => {
      const mix = weight === 0 ? "weight 0" : `weight ${weight}, ${weighting}`;
      const whole = persons === undefined;
      const pool = {
        survey: "synthetic-resumes",
        ...(whole ? {} : { persons }),
        ...{ weight, weighting },
      };
      return {
        label: `${whole ? ALL_RESUMES : method}, ${mix}`,
        experiment: onSmallSurvey(profile, method, [pool]),
        name: method,
        columns: { résumés: whole ? `${ALL_RESUMES}, ${mix}` : mix },
        ...{ method, weight, weighting },
      };
    };
    const rows = (
      method: SmallSurveyMethod,
      weights: Readonly<Record<Weighting, readonly number[]>>,
      persons?: number,
    ) =>
      WEIGHTINGS.flatMap((weighting) =>
        weights[weighting].map((weight) => row(method, weight, weighting, persons)),
      );
    const thirty = SMALL_SURVEY_METHODS.flatMap((method) => rows(method, WEIGHTS[method], 30));
    return {
      profile,
      thirty,
      all: rows(TABLE, WEIGHTS_OF_ALL),
      lines: SMALL_SURVEY_METHODS.flatMap((method) =>
        // Raked, a network has one weight alone.
        (method === TABLE ? WEIGHTINGS : (["equal"] as const)).map((weighting) => ({
          name: `${method}, ${weighting} weights`,
          points: thirty
            .filter((one) => one.method === method && (one.weight === 0 || one.weighting === weighting))
            .map(({ weight, label }) => ({ dose: weight, model: label })),
        })),
      ),
      again: { ...profile.repeats.few, saved: false },
    };
  },

  async run(plan) {
    const { profile, thirty, all, again } = plan;
    const bootstrap = bootstrapOf(profile);
    const few = await mixed(profile, thirty, bootstrap);
    const whole = await mixed(profile, all, bootstrap);
    const labels = new Set([...WEIGHTINGS.map((one) => bestOf(plan, whole, one)), largest(all, TABLE)]);
    const judged = [
      ...thirty.filter(({ method }) => method === TABLE),
      ...all.filter(({ label }) => labels.has(label)),
    ];
    return {
      ...resultsOf(profile, [few.comparison, whole.comparison]),
      ...{ plan, thirty: few, all: whole, bootstrap },
      fits: await fitsOf(judged, again),
    };
  },

  judge({ plan, thirty, all, fits, bootstrap }) {
    const ofThirty = SMALL_SURVEY_METHODS.flatMap((method) => {
      const at = (weight: number, weighting: Weighting) =>
        plan.thirty.find(
          (one) => one.method === method && one.weight === weight && one.weighting === weighting,
        )!.label;
      const chosen = plan.thirty.find(
        (one) => one.method === method && thirty.chosen.includes(one.label),
      )!.label;
      const says = `The weight that validation chose (${chosen}) beats`;
      return [
        { claim: `${says} none`, lower: chosen, higher: at(0, "equal") },
        { claim: `${says} the largest`, lower: chosen, higher: largest(plan.thirty, method) },
        {
          claim: `Raked weights beat equal ones at weight 0.3: ${method}`,
          lower: at(0.3, "raked"),
          higher: at(0.3, "equal"),
        },
      ].filter(({ lower, higher }) => lower !== higher);
    });
    const [equal, raked] = WEIGHTINGS.map((one) => bestOf(plan, all, one));
    const ofAll = [
      {
        claim: "All résumés, Markov: the equal weight that validation chose beats the largest",
        lower: equal,
        higher: largest(plan.all, TABLE),
      },
      {
        claim: "All résumés, Markov: raked weights beat equal ones, each at the weight that validation chose",
        lower: raked,
        higher: equal,
      },
    ];
    return [
      ...judgeHeadlines(thirty.comparison, ofThirty, fits, bootstrap),
      ...judgeHeadlines(all.comparison, ofAll, fits, bootstrap),
    ];
  },
};

/** Compares rows on the test persons, and lets the validation persons choose among those of each method. */
async function mixed(
  profile: Profile,
  rows: readonly MixedRow[],
  bootstrap: BootstrapOptions,
): Promise<Mixed> {
  const comparison = await compareMethods(rows, bootstrap);
  const choices: Choice[] = [];
  for (const method of SMALL_SURVEY_METHODS) {
    const own = rows.filter((one) => one.method === method);
    if (own.length > 0) choices.push(await chooseByValidation(own, bootstrap));
  }
  const chosen = choices.map((one) => one.chosen);
  const raked = rows.find(({ weighting }) => weighting === "raked")!.experiment;
  const [{ weights }] = poolOf(raked, comparison.split);
  const results = resultsOf(profile, [comparison]);
  return {
    ...results,
    ...shownRows(rows, results, (label) => ({ chosen: chosen.includes(label) ? "chosen" : "" })),
    ...{ comparison, chosen },
    validation: choices.flatMap(({ measurements }) => measurements),
    raked: { persons: weights.length, effective: effectiveNumber(weights) },
  };
}

/** The weight of one weighting, above 0, with the least perplexity on the validation persons. */
function bestOf(
  { all }: MixingPlan,
  { validation }: Pick<Mixed, "validation">,
  weighting: Weighting,
): string {
  const perplexities = new Map(
    where(validation, { measure: "perplexity" }).map(({ model, estimate }) => [model, estimate.value]),
  );
  const own = all.filter((one) => one.weighting === weighting && one.weight > 0).map(({ label }) => label);
  return own.reduce((best, label) => (perplexities.get(label)! < perplexities.get(best)! ? label : best));
}

/** The largest weight of equal persons. */
function largest(rows: readonly MixedRow[], method: SmallSurveyMethod): string {
  return rows
    .filter((one) => one.method === method && one.weighting === "equal")
    .reduce((most, one) => (one.weight > most.weight ? one : most)).label;
}
