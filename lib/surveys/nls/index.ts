export { isDownloadOf } from "./download-of";
export {
  type InvestigatorTable,
  isInvestigatorDownload,
  missingCodes,
  readInvestigatorTable,
  type WantedVariable,
} from "./investigator-table";
export { type Nlsy79Options, readNlsy79 } from "./nlsy79";
export { type Nlsy97Options, readNlsy97 } from "./nlsy97";
export type { NlsPanel } from "./read-cohort";
export { defaultNlsRules, type NlsRules, nlsRulesOfText } from "./rules";
export { type Concept, type SurveyVariable, surveyVariables } from "./variables";
