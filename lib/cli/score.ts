import type { Command } from "commander";
import { counts, years } from "../ranges";
import type { RuleTexts } from "../surveys";
import { acceptTermsFlag, mapFlag, ruleFlag, wholeNumber } from "./options";

interface Flags {
  model: string;
  careers: string;
  map?: string;
  rule?: RuleTexts;
  base?: string;
  out: string;
  top?: number;
  next?: number;
  force?: boolean;
}

/** Adds `labor-llm score` to the command line. */
export function registerScoreCommand(program: Command): void {
  program
    .command("score")
    .description("the probability of every title for every person-year of your own careers")
    .requiredOption("--model <folder>", "folder of a fitted model (fine-tune)")
    .requiredOption(
      "--careers <file>",
      "CSV or Parquet file with a row for each person and year, or a survey",
    )
    .option("--base <model>", "where the model's base model is, if it was moved")
    .option(...mapFlag)
    .option(...ruleFlag)
    .requiredOption("--out <file>", "where the distributions go: a .csv or .parquet file")
    .option("--top <number>", "only so many titles of a person-year, the most probable", wholeNumber(counts))
    .option(
      "--next <year>",
      "predict this year of each person instead of the years in the file",
      wholeNumber(years),
    )
    .option(...acceptTermsFlag)
    .option("--force", "replace a file that labor-llm did not write")
    .action(score);
}

async function score({
  model: folder,
  base,
  careers,
  map,
  rule,
  out,
  top,
  next,
  force,
}: Flags): Promise<void> {
  const { modelInputs, openModelFolder } = await import("../methods/index.js");
  const { checkFitted } = await import("../experiments/index.js");
  const { TitleSet } = await import("../occupations/index.js");
  const { readSurvey, surveyInputs } = await import("../surveys/index.js");
  const { checkScoreFile, scoreCareers } = await import("../experiments/index.js");
  const { showFit } = await import("../experiments/index.js");
  const { startEngine } = await import("../engine/index.js");
  checkFitted(folder);
  const inputs = [...surveyInputs(careers, map), ...modelInputs(folder, base)];
  checkScoreFile(out, { inputs, force });
  await startEngine();
  const { model, card } = await openModelFolder(folder, base);
  const panel = readSurvey(careers, map, rule);
  const progress = showFit("scoring");
  const onProgress = (done: number, total: number) => progress(done, total, "persons");
  const titles = new TitleSet(card.titles);
  const personYears = await scoreCareers(model, titles, panel.careers, out, {
    top,
    next,
    inputs,
    force,
    onProgress,
  });
  process.stdout.write(
    `${out}: ${panel.careers.length} persons, ${personYears} person-years, ${Math.min(top ?? titles.size, titles.size)} titles each\n`,
  );
}
