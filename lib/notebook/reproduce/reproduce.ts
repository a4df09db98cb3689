import { existsSync, readdirSync } from "node:fs";
import { availableParallelism, totalmem } from "node:os";
import { basename, join, resolve } from "node:path";
import { UserError } from "../../errors";
import {
  describeRun,
  engineThreads,
  type MissingSurvey,
  type Profile,
  profileNamed,
  profileOn,
} from "../../experiments";
import { projectFolder } from "../../figures";
import { checkOutputFolder } from "../../files";
import { variablesOf } from "../../session";
import { surveyInputs } from "../../surveys";
import { type Cell, hasTag } from "../document";
import { writeReport } from "../report";
import { type RunOptions, type RunResult, runNotebook } from "../runner";
import { claimResults, resultsFolder } from "./results-folder";

export interface ReproduceOptions extends Pick<RunOptions, "signal" | "onCell" | "onStderr" | "cellTimeout"> {
  profile: string;
  /**
   * A survey in place of the profile's (`readSurvey`). What the notebooks then show may hold records of persons: it
   * goes to a folder of its own (`resultsFolder`), and the notebooks themselves stay as they are.
   */
  survey?: string;
  /** Whether fits whose log-probabilities are kept beside the results (`Experiment.saveScores`) are computed again. Default false. */
  anew?: boolean;
  /** Numbers of the notebooks to run, as in their names: "02". Default: all. */
  only?: readonly string[];
  /**
   * Notebooks that run side by side; by default as many as the profile, the processors and the memory allow. The
   * kernel of an audit that waits is held beside them.
   */
  jobs?: number;
  /** The project, with its folder `notebooks`. Default: the one around the working folder. */
  project?: string;
  /** Called first, with the surveys of the profile that are not available; the notebooks run on the others. */
  onMissing?: (missing: readonly MissingSurvey[]) => void;
  /** Called after each notebook. */
  onNotebook?: (result: RunResult) => void;
}

export interface Reproduction {
  runs: RunResult[];
  report: string;
}

/** Memory that a kernel may come to hold, bytes. */
const KERNEL_MEMORY = 2.5 * 2 ** 30;

/** What reads the other notebooks' tables, from the cell on that is tagged so. */
const AUDIT = "15";
const AFTER_OTHERS = "after-other-notebooks";

/**
 * Where several run side by side, these begin first: the environment, which fails soonest, then those that take long,
 * longest first, so that all kernels end together.
 */
const FIRST = ["00", "02", "03", "04", "08", "05", "12", "11", "06", AUDIT];

/**
 * Runs the notebooks, each in a kernel of its own: in the order of their numbers, or some side by side, long ones
 * first. The audit comes last, or waits for the others before it reads their tables. Writes the report over all
 * notebooks of the project. The first failure ends it; what earlier notebooks made stays.
 * @throws UserError for a wrong --only, a survey that is not available (of a profile: if none of its surveys is), a
 * notebook at fault, a folder that
 * cannot be written, or one that holds the results of another survey
 */
export async function reproduce(options: ReproduceOptions): Promise<Reproduction> {
  const { survey } = options;
  const settings =
    survey === undefined ? profileNamed(options.profile) : profileOn(place(survey), options.profile);
  const project = options.project ?? projectFolder();
  const all = numberedNotebooks(join(project, "notebooks"));
  const chosen = choose(all, options.only);
  const { profile, cellTimeout, signal, onCell, onStderr } = options;
  const figures =
    survey === undefined ? join(project, "figures", profile) : resultsFolder(project, profile, survey);
  checkOutputFolder(figures, {
    inputs: survey === undefined ? [] : surveyInputs(place(survey)),
    force: true,
  });
  const giveBack = survey === undefined ? () => {} : claimResults(figures, survey);
  // Those of the repository hold the quick profile's outputs.
  const own = survey === undefined && profile === "quick";
  const copies = own ? undefined : join(figures, "notebooks");
  const environment = {
    ...engineThreads(settings),
    ...(options.anew && variablesOf({ anew: true })),
    ...(survey !== undefined && variablesOf({ survey: place(survey) })),
  };
  if (settings.missing.length > 0) options.onMissing?.(settings.missing);
  const failure = new AbortController();
  const stop = AbortSignal.any([failure.signal, ...(signal === undefined ? [] : [signal])]);
  const runs: RunResult[] = [];
  const isAudit = (path: string) => numberOf(path) === AUDIT;
  const jobs = options.jobs ?? sideBySide(settings);
  const left =
    jobs > 1
      ? sideBySideOrder(chosen)
      : [...chosen.filter((path) => !isAudit(path)), ...chosen.filter(isAudit)];
  const others = new Countdown(left.filter((path) => !isAudit(path)).length);
  stop.addEventListener("abort", () => others.end());
  const beforeCell = async (cell: Cell) => {
    if (!hasTag(cell, AFTER_OTHERS)) return;
    // Its kernel waits and takes no processor: what has not begun runs meanwhile.
    await runInTurns();
    await others.ended;
  };
  const runInTurns = async () => {
    for (let path = left.shift(); path !== undefined && !stop.aborted; path = left.shift()) {
      const out = copies && join(copies, basename(path));
      const run = await runNotebook(path, {
        ...{ profile, figures, out, environment, cellTimeout, signal: stop, beforeCell, onCell, onStderr },
      });
      runs.push(run);
      if (!isAudit(path)) others.down();
      options.onNotebook?.(run);
    }
  };
  const kernel = () => runInTurns().catch((error) => failure.abort(error));
  await Promise.all(Array.from({ length: jobs }, kernel));
  if (stop.aborted) giveBack();
  stop.throwIfAborted();
  runs.sort((a, b) => chosen.indexOf(a.notebook) - chosen.indexOf(b.notebook));
  const report = join(figures, "report.html");
  const facts = await describeRun(settings);
  await writeReport(copies === undefined ? all : numberedNotebooks(copies), report, {
    provenance: Object.fromEntries(facts.map(({ what, value }) => [what, value])),
    force: true, // the folder of figures is the product's own
  });
  return { runs, report };
}

/** Notebooks in the order in which several kernels begin them. */
function sideBySideOrder(paths: readonly string[]): string[] {
  const place = (path: string) => [...FIRST, numberOf(path)].indexOf(numberOf(path));
  return [...paths].sort((a, b) => place(a) - place(b));
}

/** A promise that is kept when it has been counted down to nothing, or given up. */
class Countdown {
  readonly ended: Promise<void>;
  end!: () => void;

  constructor(private left: number) {
    this.ended = new Promise((resolve) => {
      this.end = resolve;
    });
    if (left === 0) this.end();
  }

  down(): void {
    if (--this.left === 0) this.end();
  }
}

/** How many kernels of a profile this machine has the processors and the memory for. */
function sideBySide({ threads }: Profile): number {
  if (threads === undefined) return 1;
  const kernels = Math.min(availableParallelism() / threads, totalmem() / KERNEL_MEMORY);
  return Math.max(1, Math.floor(kernels));
}

/** The notebooks run in their own folder: a path must hold there too. */
function place(survey: string): string {
  return existsSync(survey) ? resolve(survey) : survey;
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
  const unknown = only.find((wanted) => !notebooks.some((path) => numberOf(path) === wanted));
  if (unknown !== undefined) {
    throw new UserError(
      `--only: there is no notebook "${unknown}"`,
      `The numbers are ${notebooks.map(numberOf).join(", ")}.`,
    );
  }
  return notebooks.filter((path) => only.includes(numberOf(path)));
}

function numberOf(notebook: string): string {
  return basename(notebook).slice(0, 2);
}
