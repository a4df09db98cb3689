import { plotlyText } from "./escape";
import { wrapText } from "./fonts";
import { spread } from "./spread";
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
import { linearTicks, significant, tickText } from "./ticks";

export interface Line {
  name: string;
  y: readonly number[];
  colour?: string;
  dash?: string;
}

export interface LineFigure {
  title: string;
  description: string;
  x: readonly number[];
  lines: readonly Line[];
  xTitle: string;
  yTitle: string;
  yRange: [number, number];
  markers?: boolean;
  percent?: boolean;
  xRange?: [number, number];
  /** Traces on top of the lines. */
  marks?: Record<string, unknown>[];
  /** Places on the x axis with a name, each a dotted line behind the lines. */
  named?: readonly { x: number; label: string }[];
}

/** Lines over a common x, each with its name at its right end in its colour; no legend to look up. */
export function lineFigure(spec: LineFigure): Figure {
  const { fontSize, smallFontSize, lineWidth } = figureStyle;
  const { x, lines, yRange, named = [] } = spec;
  const plotHeight = 320;
  const names = lines.map(({ name }) => wrapText(name, 170, smallFontSize));
  const unit = (yRange[1] - yRange[0]) / plotHeight;
  const ends = lines.map(({ y }) => y.findLast((value) => Number.isFinite(value)) ?? yRange[0]);
  const heights = names.map((rows) => (rows.length * smallFontSize * 1.3 + 5) * unit);
  const places = spread(ends, heights, yRange[0], yRange[1]);
  const yTicks = linearTicks(yRange[0], yRange[1], 6);
  const yText = tickText(yTicks).map((text) => (spec.percent ? `${text} %` : text));
  const xRange = spec.xRange ?? [x[0], x[x.length - 1]];
  const xTicks = linearTicks(xRange[0], xRange[1], 10).filter(Number.isInteger);
  const style = lines.map((line, i) => ({ ...seriesStyle(i), ...line }));
  return figure({
    title: spec.title,
    description: spec.description,
    plotHeight,
    margin: {
      left: roomFor(yText, smallFontSize) + 34,
      right: roomFor(names.flat(), smallFontSize, 40),
      bottom: 58,
    },
    data: [
      ...lines.map(({ name, y }, i) => ({
        type: "scatter",
        mode: spec.markers ? "lines+markers" : "lines",
        name,
        x,
        y,
        line: { color: style[i].colour, dash: style[i].dash, width: lineWidth },
        marker: { size: 7, color: style[i].colour, symbol: style[i].symbol },
        hovertemplate: `${plotlyText(name)}: %{y:.3~g}${spec.percent ? " %" : ""} (%{x})<extra></extra>`,
      })),
      ...(spec.marks ?? []),
    ],
    layout: {
      xaxis: axis(spec.xTitle, { range: xRange, tickmode: "array", tickvals: xTicks, showgrid: false }),
      yaxis: axis(spec.yTitle, {
        ...{ range: yRange, tickmode: "array", tickvals: yTicks, ticktext: yText, showline: false },
        title: { text: spec.yTitle, font: { size: fontSize }, standoff: 8 },
      }),
      annotations: [
        ...names.map((rows, i) => ({
          ...{ text: rows.join(LINE_END), align: "left", showarrow: false },
          ...{ xref: "paper", x: 1, xanchor: "left", xshift: 26, yref: "y", y: places[i] },
          font: { size: smallFontSize, color: inkOf(style[i].colour) },
        })),
        ...named.map(({ x: at, label }) => ({
          ...{ text: plotlyText(label), showarrow: false, xref: "x", x: at, yref: "paper", y: 1 },
          ...{ xanchor: "left", yanchor: "top", xshift: 4, font: { size: smallFontSize } },
        })),
      ],
      // A thin leader from each line's end to its name, which may have had to make room for others.
      shapes: [
        ...ends.map((end, i) => ({
          ...{ type: "path", xref: "paper", yref: "y", xsizemode: "pixel", xanchor: 1, ysizemode: "scaled" },
          path: `M4,${end} L24,${places[i]}`,
          line: { color: style[i].colour, width: 1 },
          opacity: 0.6,
        })),
        ...named.map(({ x: at }) => ({
          ...{ type: "line", layer: "below", xref: "x", x0: at, x1: at, yref: "paper", y0: 0, y1: 1 },
          line: { color: colours.grey, width: 1.5, dash: "dot" },
        })),
      ],
    },
  });
}

