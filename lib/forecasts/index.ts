export {
  type Ahead,
  aheadBy,
  aheadFrom,
  type Forecast,
  joinForecasts,
  selectForecast,
  yearsAhead,
} from "./ahead";
export { type ComposeOptions, composeBySampling, composeExactly, type SampleOptions } from "./compose";
export { askDirectly } from "./direct";
export {
  type EducationChance,
  type EducationPath,
  heldEducation,
  observedEducation,
} from "./education";
