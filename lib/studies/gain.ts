import {
  allPersonsScored,
  bootstrapOf,
  compareMethods,
  type Experiment,
  overlaid,
  type Profile,
  paperMethods,
  type SurveyPlan,
  settingsOn,
  unlessTooCostly,
} from "../experiments";
import type { TableRow } from "../figures";
import { type Finding, verdictOf } from "../results";
import { allErrorSources, type ErrorPlan, judgeHeadlines, type OrderClaim } from "./evidence";

/** A model with one thing switched on that another is without. */
export interface GainStep extends ErrorPlan {
  /** What is switched on. */
  on: string;
  /** Label of the step that is without; the first has none. */
  over?: string;
}

/**
 * What a fine-tuned language model has that a table of shares has not, one thing after the other: the last title, the
 * two stages, covariates, earlier titles, their order; then careers as text, pre-training, and words in place of codes.
 * A step's settings are those that the search chose for the whole method, what is switched off apart.
 */
function gainSteps(profile: Profile, plan: SurveyPlan): GainStep[] {
  const { survey, persons } = plan;
  const methods = new Map(paperMethods(profile, plan).map(({ label, experiment }) => [label, experiment]));
  const tuned = methods.get("Fine-tuned")!;
  const bag = (switched: object): Experiment => ({
    survey,
    method: "bag-of-jobs",
    settings: overlaid(settingsOn(profile, plan, "bag-of-jobs"), switched),
    persons,
    seed: profile.seed,
  });
  const { seeds, languageSeeds, scratch } = profile.gain;
  const keeping = (experiment: Experiment): Experiment => ({
    ...experiment,
    observedOnly: true,
    saveScores: true,
  });
  const steps: Omit<GainStep, "over">[] = [
    { label: "Shares of titles", on: "", experiment: methods.get("Empirical shares")! },
    {
      label: "Last title",
      on: "the last title",
      experiment: bag({ twoStage: false, covariates: [], history: "last" }),
      seeds,
    },
    {
      label: "Two stages",
      on: "staying or moving first, then which other title",
      experiment: bag({ covariates: [], history: "last" }),
      seeds,
    },
    {
      label: "With covariates",
      on: "covariates, year and education",
      experiment: bag({ history: "last" }),
      seeds,
    },
    {
      label: "With earlier titles",
      on: "titles before the last, as a mean",
      experiment: bag({}),
      seeds,
    },
    {
      label: "CAREER, tuned",
      on: "attention over the titles in their order",
      experiment: methods.get("CAREER, tuned")!,
      seeds,
    },
    {
      label: "As text, random weights",
      on: "careers as text, titles in words, in place of a network over jobs",
      experiment: keeping({ ...tuned, settings: overlaid(tuned.settings ?? {}, scratch) }),
      seeds: languageSeeds,
    },
    {
      label: "Fine-tuned",
      on: profile.base === "tiny" ? "pre-training" : "pre-training and size",
      experiment: tuned,
      seeds: profile.headline["Fine-tuned"]?.seeds,
      ifAvailable: true,
    },
  ];
  const ladder = steps.map((step, i) => (i === 0 ? step : { ...step, over: steps[i - 1].label }));
  const codes: GainStep = {
    label: CODES,
    on: "codes in place of words",
    over: "Fine-tuned",
    experiment: keeping({ ...tuned, wording: { titles: "numeric" } }),
    seeds: languageSeeds,
  };
  return [...ladder, codes].map((step) => ({ ...step, ...unlessTooCostly(profile, step), saved: true }));
}

const CODES = "Fine-tuned, codes";

/** That what each step switches on helps; of the last, that taking it away hurts. */
function gainClaims(steps: readonly GainStep[]): { on: string; claim: OrderClaim }[] {
  return steps.flatMap(({ label, on, over }) => {
    if (over === undefined) return [];
    return label === CODES
      ? [
          {
            on,
            claim: { claim: "Words help: fine-tuned on words against codes", lower: over, higher: label },
          },
        ]
      : [{ on, claim: { claim: `It helps: ${on}`, lower: label, higher: over } }];
  });
}

/** What switching one thing on adds to the step before. */
export interface Gain {
  on: string;
  finding: Finding;
}

/**
 * What the gain of a fine-tuned model over a table of shares is made of, on the first two surveys of a profile. Run after the
 * headline fits, with which it shares some.
 */
export async function whatTheGainIsMadeOf(profile: Profile): Promise<Gain[]> {
  const bootstrap = bootstrapOf(profile);
  const gains: Gain[] = [];
  for (const plan of profile.surveys.slice(0, 2).map(allPersonsScored)) {
    const steps = gainSteps(profile, plan);
    const ladder = await compareMethods(steps, bootstrap);
    const fits = await allErrorSources(steps);
    const run = steps.filter(({ label, over }) =>
      [label, over].every((one) => one === undefined || one in ladder.scores),
    );
    for (const { on, claim } of gainClaims(run)) {
      const findings = judgeHeadlines(ladder, [claim], fits, bootstrap);
      gains.push(...findings.map((finding) => ({ on, finding })));
    }
  }
  return gains;
}

/** Gains as rows of a table, each over the one above. */
export function gainRows(gains: readonly Gain[]): TableRow[] {
  return gains.map(({ on, finding }) => ({
    survey: finding.survey,
    "switched on": on,
    "gain, nats": finding.value,
    "standard error over persons, nats": finding.standardError,
    "whole error, nats": finding.wholeError,
    "whole error over": finding.over,
    verdict: verdictOf(finding),
  }));
}
