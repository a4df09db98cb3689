import { wrapText } from "./fonts";
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
import { logTicks, powerText, significant, tickText } from "./ticks";

export interface PerplexityRow {
  model: string;
  perplexity: number;
  /** Ends of the 95 % interval. */
  low: number;
  high: number;
}

export interface PerplexityOptions {
  title?: string;
  /** Title of the axis, for example "Perplexity per person-year, normalised over titles". */
  measure?: string;
  /** A perplexity to compare all with, drawn as a line: the uniform guess, or the oracle. */
  reference?: { label: string; perplexity: number };
}

/** Models from top to bottom, perplexity on a logarithmic axis, with 95 % intervals and the values beside them. */
export function perplexityComparison(
  rows: readonly PerplexityRow[],
  options: PerplexityOptions = {},
): Figure {
  const { fontSize, smallFontSize, markerSize } = figureStyle;
  const names = rows.map(({ model }) => wrapText(model, 200, fontSize).join(LINE_END));
  const values = rows.map(({ perplexity, low, high }) => `${significant(perplexity)} ${interval(low, high)}`);
  const [left, right] = [roomFor(names), roomFor(values, smallFontSize, 32)];
  const range = logRange([...rows.flatMap(({ low, high }) => [low, high]), ...referenceValues(options)]);
  const rowHeight = Math.max(44, ...names.map((name) => name.split(LINE_END).length * 20 + 14));
  return figure({
    title: options.title ?? "Perplexity by model",
    description: `Perplexity with 95 % interval: ${rows.map(({ model }, i) => `${model} ${values[i]}`).join("; ")}.`,
    plotHeight: rows.length * rowHeight,
    margin: { left, right, top: options.reference === undefined ? 0 : 20, bottom: 58 },
    data: [
      {
        type: "scatter",
        mode: "markers",
        x: rows.map(({ perplexity }) => perplexity),
        y: names,
        error_x: errorBars(rows),
        marker: { size: markerSize, color: rows.map((_, i) => seriesStyle(i).colour) },
        customdata: values,
        hovertemplate: "%{y}: %{customdata}<extra></extra>",
      },
    ],
    layout: {
      xaxis: axis(
        options.measure ?? "Perplexity per person-year (log scale; lower is better)",
        logAxis(range),
      ),
      yaxis: axis("", {
        ...{ type: "category", range: [rows.length - 0.5, -0.5], showgrid: false },
        ...{ ticks: "", showline: false, tickfont: { size: fontSize }, ticklabelstandoff: 6 },
      }),
      shapes: referenceLine(options),
      annotations: [
        ...values.map((text, i) => ({
          ...{ text, xref: "paper", x: 1, yref: "y", y: names[i], showarrow: false },
          ...{ xanchor: "left", xshift: 12, font: { size: smallFontSize } },
        })),
        ...referenceLabel(options, range),
      ],
    },
  });
}

export function interval(low: number, high: number): string {
  return `[${significant(low)}, ${significant(high)}]`;
}

/** Error bars from an estimate to the ends of its interval. */
export function errorBars(rows: readonly { perplexity: number; low: number; high: number }[]): object {
  return {
    type: "data",
    symmetric: false,
    array: rows.map(({ perplexity, high }) => high - perplexity),
    arrayminus: rows.map(({ perplexity, low }) => perplexity - low),
    thickness: 1.75,
    width: 5,
    color: figureStyle.ink,
  };
}

/** Ends of an axis that holds all values with some air. */
export function logRange(values: readonly number[]): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const air = Math.max(1.04, (high / low) ** 0.06);
  return [low / air, high * air];
}

export function logAxis([low, high]: [number, number]): Record<string, unknown> {
  const ticks = logTicks(low, high);
  return {
    type: "log",
    range: [Math.log10(low), Math.log10(high)],
    tickmode: "array",
    tickvals: ticks,
    ticktext: high / low < 8 ? tickText(ticks) : ticks.map(powerText),
  };
}

function referenceValues({ reference }: PerplexityOptions): number[] {
  return reference === undefined ? [] : [reference.perplexity];
}

function referenceLine({ reference }: PerplexityOptions): object[] {
  if (reference === undefined) return [];
  const x = reference.perplexity;
  const line = { color: inkOf(colours.grey), width: 1.5, dash: "dash" };
  return [{ type: "line", xref: "x", x0: x, x1: x, yref: "paper", y0: 0, y1: 1, line, layer: "above" }];
}

/** The label of the reference line, above the plot, towards its middle. */
function referenceLabel({ reference }: PerplexityOptions, [low, high]: [number, number]): object[] {
  if (reference === undefined) return [];
  const place = Math.log(reference.perplexity / low) / Math.log(high / low);
  return [
    {
      text: `${reference.label}: ${significant(reference.perplexity)}`,
      ...{ xref: "x", x: Math.log10(reference.perplexity), yref: "paper", y: 1, showarrow: false },
      ...{ xanchor: place > 0.5 ? "right" : "left", yanchor: "bottom" },
      font: { size: figureStyle.smallFontSize, color: inkOf(colours.grey) },
    },
  ];
}
