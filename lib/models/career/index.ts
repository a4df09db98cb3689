export {
  fineTuneCareer,
  fitBagOfJobs,
  fitCareer,
  fitLstm,
  pretrainCareer,
  type ValidationCareers,
} from "./fit";
export { readJobModel, writeJobModel } from "./job-folder";
export { JobModel } from "./job-model";
export {
  type CareerSizes,
  fewPersonsFineTuning,
  fewPersonsTraining,
  fewResumesTraining,
  type JobFitOptions,
  paperFineTuning,
  paperPretraining,
} from "./options";
export { COVARIATES, type CovariateName, type JobVocabulary } from "./vocabulary";
