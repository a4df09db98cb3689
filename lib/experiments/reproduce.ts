import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { UserError } from "../errors";
import { projectFolder } from "../figures/folder";
import { writeReport } from "../notebook/report";
import { type RunOptions, type RunResult, runNotebook } from "../notebook/runner";
import { describeRun } from "./environment";
import { profileNamed } from "./profile";

export interface ReproduceOptions extends Pick<RunOptions, "signal" | "onCell" | "onStderr" | "cellTimeout"> {
  profile: string;
  /** Numbers of the notebooks to run, as in their names: "02". Default: all. */
  only?: readonly string[];
  /** The project, with its folder `notebooks`. Default: the one around the working folder. */
  project?: string;
  /** Called after each notebook. */
  onNotebook?: (result: RunResult) => void;
}

export interface Reproduction {
  runs: RunResult[];
  report: string;
}

/**
 * Runs the notebooks in the order of their numbers, each in a kernel of its own, and writes the report over all
 * notebooks of the project. The first failure ends it; what earlier notebooks made stays.
 * @throws UserError for a wrong --only, a notebook at fault, or a folder that cannot be written
 */
export async function reproduce(options: ReproduceOptions): Promise<Reproduction> {
  const settings = profileNamed(options.profile);
  const project = options.project ?? projectFolder();
  const all = numberedNotebooks(join(project, "notebooks"));
  const chosen = choose(all, options.only);
  const figures = join(project, "figures", options.profile);
  const { profile, cellTimeout, signal, onCell, onStderr } = options;
  const runs: RunResult[] = [];
  for (const path of chosen) {
    const run = await runNotebook(path, { profile, figures, cellTimeout, signal, onCell, onStderr });
    runs.push(run);
    options.onNotebook?.(run);
  }
  const report = join(figures, "report.html");
  const facts = await describeRun(settings);
  await writeReport(all, report, {
    provenance: Object.fromEntries(facts.map(({ what, value }) => [what, value])),
  });
  return { runs, report };
}

/** Notebooks NN-name.ipynb of a folder, in order. */
function numberedNotebooks(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    throw new UserError(`there is no folder ${folder}`, "Run this inside the project.", { cause: error });
  }
  const notebooks = names.filter((name) => /^\d\d-.*\.ipynb$/.test(name)).sort();
  if (notebooks.length === 0) throw new UserError(`${folder} holds no notebook named like 02-name.ipynb`);
  return notebooks.map((name) => join(folder, name));
}

function choose(notebooks: readonly string[], only: readonly string[] | undefined): string[] {
  if (only === undefined) return [...notebooks];
  const number = (path: string) => basename(path).slice(0, 2);
  const unknown = only.find((wanted) => !notebooks.some((path) => number(path) === wanted));
  if (unknown !== undefined) {
    throw new UserError(
      `--only: there is no notebook "${unknown}"`,
      `The numbers are ${notebooks.map(number).join(", ")}.`,
    );
  }
  return notebooks.filter((path) => only.includes(number(path)));
}
