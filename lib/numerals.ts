const numeral = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * The number of a cell as R, pandas, Stata and Excel write it: `1998`, `1998.0`, ` 1998`, `2e3`, `1e+05`. NaN where the
 * cell is none.
 */
export function numberIn(cell: string): number {
  const text = cell.trim();
  return numeral.test(text) ? Number(text) : Number.NaN;
}

/** A whole number in its plain form, `2000` of `2e3` or `2000.0`; any other cell as it stands. */
export function plainNumeral(cell: string): string {
  const number = numberIn(cell);
  return Number.isSafeInteger(number) ? String(number) : cell;
}

/** What a cell that is no number is by the look of it, to add to a message: " (it has a thousands separator)". */
export function lookOf(cell: string): string {
  const text = cell.trim();
  if (/^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(text)) return " (it has a comma as a thousands separator)";
  if (/^[+-]?\d{1,3}([ '.\u00a0\u2019\u202f]\d{3})+(,\d+)?$/.test(text))
    return " (it has a thousands separator)";
  return /^[+-]?\d+,\d+$/.test(text) ? " (it has a decimal comma)" : "";
}
