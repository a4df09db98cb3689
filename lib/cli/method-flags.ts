import { type Command, InvalidArgumentError } from "commander";
import type { Experiment } from "../experiments/experiment";
import { parseJson } from "../files/json";
import type { TextCovariate } from "../text/template";
import { acceptTermsFlag, covariateList, omitFlag, titlesOption, wholeNumber } from "./options";

/** What a user may say of the fit of a method. */
export interface MethodFlags {
  seed: number;
  persons?: number;
  titles: "literal" | "numeric";
  omit?: TextCovariate[];
  base?: string;
  epochs?: number;
  learningRate?: number;
  set: [string, unknown][];
}

export function addMethodFlags(command: Command): Command {
  return command
    .option("--seed <number>", "of the split and of the fit", wholeNumber(0), 1)
    .option("--persons <number>", "most persons to train on", wholeNumber(1))
    .addOption(titlesOption())
    .option(...omitFlag, covariateList)
    .option("--base <model>", "base language model: a name (models list), folder or GGUF file")
    .option(...acceptTermsFlag)
    .option("--epochs <number>", "passes over the training persons", wholeNumber(1))
    .option("--learning-rate <rate>", "peak learning rate", positive)
    .option(
      "--set <setting=value>",
      "any other setting of the method (models list --json), for example training.warmup=0.05; may be repeated",
      (text: string, before: [string, unknown][]) => [...before, setting(text)],
      [],
    );
}

/** The experiment that the flags describe. */
export function experimentOf(survey: string, flags: MethodFlags): Omit<Experiment, "method"> {
  const pairs: [string, unknown][] = [
    ["base", flags.base],
    ["training.epochs", flags.epochs],
    ["training.learningRate", flags.learningRate],
    ...flags.set,
  ];
  const settings: Record<string, unknown> = {};
  for (const [path, value] of pairs) {
    if (value === undefined) continue;
    const names = path.split(".");
    const last = names.pop()!;
    let at = settings;
    for (const name of names) {
      at[name] ??= {};
      at = at[name] as Record<string, unknown>;
    }
    at[last] = value;
  }
  return {
    survey,
    settings,
    wording: { titles: flags.titles, omit: flags.omit ?? [] },
    persons: flags.persons === undefined ? {} : { train: flags.persons },
    seed: flags.seed,
  };
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

function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError("Give a number above 0.");
  return value;
}
