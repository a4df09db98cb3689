import type { Command } from "commander";
import { addMethodFlags, experimentOf, type MethodFlags } from "./method-flags";
import { mapFlag, surveyArgument } from "./options";

interface Flags extends MethodFlags {
  method: string;
  survey: string;
  map?: string;
  out: string;
  resume?: boolean;
  force?: boolean;
}

/** Adds `labor-llm fine-tune` to the command line. */
export function registerFineTuneCommand(program: Command): void {
  const command = program
    .command("fine-tune")
    .description("fit a model on a survey's training persons and keep it in a folder")
    .requiredOption("--survey <survey>", surveyArgument)
    .option(...mapFlag)
    .requiredOption("--out <folder>", "where the model goes; a fit that was stopped is taken up from there")
    .option("--method <name>", "what to fit (models list)", "fine-tuned")
    .option("--force", "fit anew over the model that is there, or beside other files");
  addMethodFlags(command).action(fineTune);
}

async function fineTune(flags: Flags): Promise<void> {
  const { checkModelOutput, fitToFolder, isModelFolder, literalWording, methodNamed, settingsOf } =
    await import("../methods/index.js");
  const { UserError } = await import("../errors.js");
  const { onInterrupt } = await import("../experiments/interrupt.js");
  const { showFit } = await import("../experiments/progress.js");
  const { splitOf } = await import("../experiments/experiment.js");
  const { baseInputs } = await import("../base-models/index.js");
  const { surveyInputs } = await import("../surveys/read-survey.js");
  const { startEngine } = await import("../engine/index.js");
  if (isModelFolder(flags.out) && !flags.force) {
    throw new UserError(
      `${flags.out}: a fitted model is there already`,
      "Give --force to fit anew over it, or another --out.",
    );
  }
  const experiment = experimentOf(flags.survey, flags);
  const method = methodNamed(flags.method);
  const settings = settingsOf(method, experiment.settings ?? {});
  const base = "base" in settings ? baseInputs(String(settings.base)) : [];
  const rules = { inputs: [...surveyInputs(flags.survey, flags.map), ...base], force: flags.force };
  checkModelOutput(flags.out, rules);
  await startEngine();
  const { train, validation } = splitOf({ ...experiment, map: flags.map });
  const wording = { ...literalWording, ...experiment.wording };
  const onProgress = showFit(method.label);
  const fitted = await onInterrupt((signal) =>
    fitToFolder(
      method,
      { train, validation, settings, wording, seed: flags.seed, onProgress, signal },
      flags.out,
      rules,
    ),
  );
  const loss =
    fitted.validationLoss === undefined ? "" : `, validation loss ${fitted.validationLoss.toFixed(4)}`;
  const size = fitted.parameters.toLocaleString("en-US");
  process.stdout.write(
    `${flags.out}: ${method.label}, ${size} parameters, ${train.careers.length} persons${loss}, ${fitted.seconds.toFixed(0)} s\n`,
  );
}
