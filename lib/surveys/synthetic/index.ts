export { type SyntheticDesign, type SyntheticKind, syntheticDesigns } from "./designs";
export {
  oracleOf,
  type SyntheticOptions,
  streamSurvey,
  syntheticControl,
  syntheticLaw,
  syntheticNamed,
  syntheticOracle,
  syntheticResumes,
  syntheticSurvey,
} from "./survey";
export { longFormat, writeSurvey } from "./write";
