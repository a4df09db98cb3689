import {
  allPersonsScored,
  type NamedExperiment,
  onShare,
  type Profile,
  paperMethods,
  provenance,
  unlessTooCostly,
} from "../experiments";
import { type Figure, forestPlot, type TableRow } from "../figures";
import { type Audit, type Finding, isSupported, isSupportedAmongAll, judge, withOutcome } from "../results";
import { judgeRerun, type Rerun, type RerunFailure, rerun, rerunSaved } from "./audit-rerun";
import {
  allErrorSources,
  type ErrorFailure,
  type ErrorPlan,
  type ErrorSources,
  headlineFits,
  type OrderOverTrainingSets,
  orderOverTrainingSets,
} from "./evidence";
import type { Study } from "./study";

/** Would you get the same? Fits made again, on other training persons and with other seeds. */
export interface ReproducibilityPlan {
  profile: Profile;
  /** Fitted again and compared with what is cached, file by file. */
  again: NamedExperiment[];
  /** Fitted again and compared with the log-probabilities that are committed. */
  committed: NamedExperiment[];
  /** Fitted on resamples and with other seeds, besides the headline fits: methods on few persons, one on all, the law. */
  errors: { few: ErrorPlan[]; all: ErrorPlan[]; law: ErrorPlan[] };
  /** Nats of ln P within which a second fit is the same. */
  tolerance: number;
}

export interface ReproducibilityFound {
  survey: string;
  reruns: (Rerun | RerunFailure)[];
  /** Where the error of each method's perplexity comes from; what could not be run says why. */
  errors: (ErrorSources | ErrorFailure)[];
  /** Orders of two methods, judged on the error over test persons and on all. */
  orders: TableRow[];
  tolerance: number;
  caption: string;
}

/** Would you get the same? */
export const reproducibility: Study<ReproducibilityPlan, ReproducibilityFound> = {
  id: "15",
  question: "Would you get the same?",

  plan(profile) {
    const { seed, ablation, surveys } = profile;
    const [plan] = surveys;
    const methods = paperMethods(profile, plan);
    const named = (label: string) => methods.find((one) => one.label === label)!.experiment;
    const little = (label: string) => onShare(named(label), 0.01);
    const on = (method: string) => ({
      ...{ survey: plan.survey, method, settings: {}, persons: ablation.persons, seed },
    });
    const everyone = { survey: plan.survey, persons: allPersonsScored(plan).persons, seed };
    const law = { survey: "synthetic-psid", persons: { train: 200, validation: 60, test: 40 }, seed };
    const logit = unlessTooCostly(profile, {
      label: "Multinomial logit, all persons",
      experiment: { ...everyone, method: "multinomial-logit" },
    });
    return {
      profile,
      again: [
        ...methods.filter(({ label }) => ["Markov", "Multinomial logit", "Bag of jobs"].includes(label)),
        { label: "CAREER, 1 % of the persons", experiment: little("CAREER, tuned") },
        { label: "Fine-tuned, 1 % of the persons", experiment: little("Fine-tuned") },
      ],
      committed: ["Bag of jobs", "CAREER, tuned"].map((label) => ({
        label: `${label}, another seed, as kept`,
        experiment: { ...named(label), fitSeed: seed + 1 },
      })),
      errors: {
        few: [
          { label: "Empirical shares", experiment: on("empirical"), draws: 20 },
          { label: "Markov", experiment: on("markov"), draws: 20 },
          { label: "Multinomial logit", experiment: on("multinomial-logit"), draws: 20 },
          { label: "Two-stage regression", experiment: on("regression"), draws: 20 },
        ],
        all: [{ ...logit, label: "Multinomial logit", draws: 10 }],
        law: [
          { label: "Empirical shares", experiment: { ...law, method: "empirical" }, draws: 20, fresh: 20 },
          { label: "Markov", experiment: { ...law, method: "markov" }, draws: 20, fresh: 20 },
        ],
      },
      tolerance: 1e-4,
    };
  },

  async run({ profile, again, committed, errors, tolerance }) {
    const reruns: (Rerun | RerunFailure)[] = [];
    for (const one of again) reruns.push(await rerun(one));
    for (const one of committed) reruns.push(await rerunSaved(one));
    const headline = await headlineFits(profile);
    const few = await allErrorSources(errors.few);
    const all = await allErrorSources(errors.all);
    const law = await allErrorSources(errors.law);
    const [{ survey }] = profile.surveys;
    return {
      ...{ survey, reruns, tolerance },
      errors: [...headline, ...few, ...all, ...law],
      orders: [
        ...ordersOf([...headline, ...all].filter(isMade), AMONG_ALL),
        ...ordersOf(few.filter(isMade), AMONG_FEW),
      ],
      caption: provenance(profile, `${survey} and ${errors.law[0].experiment.survey}`),
    };
  },

  judge({ survey, reruns, errors, tolerance }) {
    const made = reruns.filter((one): one is Rerun => !("reason" in one));
    return [...rerunClaims(survey, made, tolerance), ...errorClaims(errors.filter(isMade))];
  },
};

