import { UserError } from "../errors";
import { plotlyText } from "./escape";
import { legendRows } from "./legend";
import { logAxis, logRange } from "./perplexity";
import { axis, bold, colours, type Figure, figure, figureStyle, inkOf, roomFor, seriesStyle } from "./style";
import { linearTicks, significant, tickText } from "./ticks";

/** A number of one model in one group, with its interval. */
export interface ForestRow {
  /** What the group is by, for example "gender × ethnicity": a heading above its groups. */
  of: string;
  group: string;
  persons: number;
  model: string;
  value: number;
  low: number;
  high: number;
}

export interface ForestOptions {
  title?: string;
  /** Title of the axis. */
  measure?: string;
  /** Logarithmic axis, for perplexities. Default false. */
  log?: boolean;
  /** A value to compare all with, drawn as a line. */
  reference?: { label: string; value: number };
}

const LANE = 13;
/** Between the lanes of two groups, pixels. */
const GAP = 11;
/** Width of bold text to that of plain text, at most. */
const BOLD = 1.1;

/** Groups from top to bottom under headings, each model's number with its 95 % interval. */
export function forestPlot(rows: readonly ForestRow[], options: ForestOptions = {}): Figure {
  const { fontSize, smallFontSize, width } = figureStyle;
  const { title = "By group", measure = "Value", log = false, reference } = options;
  if (rows.length === 0) {
    throw new UserError("there is no group to draw", "Lower the fewest persons of a group.");
  }
  const models = [...new Set(rows.map(({ model }) => model))];
  const headings = [...new Set(rows.map(({ of }) => of))];
  // Lines from the top, in pixels: a heading, then its groups.
  let height = 0;
  const heads: { text: string; at: number }[] = [];
  const groups = new Map<string, { label: string; top: number; lanes: string[] }>();
  for (const of of headings) {
    heads.push({ text: of, at: height + 13 });
    height += 24;
    // A lane for each model that any group of the heading has.
    const lanes = models.filter((model) => rows.some((one) => one.of === of && one.model === model));
    for (const row of rows.filter((one) => one.of === of)) {
      const key = keyOf(row);
      if (groups.has(key)) continue;
      groups.set(key, { label: `${row.group} (${row.persons})`, top: height, lanes });
      height += sizeOf(lanes);
    }
    height += 6;
  }
  const place = (row: ForestRow) => {
    const { top, lanes } = groups.get(keyOf(row))!;
    return top + GAP / 2 + LANE * (lanes.indexOf(row.model) + 0.5);
  };
  const labels = [...groups.values()].map(({ label }) => label);
  const left = Math.max(roomFor(labels, smallFontSize), roomFor(headings, BOLD * smallFontSize), 120);
  const right = 24;
  const ends = [...rows.flatMap(({ low, high }) => [low, high]), ...(reference ? [reference.value] : [])];
  const known = ends.filter(Number.isFinite);
  const names = legendRows(models, width - left - right);
  return figure({
    title,
    description: `${measure}, with 95 % interval, by group (persons). ${[...groups]
      .map(([key, { label }]) => {
        const own = rows.filter((row) => keyOf(row) === key);
        const read = ({ model, value, low, high }: ForestRow) =>
          `${model} ${significant(value)} [${significant(low)}, ${significant(high)}]`;
        return `${label}: ${own.map(read).join("; ")}.`;
      })
      .join(" ")}`,
    plotHeight: height,
    margin: { left, right, top: 24 * names + 4 + (reference === undefined ? 0 : 20), bottom: 58 },
    data: models.map((model, i) => {
      const own = rows.filter((row) => row.model === model);
      const { colour, symbol } = seriesStyle(i);
      return {
        ...{ type: "scatter", mode: "markers", name: model },
        x: own.map(({ value }) => value),
        y: own.map(place),
        error_x: {
          ...{ type: "data", symmetric: false, thickness: 1.5, width: 0, color: colour },
          array: own.map(({ value, high }) => high - value),
          arrayminus: own.map(({ value, low }) => value - low),
        },
        marker: { size: 7, color: colour, symbol },
        customdata: own.map(({ group, low, high }) => `${group} [${significant(low)}, ${significant(high)}]`),
        hovertemplate: `${plotlyText(model)}: %{x:.3~g}, %{customdata}<extra></extra>`,
      };
    }),
    layout: {
      showlegend: true,
      legend: {
        ...{ orientation: "h", x: 0, xanchor: "left", y: 1, yanchor: "bottom", traceorder: "normal" },
        ...{ font: { size: fontSize }, itemsizing: "constant" },
        ...(reference === undefined ? {} : { y: 1 + 20 / height }),
      },
      xaxis: axis(measure, log ? logAxis(logRange(known)) : linearAxis(known)),
      yaxis: axis("", {
        ...{ range: [height, 0], showgrid: false, ticks: "", showline: false },
        ...{
          tickmode: "array",
          tickvals: [...groups.values()].map(({ top, lanes }) => top + sizeOf(lanes) / 2),
          ticktext: labels,
        },
        ...{ tickfont: { size: smallFontSize }, ticklabelstandoff: 6 },
      }),
      shapes: [
        ...heads.slice(1).map(({ at }) => rule(at - 15)),
        ...(reference === undefined ? [] : [referenceLine(reference.value)]),
      ],
      annotations: [
        ...heads.map(({ text, at }) => ({
          ...{ text: bold(text), xref: "paper", x: 0, xanchor: "right", xshift: -10, showarrow: false },
          ...{ yref: "y", y: at, yanchor: "middle", font: { size: smallFontSize } },
        })),
        ...(reference === undefined ? [] : [referenceLabel(reference, known, log)]),
      ],
    },
  });
}

/** Height of a group, pixels. */
const sizeOf = (lanes: readonly string[]) => lanes.length * LANE + GAP;

const keyOf = ({ of, group }: ForestRow) => `${of}: ${group}`;

function rule(y: number): object {
  const line = { color: figureStyle.gridColour, width: 1 };
  return { type: "line", xref: "paper", x0: 0, x1: 1, yref: "y", y0: y, y1: y, line };
}

function linearAxis(values: readonly number[]): Record<string, unknown> {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const air = (high - low) * 0.04 || 0.1;
  const ticks = linearTicks(low - air, high + air, 7);
  return { range: [low - air, high + air], tickmode: "array", tickvals: ticks, ticktext: tickText(ticks) };
}

function referenceLine(x: number): object {
  const line = { color: inkOf(colours.grey), width: 1.5, dash: "dash" };
  return { type: "line", xref: "x", x0: x, x1: x, yref: "paper", y0: 0, y1: 1, line, layer: "above" };
}

function referenceLabel(
  { label, value }: { label: string; value: number },
  values: readonly number[],
  log: boolean,
): object {
  const scale = (x: number) => (log ? Math.log10(x) : x);
  const [low, high] = [Math.min(...values), Math.max(...values)].map(scale);
  const side = (scale(value) - low) / (high - low) > 0.5 ? "right" : "left";
  return {
    ...{ text: label, xref: "x", x: scale(value), xanchor: side, yref: "paper", y: 1, yanchor: "bottom" },
    ...{ showarrow: false, font: { size: figureStyle.smallFontSize, color: inkOf(colours.grey) } },
  };
}
