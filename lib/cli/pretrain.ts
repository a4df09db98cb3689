import { join } from "node:path";
import { type Command, Option } from "commander";
import { repositoryFolder } from "../files";

/** `labor-llm pretrain`: makes the base model of data/base-model anew; about an hour on two cores. */
export function registerPretrainCommand(program: Command): void {
  program
    .command("pretrain")
    .description("make the tiny base model anew from its recipe (resumes where it was stopped)")
    .addOption(
      new Option("--out <folder>", "where the model goes").default(
        join(repositoryFolder() ?? ".", "data", "base-model"),
        "data/base-model of the repository",
      ),
    )
    .option("--checkpoints <folder>", "where the run is kept until it is done", join(".cache", "pretraining"))
    .option("--force", "write beside other files of the folder, and over those of the same name")
    .action(async (options: { out: string; checkpoints: string; force?: boolean }) => {
      const { baseRecipe, pretrain } = await import("../methods/index.js");
      const report = await pretrain(baseRecipe, options.out, {
        folder: options.checkpoints,
        force: options.force,
        checkpointEvery: 250,
        onProgress: ({ step, steps, loss, tokensPerSecond, secondsLeft }) => {
          if (step % 25 !== 0) return;
          const left = `${Math.ceil(secondsLeft / 60)} min left`;
          process.stderr.write(
            `step ${step}/${steps} · loss ${loss.toFixed(3)} · ${tokensPerSecond.toFixed(0)} tokens/s · ${left}\n`,
          );
        },
      });
      process.stdout.write(`${JSON.stringify(report.validationLoss)}\n`);
    });
}
