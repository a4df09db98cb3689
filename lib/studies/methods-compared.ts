import {
  allPersonsScored,
  bootstrapOf,
  type Comparison,
  compareMethods,
  type NamedExperiment,
  ORACLE,
  type Profile,
  paperMethods,
  type SurveyPlan,
  settingsOn,
} from "../experiments";
import { byTransition, type Figure, type LearningCurve, learningCurve } from "../figures";
import { type Measurement, where } from "../metrics";
import { type Finding, modelsFigure, published } from "../results";
import { type ErrorFailure, type ErrorSources, headlineFits, judgeHeadlines, judgeOrders } from "./evidence";
import { type Results, resultsOf, type Study } from "./study";

/** Every method of the papers on every survey of a profile. */
export interface MethodsPlan {
  profile: Profile;
  surveys: { plan: SurveyPlan; rows: NamedExperiment[] }[];
}

export interface MethodsFound extends Results {
  profile: Profile;
  comparisons: Comparison[];
  /** Perplexities by survey weights, beside those without, on surveys that have weights. */
  weighted: Measurement[];
  /** Further fits of the methods of headline claims. */
  fits: (ErrorSources | ErrorFailure)[];
  bootstrap: { replications: number; seed: number };
}

const TUNED = "Fine-tuned";

/** Does fine-tuning turn a language model into a model of occupations? */
export const methodsCompared: Study<MethodsPlan, MethodsFound> = {
  id: "02",
  question: "Does fine-tuning turn a language model into a model of occupations?",

  plan(profile) {
    const rows = (plan: SurveyPlan) => paperMethods(profile, allPersonsScored(plan));
    return { profile, surveys: profile.surveys.map((plan) => ({ plan, rows: rows(plan) })) };
  },

  async run({ profile, surveys }) {
    const bootstrap = bootstrapOf(profile);
    const comparisons: Comparison[] = [];
    const weighted: Measurement[] = [];
    for (const { rows } of surveys) {
      const one = await compareMethods(rows, { reference: TUNED, ...bootstrap });
      comparisons.push(one);
      if (!hasWeights(one)) continue;
      const other = await compareMethods(rows, { reference: TUNED, weighted: true, ...bootstrap });
      weighted.push(...byWeight(one, other));
    }
    const fits: MethodsFound["fits"] = [];
    for (const { plan } of surveys) fits.push(...(await headlineFits(profile, plan)));
    const results = resultsOf(profile, comparisons);
    const { vocabulary = "full" } = (profile.settings["fine-tuned"] ?? {}) as { vocabulary?: string };
    const softmax = `The softmax of the fine-tuned model is over ${vocabulary === "full" ? "all tokens" : "the tokens that careers can contain"}.`;
    const skipped = profile.missing.map(({ survey, reason }) => ({ survey, model: "", reason }));
    return {
      ...results,
      caption: `${results.caption} ${softmax}`,
      skipped: [...results.skipped, ...skipped],
      ...{ profile, comparisons, weighted, fits, bootstrap },
    };
  },

  judge({ comparisons, fits, bootstrap }) {
    const { offTheShelf7B, fineTuned7B, career } = published.perplexity;
    const below = (claim: string, lower: string, higher: string) => ({ claim, lower, higher });
    const claims = [
      {
        ...below("Fine-tuning lowers perplexity", TUNED, "Off the shelf"),
        published: { lower: fineTuned7B, higher: offTheShelf7B },
      },
      below(
        "Fine-tuning lowers perplexity, both under the restricted softmax",
        TUNED,
        "Off the shelf, restricted",
      ),
      // The published CAREER has been pre-trained on 23.7 million résumés.
      below("Fine-tuned beats CAREER from scratch", TUNED, "CAREER, tuned"),
      {
        ...below("Fine-tuned beats pre-trained CAREER", TUNED, "CAREER, pre-trained"),
        published: { lower: fineTuned7B, higher: career },
      },
      below("CAREER, tuned, beats CAREER as published", "CAREER, tuned", "CAREER, as published"),
      below("Fine-tuned beats the bag of jobs", TUNED, "Bag of jobs"),
      below(
        "A Markov table that knows that people stay beats an additive back-off",
        "Markov",
        "Markov, additive back-off",
      ),
      below("Fine-tuned beats the Markov table", TUNED, "Markov"),
      below("Fine-tuned beats the Markov table given education", TUNED, "Markov, given education"),
      below("Fine-tuned beats the two-stage regression", TUNED, "Two-stage regression"),
      below("Fine-tuned beats embeddings with a logit head", TUNED, "Embeddings, logit head"),
      below("Examples in the prompt help", "In context", "Off the shelf"),
      below("Pre-training helps CAREER", "CAREER, pre-trained", "CAREER, tuned"),
    ];
    return comparisons.flatMap((one) => judgeHeadlines(one, claims, fits, bootstrap));
  },
};