/** Pairs of methods of which the first is said to be below the second. */
const AMONG_ALL = [
  ["Fine-tuned", "CAREER, tuned"],
  ["Fine-tuned", "Bag of jobs"],
  ["CAREER, tuned", "Bag of jobs"],
  ["Fine-tuned", "Two-stage regression"],
  ["Fine-tuned", "Markov, given education"],
  ["Fine-tuned", "Embeddings, logit head"],
  ["Two-stage regression", "Markov"],
  ["Multinomial logit", "Markov"],
] as const;
const AMONG_FEW = [
  ["Markov", "Empirical shares"],
  ["Multinomial logit", "Markov"],
  ["Two-stage regression", "Multinomial logit"],
] as const;

/** Orders of those pairs of which both were made and answer for as many person-years. */
function ordersOf(
  made: readonly ErrorSources[],
  pairs: readonly (readonly [lower: string, higher: string])[],
): ({ "training persons": number } & OrderOverTrainingSets)[] {
  return pairs.flatMap(([low, high]) => {
    const [lower, higher] = [low, high].map((name) => made.find(({ label }) => label === name));
    if (lower === undefined || higher === undefined) return [];
    if (lower.scores.observed.length !== higher.scores.observed.length) return [];
    return [{ "training persons": lower.trainingPersons, ...orderOverTrainingSets(lower, higher) }];
  });
}

function isMade(one: ErrorSources | ErrorFailure): one is ErrorSources {
  return !("reason" in one);
}

/** Fits made again, as rows of a table. */
export function rerunRows({ reruns, tolerance }: ReproducibilityFound): TableRow[] {
  return reruns.map((one) =>
    "reason" in one
      ? { experiment: one.label, verdict: `not run: ${one.reason}` }
      : {
          experiment: one.label,
          files: one.files,
          "same files": one.sameFiles,
          "log-probabilities": one.cells,
          unequal: one.unequal,
          "largest difference, nats": one.largest,
          verdict: judgeRerun(one, tolerance),
        },
  );
}

/** Where the standard error of each perplexity comes from, as rows of a table. */
export function errorRows({ errors }: ReproducibilityFound): TableRow[] {
  return errors.map((one) =>
    isMade(one)
      ? {
          survey: one.survey,
          method: one.label,
          "training persons": one.trainingPersons,
          "test persons": one.test.of,
          perplexity: one.perplexity,
          "standard error, total": one.perplexity * one.total,
          "test persons, nats": one.test.error,
          "training sets, nats": one.training?.error,
          resamples: one.training?.of,
          "seeds, nats": one.seeds?.error,
          seeds: one.seeds?.of,
          "fresh training sets, nats": one.fresh?.error,
          "total, nats": one.total,
          "total over test persons alone": one.total / one.test.error,
          note: one.note ?? "",
        }
      : { method: one.label, note: `not run: ${one.reason}` },
  );
}

/** What other persons or seeds would change, each part with the interval that few fits leave it. */
export function errorsFigure({ errors }: ReproducibilityFound): Figure {
  const rows = errors.filter(isMade).flatMap((one) => {
    const row = {
      of: `${one.survey}, trained on ${one.trainingPersons}`,
      ...{ group: one.label, persons: one.test.of },
    };
    const parts = [
      { model: "Training sets, resampled", part: one.training },
      { model: "Seeds of the fit", part: one.seeds },
      { model: "Training sets, fresh from the law", part: one.fresh },
    ];
    const { error } = one.test;
    return [
      { ...row, model: "Test persons", value: error, low: error, high: error },
      ...parts.flatMap(({ model, part }) =>
        part === undefined ? [] : [{ ...row, model, value: part.error, low: part.low, high: part.high }],
      ),
    ];
  });
  return forestPlot(rows, {
    title: "What other persons or seeds would change (test persons in brackets)",
    measure: "Standard error of ln perplexity, nats (95 % interval from the number of fits)",
  });
}

