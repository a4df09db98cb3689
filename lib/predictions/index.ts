export {
  type Ahead,
  aheadBy,
  aheadFrom,
  aheadRows,
  askDirectly,
  composeBySampling,
  type EducationPath,
  type Forecast,
  heldEducation,
  joinForecasts,
  observedEducation,
  selectForecast,
  yearsAhead,
} from "./ahead";
export { copyAnswers, roomFor } from "./answers";
export { readDistribution, readScores, writeDistribution, writeScores } from "./distribution-file";
export { type ObservedScores, observedScores } from "./observed-scores";
export type { OccupationModel, PredictOptions } from "./occupation-model";
export { type PersonYearRows, personYearRows } from "./person-year-rows";
export { lastRows } from "./predict-last";
export { scoreObserved } from "./score-observed";
export { selectRows } from "./select-rows";
export { emptyDistribution, type TitleDistribution } from "./title-distribution";
