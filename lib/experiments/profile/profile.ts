import type { PartLimits } from "../../careers";
import { UserError } from "../../errors";
import { type FineTuningDefaults, fineTuningDefaults } from "../../methods";
import { currentSession } from "../../session";
import { absenceOf } from "../../surveys";
import type { FitsPlan } from "../fits-plan";
import { overlaid } from "./overlay";
import { readTuned, searchOf } from "./tuned";

/** A survey and how much of it is used. */
export interface SurveyPlan {
  /** As `readSurvey` takes it. */
  survey: string;
  /** Most persons that are trained on, validated on and scored. */
  persons: PartLimits;
  /**
   * Most test persons of whom language models give the full distribution, where it is costly; of all test persons the
   * observed titles only are then scored, which takes one pass. Default: all.
   */
  inFull?: {
    /** A base model, which knows of no titles and spreads its probability: all of them have to be scored. */
    base?: number;
    /** A fine-tuned one. */
    tuned?: number;
  };
  /**
   * Whether measures that need the observed titles alone are over all test persons, not the `persons.test` of those that
   * need more (`allPersonsScored`). Default false.
   */
  scoresAll?: boolean;
  /** Most test persons whom a language model that is not fine-tuned reads at all. Default: all. */
  read?: number;
  /** Probability that a fine-tuned language model's scoring may leave in titles it does not look at. Default: the method's. */
  neglect?: number;
}

/** A survey that is not there. */
export interface MissingSurvey {
  survey: string;
  /** What is missing and where to get it, in sentences. */
  reason: string;
}

/** How large the experiments are: the same notebooks run in each profile. */
export interface Profile {
  name: string;
  /** What the notebooks read; experiments on one survey take the first. */
  surveys: SurveyPlan[];
  /** Surveys that the profile asks for and that are not available: `surveys` and `resumes` go without them. */
  missing: MissingSurvey[];
  /** The careers that models are pre-trained on. */
  resumes?: SurveyPlan;
  /** The base language model (`resolveBase`). */
  base: string;
  /** Training of the fine-tuned model. */
  fineTuning: FineTuningDefaults["training"];
  /** What experiments of many fits, of which each asks for a difference, use of a survey, and how they fine-tune. */
  ablation: {
    persons: PartLimits;
    /** With a base model of their own, whatever the profile has; on a law the vocabulary is what careers can contain. */
    settings: { training: object; [setting: string]: unknown };
    /** Persons of networks of several sizes. */
    sizes: PartLimits;
    /**
     * Persons of a small survey with others' careers beside it, where a search for how a language model and CAREER are
     * trained on them starts (`ablationSearch`).
     */
    pooling: { persons: PartLimits; training: object; career: object };
    /** Persons of a survey of the law, with its many titles; where a search for the fine-tuning on them starts. */
    law: { persons: PartLimits; training: object };
    /** Persons of a survey of the law of whom CAREER is given fewer covariates, and its settings. */
    covariates: { persons: PartLimits; settings: object };
  };
  /** Fits, by label, of the methods that headline claims compare; of others there is one. */
  headline: Readonly<Record<string, FitsPlan>>;
  /**
   * Fits of what ablations compare, where claims are on it: of those on few persons, and of those on all that the first
   * survey has.
   */
  repeats: { few: FitsPlan; all: FitsPlan };
  /**
   * Of what the gain is made of (`gainSteps`): seeds of the networks' fits and of the language models', and what makes
   * of the fine-tuned model one of the same size with random weights.
   */
  gain: { seeds: number; languageSeeds?: number; scratch: object };
  /**
   * Settings by method, where they are not the method's own; "career-pretrained" for its second stage. What a search
   * chose on a survey is laid over them (`settingsOn`).
   */
  settings: Readonly<Record<string, object>>;
  /** Rows, by label (`unlessTooDear`), that this class of machine cannot make in time, and why: they stay as such. */
  tooCostly?: Readonly<Record<string, string>>;
  /**
   * Threads of the engine in each kernel, where several run side by side: small models gain more from a processor of
   * their own than from a second one, and the numbers are the same on any number of processors. Default: all, and
   * one kernel at a time.
   */
  threads?: number;
  /** Seed of splits, of the order of training and of the bootstrap. */
  seed: number;
  /** Bootstrap replications over persons. */
  replications: number;
  /** Fewest test persons of a group that is measured on its own: 50, or fewer where the test persons are few. */
  groupPersons: number;
}

