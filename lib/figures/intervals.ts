import { lineFigure } from "./lines";
import { type Figure, seriesStyle } from "./style";
import { significant } from "./ticks";

/** A number at each x, with its interval. */
export interface IntervalSeries {
  name: string;
  y: readonly number[];
  /** Ends of the 95 % intervals; absent where there are none. */
  low?: readonly number[];
  high?: readonly number[];
  /** Default: by the series' place. */
  colour?: string;
  dash?: string;
}

export interface IntervalOptions {
  title: string;
  xTitle: string;
  yTitle: string;
  /** Default: as the numbers and intervals need. */
  yRange?: [number, number];
  /** Places on the x axis with a name, each a dotted line behind the series. */
  named?: readonly { x: number; label: string }[];
}

/** Several numbers over a common x of few whole steps, with 95 % intervals; names at the right ends. */
export function linesWithIntervals(
  x: readonly number[],
  series: readonly IntervalSeries[],
  options: IntervalOptions,
): Figure {
  const ends = series
    .flatMap(({ y, low, high }) => [...y, ...(low ?? []), ...(high ?? [])])
    .filter(Number.isFinite);
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  const air = (most - least || 1) * 0.06;
  const [first, last] = [x[0], x[x.length - 1]];
  const side = (last - first || 1) * 0.04;
  const { named = [] } = options;
  return lineFigure({
    title: options.title,
    description: `${options.yTitle} by ${options.xTitle.toLowerCase()}, ${first} to ${last}: ${series
      .map(({ name, y }) => `${name} ${y.map((value) => significant(value)).join(", ")}`)
      .join("; ")}.${named.map(({ x: at, label }) => ` Marked: ${at}, ${label}.`).join("")}`,
    x,
    lines: series.map(({ name, y, colour, dash }) => ({
      name,
      y,
      ...(colour && { colour }),
      ...(dash && { dash }),
    })),
    xTitle: options.xTitle,
    yTitle: options.yTitle,
    yRange: options.yRange ?? [least - air, most + air],
    xRange: [first - side, last + side],
    markers: true,
    named,
    marks: series.flatMap(({ y, low, high, colour }, i) =>
      low === undefined || high === undefined
        ? []
        : [
            {
              type: "scatter",
              mode: "markers",
              // Side by side, so that no interval hides another.
              x: x.map((at) => at + ((i - (series.length - 1) / 2) * side) / Math.max(3, series.length)),
              y,
              marker: { size: 1, color: colour ?? seriesStyle(i).colour },
              error_y: {
                ...{ type: "data", symmetric: false, thickness: 1.5, width: 4 },
                array: high.map((end, k) => end - y[k]),
                arrayminus: low.map((end, k) => y[k] - end),
                color: colour ?? seriesStyle(i).colour,
              },
              hoverinfo: "skip",
            },
          ],
    ),
  });
}
