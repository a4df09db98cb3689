import type { CareerPanel } from "../careers";
import { mapOfFile } from "./map-of-file";
import { readMappedPanel } from "./mapped-panel";

/** How to read a long-format file. */
export interface LongFormatOptions {
  /** The panel's name; that of its map or the file's name without extension by default. */
  name?: string;
  /** The survey's name in the text; that of its map or the panel's name by default. */
  surveyTag?: string;
}

/**
 * Reads careers from a table with one row per person and year, without saying how: by the map that lies beside it or
 * names it in data/maps, or by the usual names of columns. See `readMappedPanel`.
 */
export function readLongFormat(path: string, options: LongFormatOptions = {}): CareerPanel {
  return readMappedPanel(path, mapOfFile(path), options);
}
