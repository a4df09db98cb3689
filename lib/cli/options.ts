import { InvalidArgumentError, Option } from "commander";
import { type TextCovariate, textCovariates } from "../text/template";

/** Parsers and options that several commands share. */

export const surveyArgument =
  "name of a survey, or path of a CSV or Parquet file, or of a download of NLS Investigator or the PSID's Data Center";

export const mapFlag = ["--map <file>", "column map of a CSV or Parquet file (data/maps/README.md)"] as const;

export const ruleFlag = [
  "--rule <name=value>",
  "a rule of the survey's reader, for example withoutStatus=job or years=1989-1997; may be repeated",
  ruleOf,
  {},
] as const;

function ruleOf(text: string, before: Readonly<Record<string, string>>): Record<string, string> {
  const [, name, value] = /^([^=]+)=(.*)$/su.exec(text) ?? [];
  if (name === undefined) throw new InvalidArgumentError("Write it as name=value.");
  return { ...before, [name.trim()]: value.trim() };
}

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

export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!(Number.isInteger(value) && value >= least)) {
      throw new InvalidArgumentError(`Give a whole number, ${least} or more.`);
    }
    return value;
  };
}
