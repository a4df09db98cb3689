import { plotlyText } from "./escape";
import { wrapText } from "./fonts";
import { errorBars, logAxis, logRange } from "./perplexity";
import { spread } from "./spread";
import { axis, type Figure, figure, figureStyle, inkOf, LINE_END, roomFor, seriesStyle } from "./style";
import { linearTicks, significant, tickText } from "./ticks";

/** A model's perplexity under each of several doses: so much data, so large a weight. */
export interface DoseSeries {
  name: string;
  points: readonly { dose: number; perplexity: number; low: number; high: number }[];
}

/** Any measure under each of several doses. */
export interface ResponseSeries {
  name: string;
  points: readonly { dose: number; value: number; low: number; high: number }[];
}

export interface DoseOptions {
  title: string;
  /** Title of the horizontal axis, with its unit. */
  dose: string;
  /** "log": doses at their logarithms; "even": at equal steps, for weights among which is zero. Default "log". */
  spacing?: "log" | "even";
  /** How a dose is written on the axis; default as a number. */
  tick?: (dose: number) => string;
  /** Perplexity that no model can beat, or that of knowing nothing, drawn as a line. */
  reference?: { label: string; perplexity: number };
}

export interface ResponseOptions extends Omit<DoseOptions, "reference"> {
  /** Title of the vertical axis, with its unit. */
  measure: string;
  /** Of the vertical axis. */
  scale: "log" | "linear";
  reference?: { label: string; value: number };
}

/** Perplexity against a dose, on a logarithmic axis, with 95 % intervals; each line named at its right end. */
export function perplexityByDose(series: readonly DoseSeries[], options: DoseOptions): Figure {
  const { reference, ...rest } = options;
  const measured = series.map(({ name, points }) => ({
    name,
    points: points.map(({ perplexity, ...point }) => ({ ...point, value: perplexity })),
  }));
  return responseByDose(measured, {
    ...rest,
    ...{ measure: "Perplexity per person-year (log scale)", scale: "log" },
    ...(reference === undefined
      ? {}
      : { reference: { label: reference.label, value: reference.perplexity } }),
  });
}

/** A measure against a dose with 95 % intervals; each line goes from dose to dose and is named at its right end. */
export function responseByDose(given: readonly ResponseSeries[], options: ResponseOptions): Figure {
  const series = given.map(({ name, points }) => ({
    name,
    points: [...points].sort((a, b) => a.dose - b.dose),
  }));
  const { fontSize, smallFontSize, lineWidth } = figureStyle;
  const {
    spacing = "log",
    scale,
    measure,
    tick = (dose: number) => dose.toLocaleString("en-US"),
    reference,
  } = options;
  const doses = [...new Set(series.flatMap(({ points }) => points.map(({ dose }) => dose)))].sort(
    (a, b) => a - b,
  );
  const xOf = (dose: number) => (spacing === "log" ? Math.log10(dose) : doses.indexOf(dose));
  const [first, last] = [xOf(doses[0]), xOf(doses[doses.length - 1])];
  const side = (last - first || 1) * 0.05;
  const values = series.flatMap(({ points }) => points.flatMap(({ low, high }) => [low, high]));
  const within = reference === undefined ? values : [...values, reference.value];
  const range = scale === "log" ? logRange(within) : linearRange(within);
  const yAxis = scale === "log" ? logAxis(range) : linearAxis(range);
  const place = scale === "log" ? Math.log10 : (value: number) => value;
  const plotHeight = 320;
  const names = [
    ...series.map(({ name }) => wrapText(name, 170, smallFontSize)),
    ...(reference === undefined ? [] : [wrapText(reference.label, 170, smallFontSize)]),
  ];
  const ends = [
    ...series.map(({ points }) => place(points[points.length - 1].value)),
    ...(reference === undefined ? [] : [place(reference.value)]),
  ];
  const [low, high] = range.map(place);
  const unit = (high - low) / plotHeight;
  const places = spread(
    ends,
    names.map((rows) => (rows.length * smallFontSize * 1.3 + 5) * unit),
    low,
    high,
  );
  const style = names.map((_, i) =>
    i < series.length ? seriesStyle(i) : { colour: figureStyle.ink, symbol: "circle", dash: "dash" },
  );
  // Points of one dose stand side by side, so that their intervals can be told apart.
  const shift = (i: number) => (i - (series.length - 1) / 2) * (last - first || 1) * 0.012;
  return figure({
    title: options.title,
    description: series
      .map(({ name, points }) => {
        const told = points.map((p) => `${p.dose}: ${significant(p.value)}`).join(", ");
        return `${name}, ${measure} by ${options.dose}: ${told}`;
      })
      .join("; "),
    plotHeight,
    margin: {
      left: roomFor(yAxis.ticktext as string[], smallFontSize) + 34,
      right: roomFor(names.flat(), smallFontSize, 40),
      bottom: 58,
    },
    data: series.map(({ name, points }, i) => ({
      ...{ type: "scatter", mode: "lines+markers", name },
      x: points.map(({ dose }) => xOf(dose) + shift(i)),
      y: points.map(({ value }) => value),
      error_y: {
        ...errorBars(points.map((p) => ({ ...p, perplexity: p.value }))),
        color: style[i].colour,
        thickness: 1.25,
        width: 4,
      },
      line: { color: style[i].colour, dash: style[i].dash, width: lineWidth },
      marker: { size: 8, color: style[i].colour, symbol: style[i].symbol },
      customdata: points.map(({ dose }) => dose),
      hovertemplate: `${plotlyText(name)}, %{customdata}: %{y:.4g}<extra></extra>`,
    })),
    layout: {
      xaxis: axis(options.dose, {
        ...{ range: [first - side, last + side], tickmode: "array", showgrid: false },
        ...{ tickvals: doses.map(xOf), ticktext: doses.map(tick) },
      }),
      yaxis: axis(measure, {
        ...yAxis,
        showline: false,
        title: { text: measure, font: { size: fontSize }, standoff: 8 },
      }),
      annotations: names.map((rows, i) => ({
        ...{ text: rows.join(LINE_END), align: "left", showarrow: false },
        ...{ xref: "paper", x: 1, xanchor: "left", xshift: 26, yref: "y", y: places[i] },
        font: { size: smallFontSize, color: inkOf(style[i].colour) },
      })),
      shapes: [
        ...(reference === undefined
          ? []
          : [
              {
                ...{ type: "line", xref: "paper", x0: 0, x1: 1, yref: "y" },
                ...{ y0: reference.value, y1: reference.value },
                line: { color: figureStyle.ink, width: 1.25, dash: "dash" },
              },
            ]),
      ],
    },
  });
}

function linearRange(values: readonly number[]): [number, number] {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const air = (high - low || 1) * 0.06;
  return [low - air, high + air];
}

function linearAxis([low, high]: [number, number]): Record<string, unknown> {
  const ticks = linearTicks(low, high, 6);
  return { range: [low, high], tickmode: "array", tickvals: ticks, ticktext: tickText(ticks) };
}
