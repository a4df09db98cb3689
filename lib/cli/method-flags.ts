import { type Command, InvalidArgumentError } from "commander";
import { UserError } from "../errors";
import type { Experiment } from "../experiments";
import { isObject, parseJson } from "../files";
import { counts, factors, seeds } from "../ranges";
import type { TextCovariate } from "../text";
import { acceptTermsFlag, covariateList, numberWithin, omitFlag, titlesOption, wholeNumber } from "./options";

/** What a user may say of the fit of a method. */
export interface MethodFlags {
  seed: number;
  persons?: number;
  titles: "literal" | "numeric";
  omit?: TextCovariate[];
  base?: string;
  epochs?: number;
  learningRate?: number;
  set?: [string, unknown][];
}

export function addMethodFlags(command: Command): Command {
  return command
    .option("--seed <number>", "of the split and of the fit", wholeNumber(seeds), 1)
    .option("--persons <number>", "most persons to train on", wholeNumber(counts))
    .addOption(titlesOption())
    .option(...omitFlag, covariateList)
    .option("--base <model>", "base language model: a name (models list), folder or GGUF file")
    .option(...acceptTermsFlag)
    .option("--epochs <number>", "passes over the training persons", wholeNumber(counts))
    .option("--learning-rate <rate>", "peak learning rate", numberWithin(factors))
    .option(
      "--set <setting=value>",
      "any other setting of the method (models list --json), for example training.warmup=0.05; may be repeated",
      (text: string, before: [string, unknown][] = []) => [...before, setting(text)],
    );
}

/** The experiment that the flags describe. */
export function experimentOf(survey: string, flags: MethodFlags): Omit<Experiment, "method"> {
  const pairs: [string, unknown][] = [
    ["base", flags.base],
    ["training.epochs", flags.epochs],
    ["training.learningRate", flags.learningRate],
    ...(flags.set ?? []),
  ];
  const settings: Record<string, unknown> = Object.create(null);
  for (const [path, value] of pairs) if (value !== undefined) put(settings, path, value);
  return {
    survey,
    settings,
    wording: { titles: flags.titles, omit: flags.omit ?? [] },
    persons: flags.persons === undefined ? {} : { train: flags.persons },
    seed: flags.seed,
  };
}

/** Sets what a path of names leads to, through objects without prototype: no name of a user's means another thing. */
function put(settings: Record<string, unknown>, path: string, value: unknown): void {
  const names = path.split(".");
  let at = settings;
  names.slice(0, -1).forEach((name, i) => {
    const inner = at[name] ?? Object.create(null);
    if (!isObject(inner)) {
      throw new UserError(
        `the setting ${path} is within ${names.slice(0, i + 1).join(".")}, which is ${JSON.stringify(inner)}`,
        "Give one of the two.",
      );
    }
    at[name] = inner;
    at = inner;
  });
  at[names[names.length - 1]] = value;
}

function setting(text: string): [string, unknown] {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("Write it as setting=value.");
  const value = text.slice(at + 1);
  try {
    return [text.slice(0, at), parseJson(value)];
  } catch {
    return [text.slice(0, at), value];
  }
}
