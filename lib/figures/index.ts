export {
  type DoseOptions,
  type DoseSeries,
  perplexityByDose,
  type ResponseOptions,
  type ResponseSeries,
  responseByDose,
} from "./doses";
export { exportFigure, toPng, toSvg } from "./export";
export { earlierFiguresFolder, figuresFolder, projectFolder } from "./folder";
export { type ForestOptions, type ForestRow, forestPlot } from "./forest";
export { type IntervalOptions, type IntervalSeries, linesWithIntervals } from "./intervals";
export { type LatexOptions, toLatex } from "./latex";
export { type LearningCurve, learningCurve, sharesOverTime } from "./lines";
export {
  type PerplexityOptions as PerplexityFigureOptions,
  type PerplexityRow,
  perplexityComparison,
} from "./perplexity";
export { type ReliabilityPanel, type ReliabilityPoint, reliabilityPanels } from "./reliability";
export { type RocLine, type RocPanel, rocPanels } from "./roc";
export { saveFigure, saveTable } from "./save";
export { colours, type Figure, type FigureLayout, figure, figureStyle } from "./style";
export {
  type ArqueroTable,
  type Table,
  type TableCell,
  type TableOptions,
  type TableRow,
  toCsv,
  toHtml,
  toMarkdown,
} from "./table";
export {
  byTransition,
  type MatrixOptions,
  type Transition,
  type TransitionRow,
  transitionMatrix,
} from "./transitions";
