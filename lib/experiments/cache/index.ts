export { cachingParts, type PartCache } from "./cached-parts";
export { type Predictions, predictionsFile, readPredictions, writePredictions } from "./cached-predictions";
export { getOrCompute } from "./get-or-compute";
export { runsAreElsewhere, runsFolder, withRunsIn } from "./runs";
export {
  type FitIdentity,
  noteOn,
  readSavedMeasure,
  readSavedScores,
  type SavedScores,
  scoresOf,
  withoutPaths,
  writeSavedMeasure,
  writeSavedScores,
} from "./saved-scores";
