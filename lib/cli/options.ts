import { InvalidArgumentError, Option } from "commander";
import { acceptTerms, termsNames } from "../accepted-terms";
import { type Range, rangeText } from "../ranges";
import { type TextCovariate, textCovariates } from "../text";

/** Parsers and options that several commands share. */

export const surveyArgument =
  "name of a survey, or path of a CSV or Parquet file, or of a download of NLS Investigator or the PSID's Data Center";

export const mapFlag = ["--map <file>", "column map of a CSV or Parquet file (data/maps/README.md)"] as const;

export const ruleFlag = [
  "--rule <name=value>",
  "a rule of the survey's reader, for example withoutStatus=job or years=1989-1997; may be repeated",
  ruleOf,
] as const;

function ruleOf(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const [, name, value] = /^([^=]+)=(.*)$/su.exec(text) ?? [];
  if (name === undefined) throw new InvalidArgumentError("Write it as name=value.");
  return { ...before, [name.trim()]: value.trim() };
}

export const titlesOption = () =>
  new Option("--titles <wording>", "titles as words or as codes")
    .choices(["literal", "numeric"])
    .default("literal");

export const omitFlag = ["--omit <list>", `comma-separated, of ${textCovariates.join(", ")}`] as const;

/** Agrees to a base model's terms where nobody can be asked; the agreement is kept in the user's cache. */
export const acceptTermsFlag = [
  "--accept-terms <list>",
  `you have read and agree to the terms of base models, comma-separated, of ${termsNames.join(", ")}`,
  termsList,
] as const;

/** The parts of a comma-separated list. */
export function commaList(list: string): string[] {
  return list.split(",").map((name) => name.trim());
}

function termsList(list: string): string[] {
  const names = commaList(list);
  const wrong = names.find((name) => !(termsNames as readonly string[]).includes(name));
  if (wrong !== undefined) throw new InvalidArgumentError(`"${wrong}" is none of ${termsNames.join(", ")}.`);
  acceptTerms(names);
  return names;
}

export function covariateList(list: string): TextCovariate[] {
  const names = commaList(list);
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
