import { existsSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import type { Command } from "commander";
import type { CellProgress, RunResult } from "../notebook";
import { processes, waits } from "../ranges";
import { currentSession } from "../session";
import { acceptTermsFlag, commaList, numberWithin, wholeNumber } from "./options";

interface Flags {
  profile?: string;
  survey?: string;
  only?: string[];
  jobs?: number;
  anew?: boolean;
  cellTimeout: number;
}

/** Adds `labor-llm reproduce` to the command line. */
export function registerReproduceCommand(program: Command): void {
  program
    .command("reproduce")
    .description("run the notebooks and write their figures, tables and the report")
    .option(
      "--profile <name>",
      "how large the experiments are: quick, standard (default: LABOR_LLM_PROFILE, or quick)",
    )
    .option("--survey <survey>", "a survey of your own in place of the profile's: a name, file or folder")
    .option("--only <numbers>", "the notebooks to run, for example 02,03", commaList)
    .option(
      "--jobs <n>",
      "notebooks side by side; by default as many as the profile and this machine allow",
      wholeNumber(processes),
    )
    .option("--anew", "make costly fits anew, whose log-probabilities are kept in figures/PROFILE/fits")
    .option(...acceptTermsFlag)
    .option("--cell-timeout <seconds>", "how long one cell may take", numberWithin(waits), 3600)
    .action(run);
}

async function run(flags: Flags): Promise<void> {
  const { profile = currentSession().profile } = flags;
  const started = Date.now();
  const interrupt = new AbortController();
  const stop = (signal: NodeJS.Signals) => {
    process.exitCode = signal === "SIGINT" ? 130 : 143;
    interrupt.abort(new Error(`stopped by ${signal}`));
  };
  process.once("SIGINT", stop).once("SIGTERM", stop);
  const elapsed = () => `${((Date.now() - started) / 1000).toFixed(0).padStart(4)} s`;
  const onCell = ({ notebook, cell, of, firstLine }: CellProgress) => {
    const line = firstLine.length > 60 ? `${firstLine.slice(0, 59)}…` : firstLine;
    process.stderr.write(`${elapsed()}  ${basename(notebook)}  cell ${cell} of ${of}  ${line}\n`);
  };
  const onNotebook = ({ notebook, seconds }: RunResult) => {
    process.stderr.write(`${elapsed()}  ${basename(notebook)}  done in ${seconds.toFixed(1)} s\n`);
  };
  // Loaded late: plotly and the kernel's parts are of no use to the other commands.
  const { NotebookError, reproduce } = await import("../notebook/index.js");
  try {
    const { runs, report } = await reproduce({
      ...{ ...flags, profile, signal: interrupt.signal, onCell, onNotebook },
      onMissing: (missing) => {
        for (const { survey, reason } of missing) process.stderr.write(`without ${survey}: ${reason}\n`);
      },
    });
    const saved = runs.flatMap((result) => result.saved).map((path) => relative(process.cwd(), path));
    const fits = join(dirname(report), "fits");
    const areKept = !flags.anew && existsSync(fits);
    const peaks = runs.flatMap(({ peakMemory }) => peakMemory ?? []);
    const lines = [
      "Figures and tables:",
      ...saved.map((path) => `  ${path}`),
      `Report: ${relative(process.cwd(), report)}`,
      ...(areKept
        ? [
            `Costly fits were read from ${relative(process.cwd(), fits)} where they are there; --anew makes them.`,
          ]
        : []),
      `Time: ${((Date.now() - started) / 1000).toFixed(0)} s`,
      ...(peaks.length > 0
        ? [`Peak memory of a kernel: ${(Math.max(...peaks) / 2 ** 20).toFixed(0)} MiB`]
        : []),
    ];
    process.stdout.write(`${lines.join("\n")}\n`);
  } catch (error) {
    if (interrupt.signal.aborted) {
      process.stderr.write("stopped; notebooks and figures are as they were after the last that was done\n");
      return;
    }
    if (error instanceof NotebookError && error.trace !== undefined) process.stderr.write(`${error.trace}\n`);
    throw error;
  } finally {
    process.removeListener("SIGINT", stop).removeListener("SIGTERM", stop);
  }
}
