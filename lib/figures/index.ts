export { type ResponseOptions, type ResponseSeries, responseByDose } from "./doses";
export { escapeHtml, markdownText } from "./escape";
export { toPng, toSvg } from "./export";
export { earlierFiguresFolder, figuresFolder, projectFolder } from "./folder";
export { type ForestOptions, forestPlot } from "./forest";
export { linesWithIntervals } from "./intervals";
export { type LearningCurve, learningCurve, sharesOverTime } from "./lines";
export { perplexityComparison } from "./perplexity";
export { reliabilityPanels } from "./reliability";
export { rocPanels } from "./roc";
export { saveAndDraw, saveFigure, saveTable } from "./save";
export type { Figure } from "./style";
export {
  isTable,
  type Table,
  type TableCell,
  type TableOptions,
  type TableRow,
  toHtml,
  toMarkdown,
} from "./table";
export { byTransition, transitionMatrix } from "./transitions";
