export {
  type FitIdentity,
  type SavedScores,
  noteOn,
  readSavedMeasure,
  readSavedScores,
  scoresOf,
  withoutPaths,
  writeSavedMeasure,
  writeSavedScores,
} from "./saved-scores";
export { getOrCompute } from "./get-or-compute";
export { cachingParts } from "./cached-parts";
export { type Predictions, predictionsFile, readPredictions, writePredictions } from "./cached-predictions";
export { runsAreElsewhere, runsFolder, withRunsIn } from "./runs";
