/**
 * The reference number of a variable in the one form that we use, "R0000100": a letter and seven digits. NLS
 * Investigator also writes it as "R00001.00".
 * @returns undefined where the text is no reference number
 */
export function referenceNumber(text: string): string | undefined {
  const [, letter, digits, rest] = /^\s*([A-Za-z])(\d{5})\.?(\d{2})\s*$/.exec(text) ?? [];
  return letter === undefined ? undefined : letter.toUpperCase() + digits + rest;
}

/**
 * A variable's question name and release as a column's name, "CASEID_1979", with all that is no letter or digit as
 * "_": Stata, SAS and R each replace other characters of a name such as "Q1-3_A~Y".
 */
export function questionColumn(question: string, release: string): string {
  return plainName(`${question}_${release}`);
}

/** A name in upper case, with runs of other characters than letters and digits as one "_". */
export function plainName(name: string): string {
  return name
    .trim()
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, "_");
}
