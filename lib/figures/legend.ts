import { textWidth } from "./fonts";
import { figureStyle } from "./style";

/** Rows that plotly's horizontal legend takes: one where all names fit, else columns of the widest name. */
export function legendRows(names: readonly string[], width: number): number {
  const widths = names.map((name) => textWidth(name, figureStyle.fontSize) + 46);
  if (widths.reduce((sum, w) => sum + w, 0) <= width) return 1;
  return Math.ceil(names.length / Math.max(1, Math.floor(width / Math.max(...widths))));
}
