import { plotlyText } from "./escape";
import { textWidth, wrapText } from "./fonts";
import { panelGrid, panelHeading } from "./panels";
import { colours, type Figure, figure, figureStyle, inkOf, LINE_END, seriesStyle } from "./style";

/** A model's ROC curve for one event, and the area under it with its interval. */
export interface RocLine {
  model: string;
  falsePositiveRate: readonly number[];
  truePositiveRate: readonly number[];
  auc: number;
  low: number;
  high: number;
}

export interface RocPanel {
  /** The event, and on what. */
  title: string;
  lines: readonly RocLine[];
}

const dashes = ["solid", "dash", "dot", "dashdot"];

/** ROC curves, one panel an event: the areas with 95 % intervals beside a sample of each line. */
export function rocPanels(panels: readonly RocPanel[], options: { title?: string } = {}): Figure {
  const { fontSize, smallFontSize, lineWidth, width } = figureStyle;
  const models = [...new Set(panels.flatMap(({ lines }) => lines.map(({ model }) => model)))];
  const columns = panels.length === 4 ? 2 : Math.min(3, panels.length);
  // A single panel stands in the middle.
  const [left, gap] = [panels.length === 1 ? 180 : 62, 26];
  const side = Math.min(400, (width - left - 18 - gap * (columns - 1)) / columns);
  const right = width - left - columns * side - gap * (columns - 1);
  const headings = panels.map(({ title }) => wrapText(title, side, fontSize));
  const heading = Math.max(...headings.map((lines) => lines.length)) * 20 + 4;
  const grid = panelGrid({ count: panels.length, columns, height: side, heading, gap: gap + 6, left, right });
  const area = ({ auc, low, high }: RocLine) => `${auc.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;
  const styleOf = (model: string) => {
    const i = models.indexOf(model);
    return { color: seriesStyle(i).colour, dash: dashes[i % dashes.length], width: lineWidth };
  };
  // Lines of samples and areas, from the lower right corner up.
  const line = (smallFontSize * 1.45) / side;
  const legend = (lines: readonly RocLine[], i: number) => 0.04 + (lines.length - 1 - i) * line;
  const textLeft = 1 - 118 / grid.width;
  const names = namesAbove(models, width - left - 18);
  const rows = 1 + Math.max(...names.map(({ row }) => row));
  const heightOf = (row: number) => heading + 14 + (rows - 1 - row) * 22;
  const ticks = { range: [-0.005, 1.005], tickmode: "array", tickvals: [0, 0.25, 0.5, 0.75, 1] };
  const ticktext = ["0", "0.25", "0.5", "0.75", "1"];
  return figure({
    title: options.title ?? "ROC curves",
    description: `Area under the ROC curve with 95 % interval. ${panels
      .map(({ title, lines }) => `${title}: ${lines.map((one) => `${one.model} ${area(one)}`).join("; ")}.`)
      .join(" ")}`,
    plotHeight: grid.plotHeight,
    margin: { left, right, top: rows * 22 + heading + 8, bottom: 58 },
    data: panels.flatMap(({ lines, title }, p) => {
      const { x, y } = grid.panels[p];
      const axes = { xaxis: x, yaxis: y };
      return [
        {
          ...{ type: "scatter", mode: "lines", x: [0, 1], y: [0, 1], ...axes, showlegend: false },
          ...{ line: { color: colours.grey, width: 1, dash: "dot" }, hoverinfo: "skip" },
        },
        ...lines.map((one) => ({
          ...{ type: "scatter", mode: "lines", name: one.model, ...axes, showlegend: false },
          ...{ x: one.falsePositiveRate, y: one.truePositiveRate, line: styleOf(one.model) },
          hovertemplate: `${plotlyText(`${title}, ${one.model}`)}: %{y:.2f} at %{x:.2f}<extra></extra>`,
        })),
        ...lines.map((one, i) => ({
          ...{ type: "scatter", mode: "lines", ...axes, showlegend: false, hoverinfo: "skip" },
          x: [textLeft - 30 / grid.width, textLeft - 5 / grid.width],
          y: [legend(lines, i), legend(lines, i)],
          line: styleOf(one.model),
        })),
      ];
    }),
    layout: {
      ...grid.axes(
        { title: "False positive rate", own: { ...ticks, ticktext } },
        {
          title: "True positive rate",
          own: {
            ...ticks,
            ticktext,
          },
        },
      ),
      annotations: [
        ...panels.map((_, p) => panelHeading(grid.panels[p], headings[p].join(LINE_END))),
        ...panels.flatMap(({ lines }, p) => {
          const { x, y } = grid.panels[p];
          const common = { xref: x, yref: y, xanchor: "left", showarrow: false };
          return [
            ...lines.map((one, i) => ({
              ...{ ...common, text: area(one), x: textLeft, y: legend(lines, i), yanchor: "middle" },
              font: { size: smallFontSize, color: inkOf(styleOf(one.model).color) },
            })),
            {
              ...{ ...common, text: "AUC", x: textLeft, y: legend(lines, -1), yanchor: "middle" },
              font: { size: smallFontSize },
            },
          ];
        }),
        ...names.map(({ model, x, row }) => ({
          ...{ text: model, xref: "paper", x: 0, xanchor: "left", xshift: x + 36, showarrow: false },
          ...{ yref: "paper", y: 1, yanchor: "middle", yshift: heightOf(row) },
          font: { size: fontSize, color: inkOf(styleOf(model).color) },
        })),
      ],
      shapes: names.map(({ model, x, row }) => ({
        ...{ type: "line", xref: "paper", yref: "paper", xsizemode: "pixel", ysizemode: "pixel", xanchor: 0 },
        ...{ yanchor: 1, x0: x, x1: x + 30, y0: heightOf(row), y1: heightOf(row), line: styleOf(model) },
      })),
    },
  });
}

/** Places for names with a sample of their line, in as many rows as they take; pixels from the left. */
function namesAbove(models: readonly string[], width: number): { model: string; x: number; row: number }[] {
  let [x, row] = [0, 0];
  return models.map((model) => {
    const size = textWidth(model, figureStyle.fontSize) + 58;
    if (x > 0 && x + size - 22 > width) [x, row] = [0, row + 1];
    const place = { model, x, row };
    x += size;
    return place;
  });
}
