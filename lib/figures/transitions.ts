import { plotlyText } from "./escape";
import { textWidth, wrapText } from "./fonts";
import { legendRows } from "./legend";
import { errorBars, interval, logAxis, logRange, type PerplexityRow } from "./perplexity";
import {
  axis,
  colours,
  type Figure,
  figure,
  figureStyle,
  inkOf,
  LINE_END,
  roomFor,
  seriesStyle,
} from "./style";
import { significant } from "./ticks";

export type Transition = "all" | "first" | "move" | "stay";

export interface TransitionRow extends PerplexityRow {
  transition: Transition;
}

const transitionNames: Record<Transition, string> = {
  all: "All person-years",
  first: "First observation",
  move: "Move to another title",
  stay: "Stay in the title",
};

/** Perplexity of each model over all person-years and by kind of transition, with 95 % intervals and values. */
export function byTransition(rows: readonly TransitionRow[], options: { title?: string } = {}): Figure {
  const { fontSize, smallFontSize, markerSize } = figureStyle;
  const kinds = (Object.keys(transitionNames) as Transition[]).filter((kind) =>
    rows.some(({ transition }) => transition === kind),
  );
  const models = [...new Set(rows.map(({ model }) => model))];
  const lane = 0.8 / models.length;
  const place = ({ transition, model }: TransitionRow) =>
    kinds.indexOf(transition) - 0.4 + lane * (models.indexOf(model) + 0.5);
  const value = ({ perplexity, low, high }: TransitionRow) =>
    `${significant(perplexity)} ${interval(low, high)}`;
  const names = kinds.map((kind) => wrapText(transitionNames[kind], 130, fontSize).join(LINE_END));
  const [left, right] = [roomFor(names), roomFor(rows.map(value), smallFontSize, 24)];
  return figure({
    title: options.title ?? "Perplexity by kind of transition",
    description: `Perplexity with 95 % interval. ${kinds
      .map((kind) => {
        const here = rows.filter(({ transition }) => transition === kind);
        return `${transitionNames[kind]}: ${here.map((row) => `${row.model} ${value(row)}`).join("; ")}.`;
      })
      .join(" ")}`,
    plotHeight: kinds.length * (models.length * 20 + 18),
    margin: { left, right, top: 24 * legendRows(models, figureStyle.width - left - right) + 4, bottom: 58 },
    data: models.map((model, i) => {
      const mine = rows.filter((row) => row.model === model);
      const { colour, symbol } = seriesStyle(i);
      return {
        type: "scatter",
        mode: "markers",
        name: model,
        x: mine.map(({ perplexity }) => perplexity),
        y: mine.map(place),
        error_x: { ...errorBars(mine), color: colour },
        marker: { size: markerSize, color: colour, symbol },
        customdata: mine.map(value),
        hovertemplate: `${plotlyText(model)}: %{customdata}<extra></extra>`,
      };
    }),
    layout: {
      showlegend: true,
      legend: {
        ...{ orientation: "h", x: 0, xanchor: "left", y: 1, yanchor: "bottom", traceorder: "normal" },
        ...{ font: { size: fontSize }, itemsizing: "constant" },
      },
      xaxis: axis(
        "Perplexity per person-year (log scale; lower is better)",
        logAxis(logRange(rows.flatMap(({ low, high }) => [low, high]))),
      ),
      yaxis: axis("", {
        ...{ range: [kinds.length - 0.5, -0.5], showgrid: false, ticks: "", showline: false },
        ...{ tickmode: "array", tickvals: kinds.map((_, k) => k), ticktext: names },
        ...{ tickfont: { size: fontSize }, ticklabelstandoff: 6 },
      }),
      shapes: kinds.slice(1).map((_, k) => ({
        ...{ type: "line", xref: "paper", x0: 0, x1: 1, yref: "y", y0: k + 0.5, y1: k + 0.5 },
        line: { color: figureStyle.gridColour, width: 1 },
      })),
      annotations: rows.map((row) => ({
        ...{ text: value(row), xref: "paper", x: 1, yref: "y", y: place(row), showarrow: false },
        ...{ xanchor: "left", xshift: 12 },
        font: { size: smallFontSize, color: inkOf(seriesStyle(models.indexOf(row.model)).colour) },
      })),
    },
  });
}

export interface MatrixOptions {
  title?: string;
  from?: string;
  to?: string;
}

/**
 * Shares of transitions as a map: a row for each title left, a column for each title entered.
 * @param matrix rows of shares in [0, 1]; NaN where a title was never left
 */
