export { type SyntheticDesign, type SyntheticKind, syntheticDesigns } from "./designs";
export {
  oracleOf,
  type SyntheticOptions,
  streamSurvey,
  syntheticLaw,
  syntheticNamed,
  syntheticOracle,
  syntheticResumes,
  syntheticSurvey,
  syntheticTwin,
} from "./survey";
export { longFormat, writeSurvey } from "./write";
