export { chooseByValidation, type ValidationRow } from "./choose";
export { type ClaimRow, judgeOrder, judgeOrders, type OrderClaim } from "./claims";
export { type Comparison, compareMethods, type NamedExperiment, ORACLE } from "./compare-methods";
export { describeModels, type FittedDescription, type ModelsDescription } from "./describe-models";
export { describeData, describeRun, provenance } from "./environment";
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
export { namedModel } from "./named-model";
export { paperMethods } from "./paper-methods";
export { type PerturbationRow, perturbHistories } from "./perturb";
export { type Pool, poolOf } from "./pool";
export { currentProfile, type Profile, profileNames, type SurveyPlan } from "./profile";
export { showFit } from "./progress";
export { MARK_WORDING, type Mark, type PublishedNumber, published, quote } from "./published";
export { surveyTable } from "./survey-table";
export { type TitlePieces, titlesAsTokens } from "./titles-as-tokens";
