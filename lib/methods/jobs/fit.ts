import { type Career, unitMean, type WeightedCareers } from "../../careers";
import { UserError } from "../../errors";
import {
  type AnyJobConfig,
  type BagOfJobsConfig,
  bagOfJobsSizes,
  type CareerNetworkConfig,
  COVARIATES,
  careerSizes,
  type EncodedCareer,
  initialise,
  type JobNetwork,
  jobTrainable,
  jobVocabulary,
  type LstmNetworkConfig,
  lstmSizes,
  networkOf,
  parametersOf,
  predictedYears,
  train as runTraining,
  type TrainingOptions,
  vocabularySizes,
} from "../../networks";
import { JobModel } from "./job-model";
import {
  type CareerSizes,
  fewPersonsFineTuning,
  fewPersonsTraining,
  fewResumesTraining,
  type JobFitOptions,
} from "./options";
import { checkShared, transferNetwork } from "./transfer";

/** Careers of other persons, whose loss chooses the epoch; a `CareerPanel` is one. */
export interface ValidationCareers {
  readonly careers: readonly Career[];
}

/**
 * CAREER from random weights (Vafa et al. 2024; its control without pre-training). The epoch of least validation
 * loss is kept.
 * @throws UserError for an impossible option, an empty set, or a title that is not of the set
 */
export function fitCareer(
  train: WeightedCareers,
  validation: ValidationCareers,
  options: JobFitOptions & CareerSizes = {},
): Promise<JobModel> {
  const { layers, width, feedForward, heads, dropout, covariateScale } = {
    ...careerSizes,
    ...given(options),
  };
  const shape = { kind: "career", layers, width, feedForward, heads, dropout, covariateScale } as const;
  return fit(shape, train, validation, { name: "CAREER", ...options }, fewPersonsTraining);
}

/**
 * CAREER's first stage (Vafa et al. 2024, section 2): trained on résumés, whose titles and covariates need not be
 * those of a survey; `fineTuneCareer` goes on from there. The paper's own schedule is `paperPretraining`.
 * @throws as `fitCareer`
 */
export function pretrainCareer(
  resumes: WeightedCareers,
  validation: ValidationCareers,
  options: JobFitOptions & CareerSizes = {},
): Promise<JobModel> {
  const training = { ...fewResumesTraining, ...options.training };
  return fitCareer(resumes, validation, { name: "CAREER (résumés only)", ...options, training });
}

/**
 * CAREER's second stage: a pre-trained model goes on with a survey. Titles and levels of covariates are matched by
 * their words; those that the résumés lack are learned from the survey alone. The pre-trained model stays as it is.
 * The paper's own schedule is `paperFineTuning`.
 * @throws as `fitCareer`, and if survey and résumés share no title
 */
export async function fineTuneCareer(
  pretrained: JobModel,
  train: WeightedCareers,
  validation: ValidationCareers,
  options: Omit<JobFitOptions, "twoStage"> = {},
): Promise<JobModel> {
  const { covariates = COVARIATES, seed = 1, name = "CAREER (pre-trained)" } = options;
  const vocabulary = jobVocabulary(train.titles, train.careers, covariates);
  checkShared(pretrained.vocabulary, vocabulary);
  const network = transferNetwork(pretrained, vocabulary, seed);
  return trained(new JobModel(name, network, vocabulary), train, validation, options, fewPersonsFineTuning);
}

/**
 * The bag of jobs of CAREER's baselines.
 * @throws as `fitCareer`
 */
export function fitBagOfJobs(
  train: WeightedCareers,
  validation: ValidationCareers,
  options: JobFitOptions & {
    /** Rank of each term. Default 1024. */
    width?: number;
    /** Whether earlier years are read, or the last job alone. Default "all". */
    history?: "all" | "last";
  } = {},
): Promise<JobModel> {
  const { width = bagOfJobsSizes.width, history } = options;
  const shape = { kind: "bag-of-jobs", width, history } as const;
  return fit(shape, train, validation, { name: "Bag of jobs", ...options }, fewPersonsTraining);
}

/**
 * The LSTM of CAREER's baselines.
 * @throws as `fitCareer`
 */
export function fitLstm(
  train: WeightedCareers,
  validation: ValidationCareers,
  options: JobFitOptions & Pick<CareerSizes, "layers" | "width" | "dropout"> = {},
): Promise<JobModel> {
  const { layers, width, dropout } = { ...lstmSizes, ...given(options) };
  const shape = { kind: "lstm", layers, width, dropout } as const;
  return fit(shape, train, validation, { name: "LSTM", ...options }, fewPersonsTraining);
}

type Shape =
  | Omit<CareerNetworkConfig, "twoStage" | "titles" | "covariates">
  | Omit<BagOfJobsConfig, "twoStage" | "titles" | "covariates">
  | Omit<LstmNetworkConfig, "twoStage" | "titles" | "covariates">;

async function fit(
  shape: Shape,
  train: WeightedCareers,
  validation: ValidationCareers,
  options: JobFitOptions & { name: string },
  defaults: TrainingOptions,
): Promise<JobModel> {
  const { twoStage = true, covariates = COVARIATES, seed = 1, name } = options;
  if (twoStage && train.titles.size < 2) {
    throw new UserError("a two-stage model of one title", "Nobody can move: give two titles or more.");
  }
  const vocabulary = jobVocabulary(train.titles, train.careers, covariates);
  const config: AnyJobConfig = { ...shape, twoStage, ...vocabularySizes(vocabulary) };
  const network = networkOf(config, initialise(parametersOf(config), seed));
  return trained(new JobModel(name, network, vocabulary), train, validation, options, defaults);
}

/** Trains a model in place; its tensors are freed where that fails. */
async function trained(
  model: JobModel,
  train: WeightedCareers,
  validation: ValidationCareers,
  { seed = 1, training, control }: JobFitOptions,
  defaults: TrainingOptions,
): Promise<JobModel> {
  try {
    const data = {
      training: weighted(model.encode(train.careers), train.weights),
      validation: model.encode(validation.careers),
    };
    model.training = await runTraining(
      jobTrainable(model.network as JobNetwork),
      data,
      { ...defaults, seed, ...training },
      control,
    );
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** Examples that count as the careers do, the mean person-year 1. */
function weighted(careers: EncodedCareer[], weights: WeightedCareers["weights"]): EncodedCareer[] {
  if (weights === undefined) return careers;
  const scale = unitMean(weights, careers.map(predictedYears));
  return careers.map((career, i) => ({ ...career, weight: scale * weights[i] }));
}

/** Options that were given: one that is undefined leaves the default. */
function given<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as Partial<T>;
}
