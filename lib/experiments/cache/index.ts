export {
  type FitIdentity,
  type KeptNumbers,
  noteOn,
  readKeptMeasure,
  readKeptNumbers,
  scoresOf,
  withoutPaths,
  writeKeptMeasure,
  writeKeptNumbers,
} from "./kept-numbers";
export { keptOrMade } from "./kept-or-made";
export { keepingParts } from "./kept-parts";
export { type Predictions, predictionsFile, readPredictions, writePredictions } from "./kept-predictions";
export { runsAreElsewhere, runsFolder, withRunsIn } from "./runs";
