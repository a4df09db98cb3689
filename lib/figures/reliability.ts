import { plotlyText } from "./escape";
import { wrapText } from "./fonts";
import { panelGrid, panelHeading, panelNote } from "./panels";
import { colours, type Figure, figure, figureStyle, LINE_END, seriesStyle } from "./style";
import { linearTicks, significant, tickText } from "./ticks";

/** Person-years of like probability: what was said and what happened, with the interval of the share. */
export interface ReliabilityPoint {
  probability: number;
  frequency: number;
  frequencyLow: number;
  frequencyHigh: number;
  personYears: number;
}

export interface ReliabilityPanel {
  /** The model. */
  title: string;
  /** Said below the heading, for example the calibration error. */
  note?: string;
  points: readonly ReliabilityPoint[];
}

/** Probability against frequency, one panel a model: true probabilities lie on the diagonal, within their intervals. */
export function reliabilityPanels(
  panels: readonly ReliabilityPanel[],
  options: { title?: string; event?: string } = {},
): Figure {
  const { fontSize, smallFontSize, markerSize, width } = figureStyle;
  const columns = panels.length === 4 ? 2 : Math.min(3, panels.length);
  const [left, right, gap] = [66, 22, 26];
  const side = (width - left - right - gap * (columns - 1)) / columns;
  const headings = panels.map(({ title }) => wrapText(title, side, fontSize));
  const notes = panels.map(({ note }) => (note === undefined ? [] : wrapText(note, side, smallFontSize)));
  const noteLines = Math.max(...notes.map((lines) => lines.length));
  const heading = Math.max(...headings.map((lines) => lines.length)) * 20 + noteLines * 18 + 4;
  const height = Math.min(side, 240);
  const grid = panelGrid({ count: panels.length, columns, height, heading, gap: gap + 6, left, right });
  const all = panels.flatMap(({ points }) => points);
  const top = Math.min(
    1,
    1.06 * Math.max(...all.map((point) => Math.max(point.frequencyHigh, point.probability))),
  );
  const range = [-0.03 * top, top];
  const ticks = linearTicks(0, top, 6);
  const event = options.event ?? "the event";
  const parts = {
    range,
    tickmode: "array",
    tickvals: ticks,
    ticktext: tickText(ticks.map((tick) => tick * 100)).map((text) => `${text} %`),
  };
  return figure({
    title: options.title ?? "Reliability",
    description: `Probability and frequency of ${event} in bins of equal mass. ${panels
      .map(({ title, note, points }) => {
        const read = points.map(
          (point) => `${percent(point.probability)} said, ${percent(point.frequency)} happened`,
        );
        return `${title}${note === undefined ? "" : ` (${note})`}: ${read.join("; ")}.`;
      })
      .join(" ")}`,
    plotHeight: grid.plotHeight,
    margin: { left, right, top: heading, bottom: 58 },
    data: panels.flatMap(({ title, points }, p) => {
      const { colour, symbol } = seriesStyle(p);
      const axes = { xaxis: grid.panels[p].x, yaxis: grid.panels[p].y };
      return [
        {
          ...{ type: "scatter", mode: "lines", x: [0, top], y: [0, top], ...axes },
          ...{ line: { color: colours.grey, width: 1, dash: "dot" }, hoverinfo: "skip" },
        },
        {
          ...{ type: "scatter", mode: "lines+markers", name: title, ...axes },
          x: points.map(({ probability }) => probability),
          y: points.map(({ frequency }) => frequency),
          error_y: {
            ...{ type: "data", symmetric: false, thickness: 1.5, width: 3, color: colour },
            array: points.map(({ frequency, frequencyHigh }) => frequencyHigh - frequency),
            arrayminus: points.map(({ frequency, frequencyLow }) => frequency - frequencyLow),
          },
          marker: { size: markerSize - 1, color: colour, symbol },
          line: { color: colour, width: 1 },
          customdata: points.map(({ personYears }) => personYears),
          hovertemplate: `${plotlyText(title)}: %{x:.1%} said, %{y:.1%} of %{customdata} person-years<extra></extra>`,
        },
      ];
    }),
    layout: {
      ...grid.axes(
        { title: `Probability of ${event}`, own: parts },
        {
          title: "Frequency",
          own: { ...parts },
        },
      ),
      annotations: panels.flatMap((_, p) => [
        panelHeading(grid.panels[p], headings[p].join(LINE_END), 18 * noteLines),
        ...(notes[p].length === 0 ? [] : [panelNote(grid.panels[p], notes[p].join(LINE_END))]),
      ]),
    },
  });
}

function percent(share: number): string {
  return share === 0 ? "0 %" : `${significant(share * 100, 2)} %`;
}