/** What profiles ask of small cases, with the tiny base model. */
const ablation: Profile["ablation"] = {
  persons: { train: 60, validation: 30 },
  settings: {
    base: "tiny",
    vocabulary: "reachable",
    training: { epochs: 8, learningRate: 1e-3, batch: { texts: 16 } },
  },
  sizes: { train: 120, validation: 30 },
  pooling: {
    persons: { train: 30, validation: 20, test: 60 },
    training: { epochs: 2, learningRate: 1e-3, batch: { texts: 4 } },
    career: {
      layers: 3,
      covariateScale: "jobs",
      training: { epochs: 10, batch: { texts: 4 }, warmupSteps: 20 },
    },
  },
  law: {
    persons: { train: 160, validation: 20, test: 400 },
    training: { epochs: 4, learningRate: 1e-3, batch: { texts: 12 } },
  },
  covariates: {
    persons: { train: 200, validation: 30, test: 60 },
    // As the authors scale them, covariates are hardly learnt in so few steps.
    settings: { layers: 1, covariateScale: "jobs" },
  },
};

/** Three of each, the fewest that tell a spread; more where a fit takes seconds. */
const headline: Profile["headline"] = {
  Markov: { draws: 6 },
  "Markov, additive back-off": { draws: 6 },
  "Markov, given education": { draws: 6 },
  "Two-stage regression": { draws: 6 },
  "Bag of jobs": { seeds: 3, draws: 6, saved: true },
  "CAREER, tuned": { seeds: 3, draws: 3, saved: true },
  "Off the shelf": {},
  "Embeddings, logit head": { draws: 3, saved: true },
  "Fine-tuned": { seeds: 3, draws: 3, saved: true },
};

/** A resample has a seed of its own: three tell of training samples and seeds together. */
const repeated: FitsPlan = { draws: 3, saved: true };

/** By name; surveys are as wished for. */
export const profiles: Record<string, () => Omit<Profile, "missing">> = {
  quick: () => ({
    name: "quick",
    surveys: [
      { survey: "nlsy-young-men", persons: {} },
      {
        survey: "synthetic-nlsy97",
        persons: { train: 100, validation: 30, test: 32 },
        inFull: { base: 0 },
        neglect: 0.1,
      },
    ],
    resumes: { survey: "synthetic-resumes", persons: { train: 400, validation: 60, test: 60 } },
    base: "tiny",
    fineTuning: fineTuningDefaults("tiny").training,
    ablation: {
      ...ablation,
      persons: { train: 60, validation: 20 },
      settings: {
        ...ablation.settings,
        training: { epochs: 5, learningRate: 1e-3, batch: { texts: 8 } },
      },
      sizes: { train: 100, validation: 30 },
    },
    headline,
    repeats: { few: repeated, all: repeated },
    gain: {
      seeds: 3,
      scratch: { scratch: { layers: 4, width: 192 }, training: { epochs: 12, patience: 3 } },
    },
    settings: {
      "bag-of-jobs": { width: 256 },
      lstm: { layers: 1, width: 128 },
      career: { layers: 3, covariateScale: "jobs" },
      // Of the tiny model's four layers, the last token's activations after one of these were chosen on every survey.
      "embedding-logit": { layers: [3, 4], poolings: ["last"] },
      "fine-tuned": { vocabulary: fineTuningDefaults("tiny").vocabulary },
    },
    tooCostly: {
      "Fine-tuned, codes":
        "too costly: another fine-tuning; notebook 03 has words and codes on fewer persons",
    },
    threads: 1,
    seed: 1,
    replications: 2000,
    groupPersons: 15,
  }),
  /** The real cohort and a real base model; its file is the user's own (`LABOR_LLM_DATA`). */
  standard: () => ({
    name: "standard",
    surveys: [
      {
        survey: "nlsy97-person-year",
        persons: { train: 1500, validation: 150, test: 150 },
        inFull: { base: 2, tuned: 30 },
        scoresAll: true,
        neglect: 1e-3,
      },
    ],
    base: "gemma-3-270m",
    fineTuning: fineTuningDefaults("gemma-3-270m").training,
    // Test persons of the real cohort have values of covariates that 60 training persons do not.
    ablation: {
      ...ablation,
      persons: { ...ablation.persons, test: 300 },
      sizes: { ...ablation.sizes, test: 300 },
      settings: { ...ablation.settings, vocabulary: "full" },
    },
    headline: { ...headline, "Fine-tuned": { ...headline["Fine-tuned"], ifAvailable: true } },
    repeats: { few: repeated, all: { ...repeated, ifAvailable: true } },
    gain: {
      seeds: 3,
      scratch: { base: "tiny", scratch: { layers: 4, width: 192 }, training: { epochs: 20, patience: 3 } },
    },
    settings: {
      "fine-tuned": given(fineTuningDefaults("gemma-3-270m")),
    },
    tooCostly: {
      "Embeddings, logit head":
        "too costly: the base model would read 650,000 tokens, above half an hour on two cores",
      "Multinomial logit, all persons": "too costly: ten fits, above a quarter of an hour on two cores",
      "Fine-tuned, codes": "too costly: a training of its own, two hours on two cores",
      "Fine-tuned, 30 %": "too costly: a third of the training of the whole, above half an hour on two cores",
      "Fine-tuned, before a change":
        "too costly: each year would have its own training of the whole, two hours on two cores",
      "Fine-tuned, several years ahead":
        "too costly: each year of a simulated career asks for all titles, three seconds on two cores",
      ...Object.fromEntries(
        [2, 3, 10, 20].map((last) => [
          `Fine-tuned, last ${last}`,
          "too costly: each person-year is a text of its own, half an hour on two cores",
        ]),
      ),
    },
    seed: 1,
    replications: 2000,
    groupPersons: 50,
  }),
};

