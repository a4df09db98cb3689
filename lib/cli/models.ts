import type { Command } from "commander";

/** Adds `labor-llm models list` to the command line. */
export function registerModelsCommand(program: Command): void {
  const models = program
    .command("models")
    .description("the models that can be fitted, fine-tuned and scored");
  models
    .command("list")
    .description("methods, base models, and fitted models with size, base, survey and validation loss")
    .argument("[folder...]", "folders to look for fitted models in, besides the cached runs of the notebooks")
    .option("--json", "print one JSON object, with every setting of every method")
    .action(list);
}

async function list(folders: string[], { json }: { json?: boolean }): Promise<void> {
  const { describeModels } = await import("../experiments/index.js");
  const { formatColumns } = await import("./columns.js");
  const described = describeModels(folders);
  if (json) {
    process.stdout.write(`${JSON.stringify(described, null, 2)}\n`);
    return;
  }
  const { methods, bases, fitted, unreadable } = described;
  const millions = (n: number) => `${(n / 1e6).toFixed(1)} M`;
  const blocks = [
    ["methods (--method, --model)", formatColumns(methods.map(({ id, summary }) => [id, summary]))],
    [
      "base models (--base, --model)",
      formatColumns(
        bases.map(({ name, parameters, state, license, description }) => [
          name,
          millions(parameters),
          state,
          license,
          description,
        ]),
      ),
    ],
    [
      "fitted models",
      formatColumns(
        fitted.map(({ folder, method, parameters, base, survey, persons, validationLoss }) => [
          folder,
          method,
          millions(parameters),
          base ?? "–",
          survey,
          `${persons} persons`,
          validationLoss === undefined ? "–" : `validation loss ${validationLoss.toFixed(4)}`,
        ]),
      ),
    ],
  ];
  process.stdout.write(`${blocks.map(([head, body]) => `${head}\n${body}`).join("\n")}`);
  // On a line each; a message begins with the folder's card.
  for (const { problem } of unreadable) process.stdout.write(`not readable: ${problem}\n`);
}
