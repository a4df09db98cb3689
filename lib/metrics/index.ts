export { type BootstrapOptions, bootstrapByPerson, type Estimate } from "./bootstrap";
export {
  type ClosedFormEstimate,
  clusterRobustDifference,
  clusterRobustMean,
  clusterRobustPerplexity,
} from "./cluster-robust";
export { onCommonPersons } from "./common-persons";
export { type ComparisonOptions, type ComparisonRow, comparePerplexity } from "./compare";
export { type Consistency, consistency } from "./consistency";
export { type PerplexityOptions, type PersonTotals, perplexity, personTotals, surprisal } from "./perplexity";
export { checkSameRows, ROW_KINDS, type RowKind, type TransitionKind, transitionKinds } from "./rows";
export { type VerdictOptions, verdict } from "./verdict";
