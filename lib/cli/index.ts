import { Command, CommanderError } from "commander";
import { UserError } from "../errors";
import { currentSession } from "../session";
import { registerDataCommands } from "./data";
import { addEngineCommand } from "./engine";
import { registerEvaluateCommand } from "./evaluate";
import { registerFineTuneCommand } from "./fine-tune";
import { registerKernelCommands } from "./kernel";
import { registerModelsCommand } from "./models";
import { asPathError } from "./path-error";
import { registerPretrainCommand } from "./pretrain";
import { registerReproduceCommand } from "./reproduce";
import { registerScoreCommand } from "./score";
import { guardStreams } from "./streams";
import { registerTuneCommand } from "./tune";

/** Exit status: all well, a bug of ours, a mistake in what the user gave. */
const [success, bug, mistake] = [0, 1, 2];

/** Each adds one command; what it needs is loaded only when it runs, so that the others start fast. */
const commands: ((program: Command) => void)[] = [
  addEngineCommand,
  registerDataCommands,
  registerFineTuneCommand,
  registerEvaluateCommand,
  registerScoreCommand,
  registerModelsCommand,
  registerPretrainCommand,
  registerReproduceCommand,
  registerTuneCommand,
  registerKernelCommands,
];

/** The parser of the command line. */
export function commandLine(added = commands): Command {
  const program = new Command("labor-llm")
    .description("Language models as models of careers (LABOR-LLM)")
    .version((require("../../package.json") as { version: string }).version)
    .exitOverride()
    .showSuggestionAfterError();
  for (const add of added) add(program);
  for (const command of program.commands) command.exitOverride();
  // A variable of a bad value is refused before any work.
  return program.hook("preAction", () => void currentSession());
}

/**
 * Runs the command line.
 * @param args without node and script
 * @returns the exit status
 */
export async function main(args: string[], added = commands): Promise<number> {
  guardStreams(mistake);
  const program = commandLine(added);
  try {
    await program.parseAsync(args, { from: "user" });
    return Number(process.exitCode ?? success);
  } catch (thrown) {
    const error = asPathError(thrown);
    if (error instanceof CommanderError) return error.exitCode === 0 ? success : mistake; // it printed its line
    if (error instanceof UserError) {
      process.stderr.write(`${error.message.replace(/\s*\n\s*/g, " ")}\n`);
      return mistake;
    }
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    return bug;
  }
}
