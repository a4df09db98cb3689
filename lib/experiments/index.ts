export { inAsManySteps } from "./as-many-steps";
export { worseThanMarkov } from "./beside-markov";
export {
  noteOn,
  type Predictions,
  predictionsFile,
  readPredictions,
  readSavedMeasure,
  runsAreElsewhere,
  runsFolder,
  withRunsIn,
  writeSavedMeasure,
} from "./cache";
export {
  addRows,
  type Comparison,
  compareMethods,
  measureModels,
  type NamedExperiment,
  ORACLE,
} from "./compare-methods";
export { hideCovariates, rowsWithHistory, scoreGiven } from "./conditioning";
export { describeModels } from "./describe-models";
export { describeData, describeRun, provenance } from "./environment";
export {
  cutSplit,
  type Experiment,
  fitExperiment,
  fitFolder,
  fittedFolder,
  identityOf,
  isAvailable,
  type Outcome,
  predictionsFolder,
  runExperiment,
  scoredYears,
  splitOf,
  tryExperiment,
  wholeSplit,
} from "./experiment";
export type { FitsPlan } from "./fits-plan";
export { forecastExperiment } from "./forecast-experiment";
export { onInterrupt } from "./interrupt";
export type { ForecastPlan } from "./make-forecast";
export { checkFitted, namedModel } from "./named-model";
export { onShare } from "./on-share";
export { allPersonsInFull, allPersonsScored, paperMethods, unlessTooCostly } from "./paper-methods";
export { type Pool, poolOf } from "./pool";
export {
  bootstrapOf,
  currentProfile,
  engineThreads,
  type MissingSurvey,
  missingRows,
  overlaid,
  type Profile,
  profileNamed,
  profileOn,
  profiles,
  type SurveyPlan,
  settingsOn,
} from "./profile";
export { showFit } from "./progress";
export { withResample } from "./resample";
export { checkScoreFile, scoreCareers } from "./score-careers";
export { ablationSettings, lawSurveys, searchedMethods, searchRows, tuneProfile } from "./search";
export { type TitleTokens, titlesAsTokens } from "./titles-as-tokens";
export { trainedOnLast } from "./trained-on-last";