/** What tells the engine of a kernel how many threads a profile gives it. */
export function engineThreads({ threads }: Pick<Profile, "threads">): Record<string, string> {
  if (threads === undefined) return {};
  // Within an operation, and between operations of a graph.
  return { TF_NUM_INTRAOP_THREADS: String(threads), TF_NUM_INTEROP_THREADS: String(threads) };
}

/** A method's settings on a survey: the profile's, with what a search chose for so many of its persons laid over them. */
export function settingsOn(
  profile: Pick<Profile, "name" | "settings" | "seed">,
  plan: Pick<SurveyPlan, "survey" | "persons">,
  method: string,
): object {
  const chosen = searchOf(readTuned(profile.name), method, plan, profile.seed)?.chosen;
  return overlaid(profile.settings[method] ?? {}, chosen ?? {});
}

/** Rows of a table by survey for those that are not available, with where to get them. */
export function missingRows({ missing }: Profile): { survey: string; note: string }[] {
  return missing.map(({ survey, reason }) => ({ survey, note: `not run: ${reason}` }));
}

function given({ vocabulary, target }: FineTuningDefaults) {
  return { vocabulary, target };
}

/** How much of a survey of the user's own is used. */
const ownSurvey = { persons: { train: 1500, validation: 200, test: 120 }, inFull: { base: 20 } };

/** Names of the profiles. */
export const profileNames = Object.keys(profiles);

/**
 * A profile on those of its surveys that are available.
 * @throws UserError if there is none of that name, or none of its surveys is available
 */
export function profileNamed(name: string): Profile {
  const profile = wishedFor(name);
  const plans = [...profile.surveys, ...(profile.resumes ? [profile.resumes] : [])];
  const missing = [...new Set(plans.map(({ survey }) => survey))].flatMap((survey) => {
    const absence = absenceOf(survey);
    return absence === undefined ? [] : [{ survey, reason: absence.message }];
  });
  const available = ({ survey }: SurveyPlan) => missing.every((one) => one.survey !== survey);
  const surveys = profile.surveys.filter(available);
  if (surveys.length === 0) {
    throw new UserError(
      `profile ${name}: none of its surveys is available`,
      missing.map(({ survey, reason }) => `${survey}: ${reason}`).join(" "),
    );
  }
  const resumes = profile.resumes && available(profile.resumes) ? profile.resumes : undefined;
  return { ...profile, surveys, resumes, missing };
}

function wishedFor(name: string): Omit<Profile, "missing"> {
  if (!Object.hasOwn(profiles, name)) {
    throw new UserError(`"${name}" is not a profile`, `Choose one of ${profileNames.join(", ")}.`);
  }
  return profiles[name]();
}

/**
 * A profile on one survey of the user's own. Each method is fitted once, since nobody knows how long a fit takes: errors
 * are over test persons.
 * @throws UserError if there is no profile of that name, or the survey is not available
 */
export function profileOn(survey: string, name: string): Profile {
  const profile = wishedFor(name);
  const absence = absenceOf(survey);
  if (absence !== undefined) throw absence;
  const resumes = profile.resumes && absenceOf(profile.resumes.survey) ? undefined : profile.resumes;
  return {
    ...profile,
    surveys: [{ survey, ...ownSurvey }],
    headline: {},
    repeats: { few: {}, all: {} },
    resumes,
    missing: [],
  };
}

/**
 * The session's profile (LABOR_LLM_PROFILE, or quick), on the one survey that it names (LABOR_LLM_SURVEY), if it does.
 * @throws UserError as `profileNamed` and `profileOn`
 */
export function currentProfile(): Profile {
  const { profile, survey } = currentSession();
  return survey === undefined ? profileNamed(profile) : profileOn(survey, profile);
}

/** The bootstrap over persons of a profile's tables. */
export function bootstrapOf({ replications, seed }: Profile): { replications: number; seed: number } {
  return { replications, seed };
}
