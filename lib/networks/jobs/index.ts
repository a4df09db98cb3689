export { type BagOfJobsConfig, bagOfJobsSizes } from "./bag-of-jobs";
export {
  type CareerNetworkConfig,
  type CovariateScale,
  careerSizes,
  covariateScales,
} from "./career-network";
export { initialise, JobNetwork, type RowMeaning, vocabularySizes } from "./job-network";
export { jobTrainable } from "./job-trainable";
export { type LstmNetworkConfig, lstmSizes } from "./lstm";
export { type AnyJobConfig, networkOf, parametersOf } from "./networks";
export {
  CareerEncoder,
  COVARIATES,
  type CovariateName,
  type EncodedCareer,
  type JobVocabulary,
  jobVocabulary,
  MISSING,
  predictedYears,
  restoreVocabulary,
  storeVocabulary,
} from "./vocabulary";
