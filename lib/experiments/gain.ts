import type { ErrorPlan } from "./audit-errors";
import type { OrderClaim } from "./claims";
import type { Experiment } from "./experiment";
import { overlaid } from "./overlay";
import { paperMethods, unlessTooDear } from "./paper-methods";
import { type Profile, type SurveyPlan, settingsOn } from "./profile";

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
export function gainSteps(profile: Profile, plan: SurveyPlan): GainStep[] {
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
  const keeping = (experiment: Experiment): Experiment => ({ ...experiment, observedOnly: true, keep: true });
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
  return [...ladder, codes].map((step) => ({ ...step, ...unlessTooDear(profile, step), kept: true }));
}

const CODES = "Fine-tuned, codes";

/** That what each step switches on helps; of the last, that taking it away hurts. */
export function gainClaims(steps: readonly GainStep[]): { on: string; claim: OrderClaim }[] {
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