/**
 * Shares of person-years over the years.
 * @param series shares in [0, 1], one for each year; NaN where a year has none
 */
export function sharesOverTime(
  years: readonly number[],
  series: readonly { name: string; shares: readonly number[] }[],
  options: { title?: string; measure?: string } = {},
): Figure {
  const highest = Math.max(...series.flatMap(({ shares }) => shares.filter(Number.isFinite)));
  const percent = (share: number) => `${significant(share * 100, 2)} %`;
  return lineFigure({
    title: options.title ?? "Occupations over time",
    description: `Shares from ${years[0]} to ${years[years.length - 1]}: ${series
      .map(({ name, shares }) => `${name} ${percent(shares[0])} to ${percent(shares[shares.length - 1])}`)
      .join("; ")}.`,
    x: years,
    lines: series.map(({ name, shares }) => ({ name, y: shares.map((share) => share * 100) })),
    xTitle: "Year",
    yTitle: options.measure ?? "Share of person-years",
    yRange: [0, highest * 108],
    percent: true,
  });
}

export interface LearningCurve {
  /** Epochs done at each point; 0 is before training. */
  epochs: readonly number[];
  train: readonly number[];
  validation: readonly number[];
  /** The epoch whose weights are kept. */
  best?: number;
}

export interface LearningCurveOptions {
  title?: string;
  /** Of the loss. Default "nats per token". */
  unit?: string;
  /** What the two lines are called, where they are of different losses. */
  names?: { train: string; validation: string };
}

/** Loss by epoch on training and validation persons. */
export function learningCurve(curve: LearningCurve, options: LearningCurveOptions = {}): Figure {
  const { names = { train: "Training", validation: "Validation" } } = options;
  const { epochs, train, validation, best } = curve;
  const values = [...train, ...validation].filter(Number.isFinite);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const air = Math.max((high - low) * 0.08, high * 0.005);
  const kept = best === undefined ? undefined : validation[epochs.indexOf(best)];
  const [first, last] = [epochs[0], epochs[epochs.length - 1]];
  const side = (last - first || 1) * 0.02;
  const mark = {
    type: "scatter",
    mode: "markers+text",
    ...{ x: [best], y: [kept], text: [`kept: ${significant(kept ?? 0)}`], textposition: "top center" },
    textfont: { size: figureStyle.smallFontSize, color: inkOf(colours.vermillion) },
    marker: { symbol: "circle-open", size: 15, color: colours.vermillion, line: { width: 2 } },
    ...{ cliponaxis: false, hoverinfo: "skip" },
  };
  return lineFigure({
    title: options.title ?? "Learning curve",
    description:
      `Loss by epoch: training from ${significant(train[0], 4)} to ${significant(train[train.length - 1], 4)}, ` +
      `validation from ${significant(validation[0], 4)} to ${significant(validation[validation.length - 1], 4)}.`,
    x: epochs,
    lines: [
      { name: names.train, y: train, colour: colours.blue },
      { name: names.validation, y: validation, colour: colours.vermillion, dash: "dash" },
    ],
    xTitle: "Epoch",
    yTitle: `Loss (${options.unit ?? "nats per token"})`,
    yRange: [low - air, high + air],
    xRange: [first - side, last + side],
    markers: true,
    marks: kept === undefined ? [] : [mark],
  });
}
