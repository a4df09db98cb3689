import { basename, dirname, join, relative, resolve } from "node:path";
import { UserError } from "../errors";
import { projectFolder } from "../figures";
import { checkOutputFile } from "../files";
import { currentSession, variablesOf } from "../session";
import { type Cell, type Output, readNotebook, writeNotebook } from "./document";
import { cellFailure, kernelFailure, threwUnseen } from "./failure";
import { Kernel } from "./kernel";
import { OutputCollector, withoutMachinePaths } from "./outputs";
import { Staging } from "./staging";

export interface RunOptions {
  /** Of the session of the cells. Default: the current session's. */
  profile?: string;
  /** Where the figures and tables of the notebook end up. Default: figures/PROFILE of the project. */
  figures?: string;
  /** Where the notebook with its outputs is written. Default: its own place. */
  out?: string;
  /** Replaces a file at `out` that is no notebook. */
  force?: boolean;
  /** Seconds that one cell may take. Default: half an hour. */
  cellTimeout?: number;
  /** Seconds that the whole notebook may take. Default: no limit. */
  timeout?: number;
  /** Added to the environment of the kernel. */
  environment?: Record<string, string>;
  /** Ends the run; it rejects with the signal's reason, and all is as it was. */
  signal?: AbortSignal;
  /** Waited for before a code cell; the time is not the cell's. */
  beforeCell?: (cell: Cell) => Promise<void>;
  /** Called before each code cell. */
  onCell?: (cell: CellProgress) => void;
  /** What the cells write to standard error, as it comes. Default: this process's standard error. */
  onStderr?: (text: string) => void;
}

export interface CellProgress {
  notebook: string;
  /** Place among all cells of the notebook, from 1. */
  cell: number;
  of: number;
  firstLine: string;
}

export interface RunResult {
  notebook: string;
  /** Code cells that ran. */
  cells: number;
  seconds: number;
  /** Figures and tables made, as paths. */
  saved: string[];
  /** Peak resident memory of the kernel, bytes. */
  peakMemory: number | undefined;
}

/**
 * Runs a notebook from its first cell to its last in a fresh kernel and writes its outputs back. Where a cell
 * throws, does not compile, hangs or loses its kernel, the notebook and the figures stay as they were.
 * @throws UserError (NotebookError with the stack) where the notebook is at fault; Error where the library is
 */
export async function runNotebook(path: string, options: RunOptions = {}): Promise<RunResult> {
  const started = Date.now();
  const notebook = readNotebook(path);
  if (options.out !== undefined) checkOutputFile(options.out, { force: options.force, isOurs: isNotebook });
  const folder = dirname(resolve(path));
  const project = projectFolder(folder);
  const profile = options.profile ?? currentSession().profile;
  const figures = options.figures ?? join(project, "figures", profile);
  const staging = new Staging(resolve(figures));
  const discard = () => staging.discard();
  process.once("exit", discard);
  let kernel: Kernel | undefined;
  const abort = () => void kernel?.kill();
  options.signal?.addEventListener("abort", abort);
  try {
    const environment = {
      ...options.environment,
      ...variablesOf({ profile, figures: staging.folder, earlierFigures: resolve(figures) }),
    };
    kernel = await Kernel.start({ folder, environment }).catch((error) => {
      throw kernelFailure(label(path), error);
    });
    const outputs = await runCells(path, notebook.cells, kernel, options);
    const peakMemory = await kernel.peakMemory();
    const scrubbed = outputs.map((cell) => withoutMachinePaths(cell, project));
    const cells = notebook.cells.map((cell, i) =>
      cell.cell_type === "code" ? { ...cell, outputs: scrubbed[i] } : cell,
    );
    options.signal?.throwIfAborted();
    writeNotebook(options.out ?? path, { ...notebook, cells });
    const saved = staging.commit();
    const count = cells.filter((cell) => cell.cell_type === "code").length;
    return { notebook: path, cells: count, seconds: (Date.now() - started) / 1000, saved, peakMemory };
  } catch (error) {
    staging.discard();
    throw options.signal?.aborted ? options.signal.reason : error;
  } finally {
    options.signal?.removeEventListener("abort", abort);
    process.removeListener("exit", discard);
    await kernel?.kill();
  }
}

function isNotebook(path: string): boolean {
  try {
    readNotebook(path);
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

/** The outputs of each cell, by its place; none for Markdown. */
async function runCells(
  path: string,
  cells: Cell[],
  kernel: Kernel,
  options: RunOptions,
): Promise<Output[][]> {
  const deadline = Date.now() + (options.timeout ?? Number.POSITIVE_INFINITY) * 1000;
  const collector = new OutputCollector();
  const outputs: Output[][] = cells.map(() => []);
  for (const [i, cell] of cells.entries()) {
    const { cell_type, source } = cell;
    if (cell_type !== "code" || source.trim() === "") continue;
    await options.beforeCell?.(cell);
    options.signal?.throwIfAborted();
    const firstLine = source.trim().split("\n")[0];
    options.onCell?.({ notebook: path, cell: i + 1, of: cells.length, firstLine });
    collector.startCell(outputs[i]);
    const stderr = new HeldBack(options.onStderr ?? ((text) => process.stderr.write(text)));
    const where = `${label(path)}, cell ${i + 1} (${shorten(firstLine)})`;
    const limit = Math.min((options.cellTimeout ?? 1800) * 1000, Math.max(0, deadline - Date.now()));
    const status = await kernel
      .execute(
        source,
        (message) => {
          collector.add(message);
          if (message.header.msg_type !== "stream" || message.content.name !== "stderr") return;
          stderr.write(String(message.content.text));
        },
        limit,
      )
      .catch((error) => {
        throw kernelFailure(where, error);
      });
    if (status !== "ok" || threwUnseen(collector.stderr)) {
      stderr.drop();
      throw cellFailure(where, collector.stderr);
    }
    stderr.flush();
  }
  return outputs;
}

/**
 * Passes text on a moment late, so that the last words of a cell that fails, its error, can be dropped: they
 * are told once, by the error that the run ends with.
 */
class HeldBack {
  private held = "";
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly pass: (text: string) => void) {}

  write(text: string): void {
    this.flush();
    this.held = text;
    this.timer = setTimeout(() => this.flush(), 200);
  }

  flush(): void {
    clearTimeout(this.timer);
    if (this.held !== "") this.pass(this.held);
    this.held = "";
  }

  drop(): void {
    clearTimeout(this.timer);
    this.held = "";
  }
}

function label(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith("..") ? basename(path) : short;
}

function shorten(line: string): string {
  return line.length > 60 ? `${line.slice(0, 57)}…` : line;
}
