import type { Command } from "commander";
import type { ComparisonRow } from "../metrics/compare";
import { counts, replicationCounts } from "../ranges";
import type { RuleTexts } from "../surveys/read-survey";
import { formatColumns } from "./columns";
import { addMethodFlags, experimentOf, type MethodFlags } from "./method-flags";
import { mapFlag, ruleFlag, surveyArgument, wholeNumber } from "./options";

interface Flags extends MethodFlags {
  model: string;
  survey: string;
  map?: string;
  rule?: RuleTexts;
  testPersons?: number;
  replications: number;
  json?: boolean;
}

/** Adds `labor-llm evaluate` to the command line. */
export function registerEvaluateCommand(program: Command): void {
  const command = program
    .command("evaluate")
    .description("perplexity of a model on a survey's test persons, with standard errors")
    .requiredOption(
      "--model <model>",
      "folder of a fitted model, name of a method (models list), or base model: name, folder or GGUF file",
    )
    .requiredOption("--survey <survey>", surveyArgument)
    .option(...mapFlag)
    .option(...ruleFlag)
    .option("--test-persons <number>", "most persons to predict", wholeNumber(counts))
    .option("--replications <number>", "of the bootstrap over persons", wholeNumber(replicationCounts), 2000)
    .option("--json", "print one JSON object");
  addMethodFlags(command).action(evaluate);
}

async function evaluate(flags: Flags): Promise<void> {
  const { namedModel } = await import("../experiments/named-model.js");
  const { splitOf } = await import("../experiments/experiment.js");
  const { showFit } = await import("../experiments/progress.js");
  const { worseThanMarkov } = await import("../experiments/beside-markov.js");
  const { comparePerplexity } = await import("../metrics/compare.js");
  const { startEngine } = await import("../engine/index.js");
  const { engine, version } = await startEngine();
  const experiment = experimentOf(flags.survey, flags);
  const persons = { ...experiment.persons, test: flags.testPersons };
  const split = splitOf({ ...experiment, persons, map: flags.map, rules: flags.rule }, ["test"]);
  const model = await namedModel(flags.model, experiment, split, showFit(flags.model));
  const predicting = showFit("predicting");
  const distribution = await model.predict(split.test.careers, {
    onProgress: (done, total) => predicting(done, total, "person-years predicted"),
  });
  const { seed, replications } = flags;
  const rows = comparePerplexity({ [model.name]: distribution }, { seed, replications });
  const facts = {
    model: model.name,
    survey: split.test.name,
    testPersons: split.test.careers.length,
    seed,
    engine: `${engine} ${version}`,
  };
  process.stdout.write(
    flags.json
      ? `${JSON.stringify({ ...facts, perplexity: rows.map(numbersOf) }, null, 2)}\n`
      : text(facts, rows),
  );
  const worse = await worseThanMarkov(
    distribution,
    split.test,
    split,
    `${split.test.careers.length} test persons`,
  );
  if (worse !== undefined) process.stderr.write(`${worse}\n`);
}

function numbersOf(row: ComparisonRow) {
  const { kind, persons, personYears, perplexity, normalised, validMass } = row;
  return {
    kind,
    persons,
    personYears,
    perplexity,
    standardError: row.perplexityError,
    interval: [row.perplexityLow, row.perplexityHigh],
    normalised,
    normalisedStandardError: row.normalisedError,
    validMass,
  };
}

function text(facts: Record<string, unknown>, rows: readonly ComparisonRow[]): string {
  const head = `${facts.model} on ${facts.survey}: ${facts.testPersons} test persons, seed ${facts.seed}, ${facts.engine}\n\n`;
  const columns = ["person-years", "n", "perplexity", "(s.e.)", "normalised", "(s.e.)", "valid mass"];
  const lines = rows.map((row) => [
    row.kind,
    String(row.personYears),
    row.perplexity.toPrecision(5),
    `(${row.perplexityError.toPrecision(2)})`,
    row.normalised.toPrecision(5),
    `(${row.normalisedError.toPrecision(2)})`,
    row.validMass.toFixed(4),
  ]);
  return head + formatColumns([columns, ...lines], [1, 2, 3, 4, 5, 6]);
}
