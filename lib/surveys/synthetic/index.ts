export { oracleOf, syntheticNamed, syntheticOracle, syntheticSurvey, syntheticTwin } from "./survey";
