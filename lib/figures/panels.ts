import { axis, bold, figureStyle } from "./style";

export interface PanelOptions {
  count: number;
  columns: number;
  /** Pixels: a panel's height, the room above it for its heading, between panels, and left and right of them all. */
  height: number;
  heading: number;
  gap: number;
  left: number;
  right: number;
}

/** A panel of several in one figure. */
export interface Panel {
  /** Names of its axes for traces and annotations: "x", "x2" … */
  x: string;
  y: string;
  /** Paper coordinates of its left and upper edge. */
  left: number;
  top: number;
}

export interface Panels {
  panels: Panel[];
  plotHeight: number;
  /** Pixels of a panel's width. */
  width: number;
  /** Axes for the layout: of all panels, with titles and labels at the outer ones. */
  axes(x: AxisParts, y: AxisParts): Record<string, unknown>;
}

export interface AxisParts {
  title: string;
  own: Record<string, unknown>;
}

/** Small multiples: panels of one size, row by row, counted in pixels. */
export function panelGrid({ count, columns, height, heading, gap, left, right }: PanelOptions): Panels {
  const across = Math.min(columns, count);
  const down = Math.ceil(count / across);
  const plotWidth = figureStyle.width - left - right;
  const width = (plotWidth - gap * (across - 1)) / across;
  const plotHeight = down * height + (down - 1) * (heading + gap);
  const place = (i: number) => {
    const [column, row] = [i % across, Math.floor(i / across)];
    const x = (column * (width + gap)) / plotWidth;
    const top = 1 - (row * (height + heading + gap)) / plotHeight;
    return { column, x: [x, x + width / plotWidth], y: [Math.max(0, top - height / plotHeight), top] };
  };
  const suffix = (i: number) => (i === 0 ? "" : String(i + 1));
  const panels = Array.from({ length: count }, (_, i) => ({
    ...{ x: `x${suffix(i)}`, y: `y${suffix(i)}`, left: place(i).x[0], top: place(i).y[1] },
  }));
  const axes = (x: AxisParts, y: AxisParts) =>
    Object.fromEntries(
      panels.flatMap((panel, i) => {
        const { column, ...domain } = place(i);
        const [lowest, first] = [i + across >= count, column === 0];
        return [
          [
            `xaxis${suffix(i)}`,
            axis(lowest ? x.title : "", {
              ...x.own,
              domain: domain.x,
              anchor: panel.y,
              showticklabels: lowest,
            }),
          ],
          [
            `yaxis${suffix(i)}`,
            axis(first ? y.title : "", {
              ...y.own,
              domain: domain.y,
              anchor: panel.x,
              showticklabels: first,
            }),
          ],
        ];
      }),
    );
  return { panels, plotHeight, width, axes };
}

/** A panel's heading, flush left above it; `lift` leaves room for a note below. */
export function panelHeading(panel: Panel, text: string, lift = 0): object {
  return { ...above(panel, bold(text), 2 + lift), font: { size: figureStyle.fontSize } };
}

/** Small print between a panel's heading and the panel. */
export function panelNote(panel: Panel, text: string): object {
  return { ...above(panel, text, 2), font: { size: figureStyle.smallFontSize } };
}

function above({ left, top }: Panel, text: string, yshift: number): object {
  return {
    ...{ text, xref: "paper", x: left, xanchor: "left", align: "left", showarrow: false },
    ...{ yref: "paper", y: top, yanchor: "bottom", yshift },
  };
}