/** What a reader should know of an audit: fits made again, orders, claims. */
export function auditInWords({ reruns, orders }: ReproducibilityFound, audit: Audit): string {
  const fitted = reruns.filter((one): one is Rerun => !("reason" in one));
  const alike = fitted.filter((one) => one.unequal === 0 && one.sameFiles === one.files);
  const sure = orders.filter((row) => row["by test persons alone"] !== "no difference beyond its error");
  const stillSure = sure.filter((row) => row["by all"] === row["by test persons alone"]);
  const supported = audit.findings.filter(isSupported);
  return [
    `Fitted again: ${alike.length} of ${fitted.length} are the same, to the byte or to the digit.`,
    `Orders: ${sure.length} of ${orders.length} are beyond the error over test persons alone, ${stillSure.length} of them also beyond the total error.`,
    `Claims: ${supported.length} of ${audit.findings.length} are supported, or replicate what was published, on the error over test persons, seeds and training samples, ${supported.filter(isSupportedAmongAll).length} of them also when p-values are adjusted for the claims of their notebook (Benjamini and Hochberg 1995), ${supported.filter(({ p }) => p === undefined).length} among them without a p-value. ${withOutcome(audit, "supported for this fit").length} more are supported for the fit that was made: another might undo them.`,
  ].join("\n\n");
}

/** That fits anew are those that are cached; ours is the largest difference of ln P, nats. */
function rerunClaims(survey: string, reruns: readonly Rerun[], tolerance: number): Finding[] {
  return reruns.map((one) => {
    const words = judgeRerun(one, tolerance);
    return judge(
      {
        says: `A second fit predicts the same: ${one.label}`,
        expects: { is: "at most", bound: tolerance },
        sides: { above: words, below: words },
      },
      {
        ...{ survey, measure: "largest difference of ln P", over: "nothing: it is the same fit" },
        measured: { value: one.largest, standardError: 0 },
      },
    );
  });
}

/**
 * Where errors come from: of fits that have fresh training sets, that resamples give the standard error that fresh sets have
 * (ours is ln of the ratio); of all, that training persons matter less than test persons (ours is the difference of the
 * standard errors, nats). Both are over the fits.
 */
function errorClaims(sources: readonly ErrorSources[]): Finding[] {
  const named = ({ label, trainingPersons }: ErrorSources) => `${label}, ${trainingPersons} persons`;
  const resampled = sources.flatMap((one): Finding[] => {
    const { survey, training, fresh } = one;
    if (fresh === undefined || training === undefined) return [];
    return [
      judge(
        {
          says: `Resamples give the standard error of fresh training sets: ${named(one)}`,
          expects: { is: "equal", to: 0 },
          sides: { above: "too large, beyond its error", below: "too small, beyond its error" },
        },
        {
          ...{ survey, measure: "log ratio of standard errors", oracle: 0 },
          measured: {
            value: Math.log(training.error / fresh.error),
            standardError: Math.hypot(relativeError(training.of), relativeError(fresh.of)),
          },
          over: `${training.of} resamples, ${fresh.of} fresh training sets`,
        },
      ),
    ];
  });
  const smaller = sources.flatMap((one): Finding[] => {
    const { survey, test, training } = one;
    if (training === undefined) return [];
    return [
      judge(
        {
          says: `Training persons matter less than test persons, by standard error: ${named(one)}`,
          expects: { is: "above", bound: 0 },
        },
        {
          ...{ survey, measure: "standard error difference" },
          measured: {
            value: test.error - training.error,
            standardError: Math.hypot(
              test.error * relativeError(test.of),
              training.error * relativeError(training.of),
            ),
          },
          over: `${test.of} persons, ${training.of} training samples`,
        },
      ),
    ];
  });
  return [...resampled, ...smaller];
}

/** Standard error of the logarithm of a standard deviation over so many draws (normal theory). */
function relativeError(draws: number): number {
  return 1 / Math.sqrt(2 * (draws - 1));
}
