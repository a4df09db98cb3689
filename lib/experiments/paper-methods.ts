import { careerSizes } from "../networks";
import type { NamedExperiment } from "./compare-methods";
import type { Experiment } from "./experiment";
import { overlaid, type Profile, type SurveyPlan, settingsOn } from "./profile";

/** Rows whose language model knows of no titles, and their methods. */
const UNAWARE: readonly (readonly [label: string, method: string])[] = [
  ["Off the shelf", "off-the-shelf"],
  ["In context", "in-context"],
];

/**
 * The methods that the papers compare, on one survey: simple ones first. CAREER is pre-trained on the résumés of the
 * profile, unless they are the survey itself; settings that differ between profiles are the profile's.
 */
export function paperMethods(
  profile: Profile,
  { survey, persons, inFull = {}, read, neglect }: SurveyPlan,
): NamedExperiment[] {
  const { seed, base, resumes } = profile;
  const plan = { survey, persons };
  const experiment = (method: string, settings: object = {}): Experiment => ({
    survey,
    method,
    settings: overlaid(settings, settingsOn(profile, plan, method)),
    persons,
    seed,
  });
  const rows: [label: string, experiment: Experiment | undefined, inFullOf?: string][] = [
    ["Empirical shares", experiment("empirical")],
    ["Markov", experiment("markov")],
    ["Markov, additive back-off", experiment("markov", { backOff: "additive" })],
    ["Markov, given education", experiment("markov", { given: ["education"] })],
    ["Second-order Markov", experiment("markov", { order: 2, given: ["education"] })],
    ["Multinomial logit", experiment("multinomial-logit")],
    ["Two-stage regression", experiment("regression")],
    ["Bag of jobs", experiment("bag-of-jobs")],
    ["LSTM", experiment("lstm")],
    ["CAREER, as published", { ...experiment("career"), settings: publishedCareer }],
    ["CAREER, tuned", experiment("career")],
    [
      "CAREER, pre-trained",
      resumes === undefined || resumes.survey === survey
        ? undefined
        : pretrainedCareer(profile, resumes, plan),
    ],
    ...UNAWARE.flatMap(([label, method]): typeof rows => {
      const whole = experiment(method, { base });
      const all = read === undefined ? whole : { ...whole, persons: { ...persons, test: read } };
      if (inFull.base === undefined) return [[label, all]];
      // The observed titles take one pass of each person: of all persons these are scored, of few, if any, all titles.
      const few = { ...all, persons: { ...persons, test: inFull.base } };
      return [
        [label, { ...all, observedOnly: true }],
        ...(inFull.base > 0 ? [[`${label}, all titles`, few, label] as (typeof rows)[number]] : []),
      ];
    }),
    // What the restriction itself is worth: the fine-tuned model's softmax is over the tokens that careers can contain.
    [
      "Off the shelf, restricted",
      {
        ...experiment("off-the-shelf", { base, vocabulary: "reachable" }),
        ...(read === undefined ? {} : { persons: { ...persons, test: read } }),
        ...(inFull.base === undefined ? {} : { observedOnly: true }),
      },
    ],
    ["Embeddings, logit head", experiment("embedding-logit", { base })],
    [
      "Fine-tuned",
      {
        ...experiment("fine-tuned", { base, training: profile.fineTuning, neglect }),
        ...(inFull.tuned === undefined ? {} : { observedOnly: true }),
      },
    ],
  ];
  const savedIfCostly = (label: string, one: Experiment) =>
    profile.headline[label]?.ifAvailable ? { ...one, saveScores: true } : one;
  return rows.flatMap(([label, one, inFullOf]) => {
    if (one === undefined) return [];
    const row = {
      label,
      experiment: savedIfCostly(label, one),
      ...(inFullOf === undefined ? {} : { inFullOf }),
    };
    return [unlessTooCostly(profile, row)];
  });
}

/** The authors' sizes, scale of covariates and rate; batches and steps are ours, trained until validation has turned. */
const publishedCareer = { ...careerSizes, covariateScale: "published" } as const;

/** CAREER pre-trained on the résumés and then trained on a survey, as a search on the survey chose. */
export function pretrainedCareer(
  profile: Pick<Profile, "name" | "settings" | "seed">,
  resumes: SurveyPlan,
  { survey, persons }: Pick<SurveyPlan, "survey" | "persons">,
): Experiment {
  const { seed } = profile;
  const settings = settingsOn(profile, { survey, persons }, "career-pretrained");
  const first = settingsOn(profile, resumes, "career");
  const from = { survey: resumes.survey, method: "career", settings: first, persons: resumes.persons, seed };
  return { survey, method: "career", settings, persons, seed, from };
}

/** The plan for measures that need the full distribution: on the test persons of whom every model gives it. */
export function allPersonsInFull(plan: SurveyPlan): SurveyPlan {
  const { persons, inFull: { tuned, ...inFull } = {}, ...rest } = plan;
  return tuned === undefined ? plan : { ...rest, inFull, persons: { ...persons, test: tuned } };
}

/**
 * The plan for measures that need the observed titles alone: on all test persons, where the survey's plan says so. The
 * language models that are not fine-tuned stay with those that it names: their texts are long, or over all tokens.
 */
export function allPersonsScored(plan: SurveyPlan): SurveyPlan {
  if (!plan.scoresAll) return plan;
  const { test, ...persons } = plan.persons;
  return { ...plan, persons, read: plan.read ?? test };
}

/** A row as it is, or one that says why the profile does not run it. */
export function unlessTooCostly({ tooCostly = {} }: Profile, row: NamedExperiment): NamedExperiment {
  const reason = tooCostly[row.label];
  return reason === undefined ? row : { ...row, experiment: { ...row.experiment, tooCostly: reason } };
}
