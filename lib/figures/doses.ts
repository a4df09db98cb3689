import { wrapText } from "./fonts";
import { errorBars, logAxis, logRange } from "./perplexity";
import { spread } from "./spread";
import { axis, type Figure, figure, figureStyle, inkOf, roomFor, seriesStyle } from "./style";
import { significant } from "./ticks";

/** A model's perplexity under each of several doses: so much data, so large a weight. */
export interface DoseSeries {
  name: string;
  points: readonly { dose: number; perplexity: number; low: number; high: number }[];
}

export interface DoseOptions {
  title: string;
  /** Title of the horizontal axis, with its unit. */
  dose: string;
  /** "log": doses at their logarithms; "even": at equal steps, for weights among which is zero. Default "log". */
  spacing?: "log" | "even";
  /** Perplexity that no model can beat, or that of knowing nothing, drawn as a line. */
  reference?: { label: string; perplexity: number };
}

/** Perplexity against a dose, on a logarithmic axis, with 95 % intervals; each line named at its right end. */
export function perplexityByDose(series: readonly DoseSeries[], options: DoseOptions): Figure {
  const { fontSize, smallFontSize, lineWidth } = figureStyle;
  const { spacing = "log", reference } = options;
  const doses = [...new Set(series.flatMap(({ points }) => points.map(({ dose }) => dose)))].sort(
    (a, b) => a - b,
  );
  const xOf = (dose: number) => (spacing === "log" ? Math.log10(dose) : doses.indexOf(dose));
  const [first, last] = [xOf(doses[0]), xOf(doses[doses.length - 1])];
  const side = (last - first || 1) * 0.05;
  const values = series.flatMap(({ points }) => points.flatMap(({ low, high }) => [low, high]));
  const range = logRange(reference === undefined ? values : [...values, reference.perplexity]);
  const yAxis = logAxis(range);
  const plotHeight = 320;
  const names = [
    ...series.map(({ name }) => wrapText(name, 170, smallFontSize)),
    ...(reference === undefined ? [] : [wrapText(reference.label, 170, smallFontSize)]),
  ];
  const ends = [
    ...series.map(({ points }) => Math.log10(points[points.length - 1].perplexity)),
    ...(reference === undefined ? [] : [Math.log10(reference.perplexity)]),
  ];
  const [low, high] = range.map(Math.log10);
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
        const told = points.map((p) => `${p.dose}: ${significant(p.perplexity)}`).join(", ");
        return `${name}, perplexity by ${options.dose}: ${told}`;
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
      y: points.map(({ perplexity }) => perplexity),
      error_y: { ...errorBars(points), color: style[i].colour, thickness: 1.25, width: 4 },
      line: { color: style[i].colour, dash: style[i].dash, width: lineWidth },
      marker: { size: 8, color: style[i].colour, symbol: style[i].symbol },
      customdata: points.map(({ dose }) => dose),
      hovertemplate: `${name}, %{customdata}: %{y:.4g}<extra></extra>`,
    })),
    layout: {
      xaxis: axis(options.dose, {
        ...{ range: [first - side, last + side], tickmode: "array", showgrid: false },
        ...{ tickvals: doses.map(xOf), ticktext: doses.map((dose) => dose.toLocaleString("en-US")) },
      }),
      yaxis: axis("Perplexity per person-year (log scale)", {
        ...yAxis,
        showline: false,
        title: { text: "Perplexity per person-year (log scale)", font: { size: fontSize }, standoff: 8 },
      }),
      annotations: names.map((rows, i) => ({
        ...{ text: rows.join("<br>"), align: "left", showarrow: false },
        ...{ xref: "paper", x: 1, xanchor: "left", xshift: 26, yref: "y", y: places[i] },
        font: { size: smallFontSize, color: inkOf(style[i].colour) },
      })),
      shapes: [
        ...(reference === undefined
          ? []
          : [
              {
                ...{ type: "line", xref: "paper", x0: 0, x1: 1, yref: "y" },
                ...{ y0: reference.perplexity, y1: reference.perplexity },
                line: { color: figureStyle.ink, width: 1.25, dash: "dash" },
              },
            ]),
      ],
    },
  });
}
