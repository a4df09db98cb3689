export { ablationSettings } from "./ablation-searches";
export {
  type ErrorFailure,
  type ErrorPlan,
  type ErrorSources,
  errorSources,
  type OrderOverTrainingSets,
  orderOverTrainingSets,
  type Spread,
  tryErrorSources,
} from "./audit-errors";
export {
  compareDistributions,
  type DistributionDifference,
  judgeRerun,
  type Rerun,
  type RerunFailure,
  rerun,
  rerunKept,
} from "./audit-rerun";
export { type Choice, chooseByValidation } from "./choose";
export { judgeOrders, type OrderClaim } from "./claims";
export { type Comparison, compareMethods, type NamedExperiment, ORACLE } from "./compare-methods";
export { type ContrastTerm, contrastOf } from "./contrast-claims";
export {
  describeModels,
  type FittedDescription,
  type ModelsDescription,
  type UnreadableModel,
} from "./describe-models";
export { type DataRow, describeData, describeRun, provenance } from "./environment";
export { examplesRead } from "./examples-read";
export {
  type Experiment,
  type Failure,
  type Fit,
  fitExperiment,
  type Outcome,
  runExperiment,
  splitOf,
  tryExperiment,
} from "./experiment";
export { fitsOf } from "./fits-of-claims";
export { forecastExperiment } from "./forecast-experiment";
export { headlineFits, headlineMeasures, headlinePlans, judgeHeadlines } from "./headline";
export { type Int8Model, int8Model } from "./int8-model";
export type { FitIdentity, KeptNumbers } from "./kept-numbers";
export type { ForecastPlan } from "./make-forecast";
export {
  checkManifest,
  compareManifests,
  type ManifestDifference,
  type ManifestEntry,
  type ManifestOptions,
  makeManifest,
  readManifest,
} from "./manifest";
export { type Measure, type MeasuredFits, measureFits } from "./measured-fits";
export { namedModel } from "./named-model";
export { onShare } from "./on-share";
export { allPersonsScored, allTitlesAsked, isOfFew, paperMethods, unlessTooDear } from "./paper-methods";
export { type Pool, poolOf } from "./pool";
export {
  currentProfile,
  type MissingSurvey,
  missingRows,
  type Profile,
  profileNames,
  type SurveyPlan,
  settingsOn,
} from "./profile";
export { showFit } from "./progress";
export { type SearchRow, searchRows } from "./search-rows";
export { surveyTable } from "./survey-table";
export { type TitlePieces, titlesAsTokens } from "./titles-as-tokens";
export { hideCovariates, permuteCovariates, predictTold, rowsWithHistory, type Told } from "./told";
export { trainedOnLast } from "./trained-on-last";
export { isUnfinished, unfinishedNote, unfinishedSentence } from "./unfinished";
