export {
  distributionOf,
  type FitIdentity,
  type KeptNumbers,
  noteOn,
  readKeptMeasure,
  readKeptNumbers,
  withoutPaths,
  writeKeptMeasure,
  writeKeptNumbers,
} from "./kept-numbers";
export { keptOrMade } from "./kept-or-made";
export { keepingParts } from "./kept-parts";
export { runsAreElsewhere, runsFolder, withRunsIn } from "./runs";
