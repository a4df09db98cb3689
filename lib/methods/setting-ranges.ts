import { z } from "zod";
import type { Range } from "../ranges";

/** A setting that is a whole number of a range. */
export function wholeSetting({ least, most }: Range) {
  return z.number().int().min(least).max(most);
}

/** A setting that is a number of a range. */
export function numberSetting({ least, most }: Range) {
  return z.number().min(least).max(most);
}
