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
export { readDistribution, writeDistribution } from "./distribution-file";
export type { OccupationModel, PredictOptions } from "./occupation-model";
export { lastRows } from "./predict-last";
export { selectRows } from "./select-rows";
export { copyAnswers, emptyDistribution, roomFor, type TitleDistribution } from "./title-distribution";
