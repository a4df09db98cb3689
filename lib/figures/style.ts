import { plotlyText } from "./escape";
import { fontFamily, textWidth, wrapText } from "./fonts";

/** A plotly figure. Its size is part of it, so that it prints as it was laid out. */
export interface Figure {
  data: Record<string, unknown>[];
  layout: FigureLayout;
}

export interface FigureLayout {
  /** Pixels. */
  width: number;
  height: number;
  /** What the figure shows, in words, for those who cannot see it. */
  meta: { description: string };
  [property: string]: unknown;
}

/** Okabe and Ito's colours, told apart by colour-blind readers; without their yellow, too pale for a line. */
export const colours = {
  blue: "#0072B2",
  vermillion: "#D55E00",
  green: "#009E73",
  orange: "#E69F00",
  purple: "#CC79A7",
  sky: "#56B4E9",
  black: "#000000",
  grey: "#7F7F7F",
} as const;

const order = Object.values(colours);
const symbols = ["circle", "square", "diamond", "triangle-up", "x", "triangle-down", "star", "pentagon"];
const dashes = ["solid", "dash", "dot"];

/** Colour, marker and dash of the i-th of several series; no two of the first 24 are alike. */
export function seriesStyle(i: number): { colour: string; symbol: string; dash: string } {
  const round = Math.floor(i / order.length);
  return {
    colour: order[i % order.length],
    symbol: symbols[(i + round) % symbols.length],
    dash: dashes[round % dashes.length],
  };
}

/** Sizes and inks shared by all figures; pixels. */
export const figureStyle = {
  width: 760,
  fontSize: 14,
  smallFontSize: 12,
  ink: "#222222",
  gridColour: "#E4E4E4",
  axisColour: "#888888",
  markerSize: 8,
  lineWidth: 2.25,
} as const;

/** A colour dark enough for letters: the series' own hue, a third closer to black. */
export function inkOf(colour: string): string {
  const parts = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return `rgb(${parts.map((part) => Math.round(part * 0.68)).join(", ")})`;
}

/** An axis in the common style; what is given comes on top. */
export function axis(title: string, own: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    title: { text: title, font: { size: figureStyle.fontSize }, standoff: 12 },
    gridcolor: figureStyle.gridColour,
    linecolor: figureStyle.axisColour,
    tickcolor: figureStyle.axisColour,
    tickfont: { size: figureStyle.smallFontSize },
    ticks: "outside",
    ticklen: 4,
    showline: true,
    zeroline: false,
    automargin: false,
    ...own,
  };
}

export interface FigureParts {
  title: string;
  /** For those who cannot see the figure: what is on it, with the numbers that matter. */
  description: string;
  data: Record<string, unknown>[];
  /** Pixels of the plot itself and of the room around it for labels; the title's is added. */
  plotHeight: number;
  margin: { left: number; right: number; top?: number; bottom: number };
  layout: Record<string, unknown>;
}

/** Between the lines of a label, and around its bold letters: Unicode's noncharacters, for which plotly has tags. */
export const LINE_END = "\ufdd0";
const [BOLD, PLAIN] = ["\ufdd1", "\ufdd2"];

export function bold(text: string): string {
  return `${BOLD}${text}${PLAIN}`;
}

/** A label of plotly: a user's text as it is, with our marks as tags. */
export function label(text: string): string {
  const tags: Record<string, string> = { [LINE_END]: "<br>", [BOLD]: "<b>", [PLAIN]: "</b>" };
  return text
    .split(/([\ufdd0-\ufdd2])/)
    .map((part) => tags[part] ?? plotlyText(part))
    .join("");
}

/** A part of a figure with each text in it as plotly's label, but for templates, which are plotly's own language. */
function asPlotlyText<T>(part: T, key = ""): T {
  if (typeof part === "string") return (key === "hovertemplate" ? part : label(part)) as T;
  if (Array.isArray(part)) return part.map((one) => asPlotlyText(one, key)) as T;
  if (typeof part !== "object" || part === null || ArrayBuffer.isView(part)) return part;
  return Object.fromEntries(
    Object.entries(part).map(([name, value]) => [name, asPlotlyText(value, name)]),
  ) as T;
}

/** A figure in the common style: white, a bold title flush left, margins that are counted and not guessed. */
export function figure({ title, description, data, plotHeight, margin, layout }: FigureParts): Figure {
  const { width, fontSize, ink } = figureStyle;
  const lines = wrapText(title, (width - 24) / 1.08, fontSize + 2);
  const titleHeight = lines.length * 22 + 16;
  const top = titleHeight + (margin.top ?? 0);
  // Plotly's own title cannot be set flush left at a counted height once it has two lines.
  const heading = {
    text: lines.map(bold).join(LINE_END),
    ...{ xref: "paper", x: 0, xanchor: "left", xshift: 12 - Math.ceil(margin.left), align: "left" },
    ...{ yref: "paper", y: 1, yanchor: "bottom", yshift: 8 + (margin.top ?? 0), showarrow: false },
    font: { size: fontSize + 2 },
  };
  return {
    data: data.map((trace) => asPlotlyText(trace)),
    layout: {
      width,
      height: Math.ceil(top + plotHeight + margin.bottom),
      margin: { l: Math.ceil(margin.left), r: Math.ceil(margin.right), t: top, b: margin.bottom, pad: 0 },
      font: { family: fontFamily, size: fontSize, color: ink },
      paper_bgcolor: "white",
      plot_bgcolor: "white",
      colorway: order,
      hoverlabel: { font: { family: fontFamily } },
      showlegend: false,
      ...asPlotlyText(layout),
      annotations: asPlotlyText([heading, ...((layout.annotations as object[] | undefined) ?? [])]),
      meta: { description },
    },
  };
}

/** Room for the widest of some labels, with a gap to the axis. */
export function roomFor(labels: readonly string[], size: number = figureStyle.fontSize, gap = 14): number {
  const lines = labels.flatMap((label) => label.split(LINE_END));
  return Math.max(0, ...lines.map((line) => textWidth(line, size))) + gap;
}
