export {
  type Ahead,
  aheadBy,
  aheadFrom,
  aheadRows,
  type Forecast,
  joinForecasts,
  selectForecast,
  yearsAhead,
} from "./ahead";
export { composeBySampling } from "./compose";
export { askDirectly } from "./direct";
export { type EducationPath, heldEducation, observedEducation } from "./education";
