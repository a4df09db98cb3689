export { type BootstrapOptions, bootstrapByPerson, type Estimate } from "./bootstrap";
export {
  type ClosedFormEstimate,
  clusterRobustDifference,
  clusterRobustMean,
  clusterRobustPerplexity,
} from "./cluster-robust";
export { onCommonPersons } from "./common-persons";
export { type ComparisonOptions, type ComparisonRow, comparePerplexity } from "./compare";
export { surprisalContrast } from "./contrast";
export { type PerplexityOptions, type PersonTotals, perplexity, personTotals, surprisal } from "./perplexity";
export { type PowerLaw, powerLaw } from "./power-law";
export { checkSameRows, ROW_KINDS, type RowKind, type TransitionKind, transitionKinds } from "./rows";
export { type DistributionShift, distributionShift, type RowShifts, rowShifts } from "./shift";
export { type VerdictOptions, verdict } from "./verdict";
