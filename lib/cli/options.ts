import { InvalidArgumentError, Option } from "commander";
import { type Range, rangeText } from "../ranges";
import { type TextCovariate, textCovariates } from "../text/template";

/** Parsers and options that several commands share. */

export const surveyArgument =
  "name of a survey, or path of a CSV or Parquet file, or of a download of NLS Investigator or the PSID's Data Center";

export const mapFlag = ["--map <file>", "column map of a CSV or Parquet file (data/maps/README.md)"] as const;

export const titlesOption = () =>
  new Option("--titles <wording>", "titles as words or as codes")
    .choices(["literal", "numeric"])
    .default("literal");

export const omitFlag = ["--omit <list>", `comma-separated, of ${textCovariates.join(", ")}`] as const;

export function covariateList(list: string): TextCovariate[] {
  const names = list.split(",").map((name) => name.trim());
  const wrong = names.find((name) => !(textCovariates as readonly string[]).includes(name));
  if (wrong !== undefined) {
    throw new InvalidArgumentError(`"${wrong}" is none of ${textCovariates.join(", ")}.`);
  }
  return names as TextCovariate[];
}

/** A whole number of a range, in digits. */
export function wholeNumber(range: Range): (text: string) => number {
  return (text) => {
    const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= range.least && value <= range.most) return value;
    throw new InvalidArgumentError(`Give a whole number ${rangeText(range)}.`);
  };
}

/** A number of a range. */
export function numberWithin(range: Range): (text: string) => number {
  return (text) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (value >= range.least && value <= range.most) return value;
    throw new InvalidArgumentError(`Give a number ${rangeText(range)}.`);
  };
}
