import type { Career } from "../../careers";
import { UserError } from "../../errors";
import type { TitleSet } from "../../occupations";
import { emptyDistribution, type OccupationModel } from "../../predictions";
import { entryShares, type TrainingCareers } from "../markov";
import { type CareerLogit, checkTerms, fitCareerLogit } from "./career-logit";
import type { Coefficient, CoefficientOptions } from "./coefficients";
import type { LogitTerm } from "./features";
import { type PersonYearHistory, personYearHistories } from "./history";
import type { RidgeOptions, RidgeTrial } from "./ridge";

export interface LogitOptions extends RidgeOptions {
  /** Careers of other persons, on which the penalty is chosen. */
  validation?: readonly Career[];
  /** What the titles depend on. */
  terms?: readonly LogitTerm[];
  /**
   * Whether the same title as before has a constant of its own, all but without penalty, so that people stay also in titles
   * that training has seldom or never seen. Default true; with ridge 0 false, for it is the mean of the effects of the
   * previous titles.
   */
  sameTitle?: boolean;
  name?: string;
}

export interface MultinomialLogitModel extends OccupationModel {
  readonly logit: CareerLogit;
  /** The penalty. */
  readonly ridge: number;
  /** The penalties that were tried, from the strongest on. */
  readonly trials: readonly RidgeTrial[];
  /**
   * Log-odds of each title against a reference title.
   * @throws UserError if the reference is no title, or standard errors are not to be had
   */
  coefficients(options?: CoefficientOptions): Coefficient[];
}

/** Everything that the language models read, less the titles before the last. */
const DEFAULT_TERMS: readonly LogitTerm[] = [
  "previous title",
  "tenure",
  "year",
  "education",
  "gender",
  "ethnicity",
  "region",
  "age",
];

/**
 * Multinomial logit of the title on the previous title, tenure, year, education and the covariates (McFadden 1974;
 * LABOR-LLM's traditional econometric model), with a constant of the alternative that is the same title as before. The penalty draws to the shares of titles that are entered (`entryShares`), so that a title never
 * seen in training keeps a finite log-probability; a level never seen has no effect, a missing value is a level.
 * @throws UserError if there is nothing to fit, an option is out of range, or a title is not of the set
 */
export async function fitMultinomialLogit(
  train: TrainingCareers,
  options: LogitOptions = {},
): Promise<MultinomialLogitModel> {
  const { validation = [], terms = DEFAULT_TERMS, name = "Multinomial logit", sameTitle, ...ridge } = options;
  const { titles } = train;
  const isLikelihood = [ridge.ridge].flat().includes(0);
  checkTerms(terms);
  const rows = trainingHistories(train);
  const logit = await fitCareerLogit(
    {
      classes: titles.titles,
      of: ({ title }) => title,
      same: (sameTitle ?? !isLikelihood) ? sameAsBefore : undefined,
      shares: entryShares(train, validation).entries,
    },
    rows,
    personYearHistories(validation, titles),
    { ...ridge, terms, titles },
  );
  return multinomialLogitModel(name, logit, titles);
}

/** The title that goes on, or -1 in a first observation. */
export const sameAsBefore = ({ previous }: PersonYearHistory) => previous;

/** The model of a fitted logit of the titles. */
export function multinomialLogitModel(
  name: string,
  logit: CareerLogit,
  titles: TitleSet,
): MultinomialLogitModel {
  return {
    name,
    logit,
    ridge: logit.ridge,
    trials: logit.trials,
    coefficients: logit.coefficients,
    predict: async (careers, { onProgress } = {}) => {
      const distribution = logitDistribution(logit, careers, titles);
      onProgress?.(distribution.observed.length, distribution.observed.length);
      return distribution;
    },
  };
}

function logitDistribution(logit: CareerLogit, careers: readonly Career[], titles: TitleSet) {
  const distribution = emptyDistribution(careers, titles);
  logit.each(personYearHistories(careers, titles), (n, logProbability) => {
    distribution.logProbability.set(logProbability, n * titles.size);
  });
  return distribution;
}

/**
 * The training person-years, in which there must be something to tell apart.
 * @throws UserError if there are none, or all have one title
 */
export function trainingHistories({ careers, titles }: TrainingCareers): PersonYearHistory[] {
  const rows = personYearHistories(careers, titles);
  if (rows.length === 0) {
    throw new UserError("there are no training person-years", "Give the model careers to fit.");
  }
  if (rows.every(({ title }) => title === rows[0].title)) {
    throw new UserError(
      `every training person-year has the title "${titles.titles[rows[0].title]}": there is nothing to tell apart`,
      "Give the model careers with more than one title.",
    );
  }
  return rows;
}
