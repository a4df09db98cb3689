export { compareAhead } from "./compare-ahead";
export { aheadTable, correlationFigure, sameTitleFigure, severalYears } from "./several-years";
