export { isDownloadOf } from "./download-of";
export { readNlsy79 } from "./nlsy79";
export { readNlsy97 } from "./nlsy97";
export { nlsRulesOfText } from "./rules";
