import { relative } from "node:path";
import type { Command } from "commander";
import { currentSession } from "../session";
import { acceptTermsFlag, commaList } from "./options";

interface Flags {
  profile?: string;
  only?: string[];
  method?: string[];
  anew?: boolean;
}

/** Adds `labor-llm tune` to the command line. */
export function registerTuneCommand(program: Command): void {
  program
    .command("tune")
    .description(
      "search the settings of a profile's methods by its validation persons, and keep what is chosen",
    )
    .option(
      "--profile <name>",
      "whose surveys and persons: quick, standard (default: LABOR_LLM_PROFILE, or quick)",
    )
    .option("--only <surveys>", "comma-separated, of the profile's surveys", commaList)
    .option("--method <methods>", "comma-separated, of those that are searched", commaList)
    .option("--anew", "search what has been searched already, too")
    .option(...acceptTermsFlag)
    .action(run);
}

async function run({ profile: name = currentSession().profile, only, method, anew }: Flags): Promise<void> {
  const { startEngine } = await import("../engine/index.js");
  const { profileNamed } = await import("../experiments/index.js");
  const { lawSurveys } = await import("../experiments/index.js");
  const { searchedMethods, tuneProfile } = await import("../experiments/index.js");
  const { UserError } = await import("../errors.js");
  const profile = profileNamed(name);
  const surveys = [...new Set([...profile.surveys.map(({ survey }) => survey), ...lawSurveys(profile)])];
  const refuse = (what: string, given: readonly string[] | undefined, known: readonly string[]) => {
    const wrong = given?.find((one) => !known.includes(one));
    if (wrong === undefined) return;
    throw new UserError(`"${wrong}" is no ${what} that is searched`, `Choose among ${known.join("; ")}.`);
  };
  refuse("survey", only, surveys);
  refuse("method", method, searchedMethods);
  await startEngine();
  const path = await tuneProfile(profile, {
    surveys: only,
    methods: method,
    anew,
    onRefused: ({ survey, method: of, reason }) => {
      process.stderr.write(`${survey}, ${of}: not searched: ${reason}\n`);
    },
    onSearch: ({ survey, method: of, fits, chosen }, fresh) => {
      const { validationLoss } = fits.reduce((best, fit) =>
        fit.validationLoss < best.validationLoss ? fit : best,
      );
      const how = fresh ? `${fits.length} fits` : "kept";
      process.stdout.write(
        `${survey}, ${of}: ${JSON.stringify(chosen)}, validation loss ${validationLoss.toFixed(4)} (${how})\n`,
      );
    },
  });
  process.stdout.write(`Searches: ${relative(process.cwd(), path)}\n`);
}