/** That no model is below the oracle, on surveys whose law is known; with the fits held fixed. */
export function belowTheOracle({ comparisons, bootstrap }: MethodsFound): Finding[] {
  return comparisons
    .filter(({ scores }) => ORACLE in scores)
    .flatMap((one) =>
      judgeOrders(
        one,
        Object.keys(one.scores)
          .filter((model) => model !== ORACLE)
          .map((model) => ({ claim: `The oracle is below: ${model}`, lower: ORACLE, higher: model })),
        bootstrap,
      ),
    );
}

/** Perplexities of all methods on a survey, normalised over titles where that is known. */
export function methodsFigure({ survey, split: { test }, experiments, measurements }: Comparison): Figure {
  const all = where(measurements, { on: { transition: "all" } });
  // Rows of few persons have a place in the table, not beside those of all.
  const few = experiments.flatMap(({ label, inFullOf }) => (inFullOf === undefined ? [] : [label]));
  const shown = where(all, { measure: "perplexity" }).filter(({ model }) => !few.includes(model));
  const normalised = where(all, { measure: "normalised perplexity" });
  const normalisedOf = (name: string) => normalised.find(({ model }) => model === name);
  return modelsFigure(
    // Of the observed titles only, the mass on all titles is not known.
    shown.map((one) => normalisedOf(one.model) ?? { ...one, measure: "normalised perplexity" }),
    {
      title: `${survey}: perplexity on held-out careers`,
      nameOf({ model, persons }) {
        const notes = [
          ...(normalisedOf(model) === undefined ? ["not normalised"] : []),
          ...(persons < test.careers.length ? [`${persons} persons`] : []),
        ];
        return notes.length === 0 ? model : `${model} (${notes.join(", ")})`;
      },
      reference: { label: `uniform over ${test.titles.size} titles`, perplexity: test.titles.size },
    },
  );
}

/** Perplexity of a few methods at first observations, moves and stays. */
export function transitionsFigure(measurements: readonly Measurement[], models: readonly string[]): Figure {
  const shown = where(measurements, { measure: "perplexity" }).filter(({ model }) => models.includes(model));
  return byTransition(
    shown.map(({ model, on: { transition }, estimate: { value, interval } }) => ({
      ...{ model, transition, perplexity: value, low: interval[0], high: interval[1] },
    })),
  );
}

/** The loss by epoch of the fine-tuning on a profile's first survey. */
export function fineTuningCurve({ profile, comparisons: [first] }: MethodsFound): Figure {
  const settings = settingsOn(profile, profile.surveys[0], "fine-tuned") as { target?: string };
  const { history = [], bestEpoch = 1 } = first.outcomes[TUNED];
  const curve: LearningCurve = {
    epochs: history.map(({ epoch }) => epoch),
    train: history.map(({ trainingLoss }) => trainingLoss),
    validation: history.map(({ validationLoss }) => validationLoss),
    best: bestEpoch,
  };
  return learningCurve(curve, {
    title: `${first.survey}: fine-tuning, loss by epoch`,
    names: {
      train: settings.target === "titles" ? "Training, titles" : "Training, whole text",
      validation: "Validation, titles",
    },
  });
}

function hasWeights({ scores }: Comparison): boolean {
  return Object.values(scores).every(({ weight }) => weight?.every((one) => one >= 0) ?? false);
}

/** Perplexities beside those by weight, under names of their own. */
function byWeight(plain: Comparison, weighted: Comparison): Measurement[] {
  const named = { perplexity: "weighted perplexity", "log-loss difference": "weighted log-loss difference" };
  const all = { on: { transition: "all" } } as const;
  return [
    ...where(plain.measurements, { ...all, measure: "perplexity" }),
    ...where(weighted.measurements, all).flatMap((one): Measurement[] => {
      const measure = named[one.measure as keyof typeof named] as Measurement["measure"] | undefined;
      return measure === undefined ? [] : [{ ...one, measure }];
    }),
  ];
}
