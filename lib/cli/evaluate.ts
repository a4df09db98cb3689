import type { Command } from "commander";
import { type MeasureId, type Measurement, only, type RowKind } from "../metrics";
import { counts, replicationCounts } from "../ranges";
import type { RuleTexts } from "../surveys";
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
  const { namedModel } = await import("../experiments/index.js");
  const { splitOf } = await import("../experiments/index.js");
  const { showFit } = await import("../experiments/index.js");
  const { worseThanMarkov } = await import("../experiments/index.js");
  const { measureNormalisedPerplexity, measurePerplexity } = await import("../metrics/index.js");
  const { observedScores } = await import("../predictions/index.js");
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
  const options = { seed, replications };
  const scores = observedScores(distribution);
  const { name } = split.test;
  const measurements = [
    ...measurePerplexity(name, { [model.name]: scores }, options),
    ...measureNormalisedPerplexity(name, { [model.name]: distribution }, options),
  ];
  const kinds = new Set(measurements.map(({ on }) => on.transition));
  const rows = [...kinds].map((kind) => numbersOf(measurements, kind));
  const facts = {
    model: model.name,
    survey: name,
    testPersons: split.test.careers.length,
    seed,
    engine: `${engine} ${version}`,
  };
  process.stdout.write(
    flags.json ? `${JSON.stringify({ ...facts, perplexity: rows }, null, 2)}\n` : text(facts, rows),
  );
  const worse = await worseThanMarkov(scores, split.test, split, `${split.test.careers.length} test persons`);
  if (worse !== undefined) process.stderr.write(`${worse}\n`);
}

/** What was measured on one kind of person-year. */
function numbersOf(measurements: readonly Measurement[], kind: RowKind) {
  const of = (measure: MeasureId) => only(measurements, { measure, on: { transition: kind } });
  const { persons, personYears, estimate } = of("perplexity");
  const normalised = of("normalised perplexity").estimate;
  return {
    kind,
    persons,
    personYears,
    perplexity: estimate.value,
    standardError: estimate.standardError,
    interval: estimate.interval,
    normalised: normalised.value,
    normalisedStandardError: normalised.standardError,
    validMass: of("valid mass").estimate.value,
  };
}

function text(facts: Record<string, unknown>, rows: readonly ReturnType<typeof numbersOf>[]): string {
  const head = `${facts.model} on ${facts.survey}: ${facts.testPersons} test persons, seed ${facts.seed}, ${facts.engine}\n\n`;
  const columns = ["person-years", "n", "perplexity", "(s.e.)", "normalised", "(s.e.)", "valid mass"];
  const lines = rows.map((row) => [
    row.kind,
    String(row.personYears),
    row.perplexity.toPrecision(5),
    `(${row.standardError.toPrecision(2)})`,
    row.normalised.toPrecision(5),
    `(${row.normalisedStandardError.toPrecision(2)})`,
    row.validMass.toFixed(4),
  ]);
  return head + formatColumns([columns, ...lines], [1, 2, 3, 4, 5, 6]);
}
