export { ablationSettings, lawSurveys } from "./ablation-searches";
export { searchRows } from "./search-rows";
export { searchedMethods, tuneProfile } from "./tune";
