export { lawNamed, oracleOf, syntheticNamed, syntheticSurvey, syntheticTwin } from "./survey";
