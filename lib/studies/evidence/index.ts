export {
  allErrorSources,
  type ErrorFailure,
  type ErrorPlan,
  type ErrorSources,
  errorSources,
  type OrderOverTrainingSets,
  orderOverTrainingSets,
} from "./audit-errors";
export { judgeOrders, type OrderClaim } from "./claims";
export { type ContrastTerm, contrastOf } from "./contrast-claims";
export { type Compared, fitsNamed, fitsOf } from "./fits-of-claims";
export { headlineFits, headlineMeasures, headlinePlans, judgeHeadlines } from "./headline";
export { type Measure, type MeasuredFits, wholeOfMeasure } from "./measured-fits";
export { unfinishedNote, unfinishedSentence } from "./unfinished";
