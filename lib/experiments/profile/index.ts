export { overlaid } from "./overlay";
export {
  bootstrapOf,
  currentProfile,
  engineThreads,
  type MissingSurvey,
  missingRows,
  type Profile,
  profileNamed,
  profileOn,
  profiles,
  type SurveyPlan,
  settingsOn,
} from "./profile";
export { epochsOfSchedule, learningRates, type SearchSpace, searchSpaces } from "./search-space";
export { readTuned, type SavedSearch, searchOf, tunedPath } from "./tuned";