export function transitionMatrix(
  matrix: readonly (readonly number[])[],
  labels: readonly string[],
  options: MatrixOptions = {},
): Figure {
  const { width, fontSize } = figureStyle;
  // Many titles: each row's name on one line with its number, and the columns by number alone.
  const many = labels.length > 16;
  const size = many ? 10 : figureStyle.smallFontSize;
  const rowNames = labels.map((label, i) =>
    many ? `${label}  ${i + 1}` : wrapText(label, 170, size).join(LINE_END),
  );
  const left = roomFor(rowNames, size) + 28;
  const cell = (width - left - 16) / labels.length;
  const cellHeight = Math.max(Math.min(cell, 36), 14);
  // Column labels stand upright over the columns, in as many lines as a column is wide.
  const columnLines = labels.map((label, i) => (many ? [String(i + 1)] : wrapText(label, 130, size)));
  const columnHeight = Math.max(...columnLines.flat().map((line) => textWidth(line, size)));
  const cells = matrix.flatMap((row, i) => row.map((share, j) => ({ share, i, j })));
  const known = cells.filter(({ share }) => Number.isFinite(share));
  const percent = (share: number) => (share > 0 && share < 0.01 ? "<1" : (share * 100).toFixed(0));
  const written = (share: number) => (many ? cell >= 14 && share >= 0.01 : cell >= 26);
  return figure({
    title: options.title ?? "Where people go from each occupation (% of the row)",
    description: `Shares of transitions in per cent of each row. ${labels
      .map((label, i) => `From ${label}: ${percent(matrix[i][i])} stay`)
      .join("; ")}.`,
    plotHeight: labels.length * cellHeight,
    margin: { left, right: 16, top: (many ? 16 : columnHeight) + 42, bottom: 14 },
    data: [
      {
        type: "scatter",
        mode: "markers+text",
        x: known.map(({ j }) => j),
        y: known.map(({ i }) => i),
        text: known.map(({ share }) => (written(share) ? percent(share) : "")),
        textfont: {
          size: many ? 9 : size,
          color: known.map(({ share }) => (share > 0.7 ? "white" : figureStyle.ink)),
        },
        marker: { size: cellHeight, symbol: "square", opacity: 0 },
        customdata: known.map(({ share, i, j }) => [labels[i], labels[j], `${(share * 100).toFixed(1)} %`]),
        hovertemplate: "%{customdata[0]} → %{customdata[1]}: %{customdata[2]}<extra></extra>",
      },
    ],
    layout: {
      xaxis: axis(options.to ?? "To", {
        ...{ side: "top", range: [-0.5, labels.length - 0.5], showgrid: false, showline: false, ticks: "" },
        ...{ tickmode: "array", tickvals: labels.map((_, j) => j), tickangle: many ? 0 : -90 },
        ...{ tickfont: { size }, ticklabelstandoff: 4 },
        ticktext: columnLines.map((lines) => lines.join(LINE_END)),
        title: { text: options.to ?? "To", font: { size: fontSize }, standoff: 8 },
      }),
      yaxis: axis(options.from ?? "From", {
        ...{ range: [labels.length - 0.5, -0.5], showgrid: false, showline: false, ticks: "" },
        ...{ tickmode: "array", tickvals: labels.map((_, i) => i), ticktext: rowNames, ticklabelstandoff: 6 },
        tickfont: { size },
        title: { text: options.from ?? "From", font: { size: fontSize }, standoff: 8 },
      }),
      // Rectangles rather than a heatmap trace: sharp at any size, and drawn without a canvas.
      // Those of a colour are one shape: plotly looks each shape up among all others.
      shapes: [...new Set(cells.map(({ share }) => shade(share)))].map((fillcolor) => ({
        ...{
          type: "path",
          xref: "x",
          yref: "y",
          layer: "below",
          line: { color: "white", width: 1 },
          fillcolor,
        },
        path: cells
          .filter(({ share }) => shade(share) === fillcolor)
          .map(({ i, j }) => `M${j - 0.5},${i - 0.5}H${j + 0.5}V${i + 0.5}H${j - 0.5}Z`)
          .join(""),
      })),
    },
  });
}

/** White to blue; darkens fastest where most shares lie. Hatch-grey where there is none. */
function shade(share: number): string {
  if (!Number.isFinite(share)) return "#EEEEEE";
  const depth = Math.sqrt(Math.min(Math.max(share, 0), 1));
  const full = [1, 3, 5].map((at) => Number.parseInt(colours.blue.slice(at, at + 2), 16));
  return `rgb(${full.map((c) => Math.round(250 + (c - 250) * depth)).join(", ")})`;
}
