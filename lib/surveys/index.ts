export { educationOfLaw, law, oracle, oracleAhead } from "./law";
export { absenceOf, type RuleTexts, readSurvey, surveyInputs, surveyNames, surveyState } from "./read-survey";
export { lawNamed, oracleOf, syntheticSurvey } from "./synthetic";
