import type { Command } from "commander";
import type { RuleTexts } from "../surveys";
import { addMethodFlags, experimentOf, type MethodFlags } from "./method-flags";
import { mapFlag, ruleFlag, surveyArgument } from "./options";

interface Flags extends MethodFlags {
  method: string;
  survey: string;
  map?: string;
  rule?: RuleTexts;
  out: string;
  resume?: boolean;
  force?: boolean;
  adapterOnly?: boolean;
}

/** Adds `labor-llm fine-tune` to the command line. */
export function registerFineTuneCommand(program: Command): void {
  const command = program
    .command("fine-tune")
    .description("fit a model on a survey's training persons and keep it in a folder")
    .requiredOption("--survey <survey>", surveyArgument)
    .option(...mapFlag)
    .option(...ruleFlag)
    .requiredOption("--out <folder>", "where the model goes; a fit that was stopped is taken up from there")
    .option("--method <name>", "what to fit (models list)", "fine-tuned")
    .option(
      "--adapter-only",
      "of a fit by LoRA (--set lora.rank=8): write the adapter alone, as PEFT does, not the base model",
    )
    .option("--force", "fit anew over the model that is there, or beside other files");
  addMethodFlags(command).action(fineTune);
}

async function fineTune(flags: Flags): Promise<void> {
  const { checkModelOutput, fitToFolder, methodNamed, settingsOf } = await import("../methods/index.js");
  const { literalWording } = await import("../text/index.js");
  const { UserError } = await import("../errors.js");
  const { onInterrupt } = await import("../experiments/index.js");
  const { showFit } = await import("../experiments/index.js");
  const { worseThanMarkov } = await import("../experiments/index.js");
  const { splitOf } = await import("../experiments/index.js");
  const { baseInputs } = await import("../methods/index.js");
  const { surveyInputs } = await import("../surveys/index.js");
  const { scoreObserved } = await import("../predictions/index.js");
  const { startEngine } = await import("../engine/index.js");
  const experiment = experimentOf(flags.survey, flags);
  const method = methodNamed(flags.method);
  if (flags.adapterOnly && method.id !== "fine-tuned") {
    throw new UserError(
      `--adapter-only: ${method.id} trains no adapter`,
      "Use it with --method fine-tuned and --set lora.rank=8.",
    );
  }
  const own = flags.adapterOnly ? { adapterOnly: true } : {};
  const settings = settingsOf(method, { ...experiment.settings, ...own });
  const base = "base" in settings ? baseInputs(String(settings.base)) : [];
  const inputs = [...surveyInputs(flags.survey, flags.map), ...base];
  const rules = { inputs, force: flags.force, overwrite: flags.force ?? false };
  checkModelOutput(flags.out, rules);
  await startEngine();
  const { train, validation } = splitOf({ ...experiment, map: flags.map, rules: flags.rule }, []);
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
  const all = fitted.parameters.toLocaleString("en-US");
  const size =
    fitted.trained === undefined ? all : `${fitted.trained.toLocaleString("en-US")} trained of ${all}`;
  process.stdout.write(
    `${flags.out}: ${method.label}, ${size} parameters, ${train.careers.length} persons${loss}, ${fitted.seconds.toFixed(0)} s\n`,
  );
  // The table itself, and what was not fitted to beat it, need no word.
  if (fitted.validationLoss === undefined || method.id === "markov") return;
  const predicting = showFit("validation persons");
  const scores = await scoreObserved(fitted.model, validation.careers, {
    onProgress: (done, total) => predicting(done, total, "person-years predicted"),
  });
  const of = `${validation.careers.length} validation persons`;
  const worse = await worseThanMarkov(scores, validation, { train, validation }, of);
  const remedy =
    "Train longer (--epochs), in smaller batches, on more persons, or take a larger base model (--base).";
  if (worse !== undefined) process.stderr.write(`${worse} ${remedy}\n`);
}
