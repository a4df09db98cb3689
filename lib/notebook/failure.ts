import { join, sep } from "node:path";
import { UserError } from "../errors";
import { KernelDied, KernelTimeout } from "./kernel";

/** A notebook that did not run to its end for a reason that lies in the notebook or in what it was given. */
export class NotebookError extends UserError {
  constructor(
    problem: string,
    remedy?: string,
    /** The stack, or all messages of the compiler, where there is more to say than one line. */
    readonly trace?: string,
  ) {
    super(problem, remedy);
  }
}

const library = join(__dirname, "..") + sep;
const unhandled = /^(?:UncaughtException|UnhandledPromiseRejection): /;
const typeError = /^\d+:\d+ - /;

/** tslab calls a cell "ok" whose work threw after the cell had returned: only its standard error tells. */
export function threwUnseen(stderr: string[]): boolean {
  return stderr.some((text) => unhandled.test(text));
}

/**
 * The error of a cell that threw or did not compile, from what tslab wrote to standard error. A UserError keeps
 * its own line; an error out of the library's depths is a bug, and keeps its stack.
 * @param where the notebook and the cell
 */
export function cellFailure(where: string, stderr: string[]): Error {
  const diagnostics = stderr.filter((text) => typeError.test(text));
  if (diagnostics.length > 0 && typeError.test(stderr.at(-1) ?? "")) {
    const [line] = diagnostics[0].trim().split("\n");
    return new NotebookError(`${where}: does not compile: ${line}`, undefined, diagnostics.join("").trim());
  }
  const printed = stderr.findLast((text) => unhandled.test(text)) ?? stderr.at(-1) ?? "";
  const userError = /^(?:\w+: )?UserError: (.+)$/m.exec(printed);
  if (userError !== null) return new NotebookError(`${where}: ${userError[1]}`);
  // Node shows the source line of an error above it; the message is what matters.
  const trace = printed
    .replace(unhandled, "")
    .replace(/^\S.*:\d+\n.*\n\s*\^+\s*\n+/, "")
    .trim();
  const message = `${where}: ${trace.split("\n")[0] || "failed without a word"}`;
  const frames = trace.split("\n").filter((line) => /^\s+at /.test(line) && !/\(?node:/.test(line));
  if (frames[0]?.includes(library)) {
    const bug = new Error(message);
    bug.stack = `${where}\n${readable(trace)}`;
    return bug;
  }
  return new NotebookError(message, undefined, readable(trace));
}

/** The error of a cell whose kernel is gone. */
export function kernelFailure(where: string, error: unknown): unknown {
  if (error instanceof KernelTimeout) {
    return new NotebookError(`${where}: ${error.message}`, "If the work is that long, raise --cell-timeout.");
  }
  if (error instanceof KernelDied) {
    const memory = error.how.includes("SIGKILL") ? "Memory may have run out." : undefined;
    return new NotebookError(`${where}: ${error.message}`, memory, error.lastWords.trim() || undefined);
  }
  return error;
}

/** A stack without the frames of the kernel, which say nothing about the notebook. */
function readable(trace: string): string {
  return trace
    .split("\n")
    .filter((line) => !/^\s+at .*(?:[/\\]tslab[/\\]dist[/\\]|node:|sigintHandlersWrap)/.test(line))
    .map((line) => line.replace(/evalmachine\.<anonymous>(?::\d+)*/, "the cell"))
    .join("\n");
}
