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
} from "./survey";
export { longFormat, writeSurvey } from "./write";
