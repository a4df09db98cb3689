import { dirname, sep } from "node:path";
import { UserError } from "../errors";
import { reasonOf } from "../files";

const writing = [
  "mkdir",
  "mkdtemp",
  "rename",
  "rm",
  "rmdir",
  "unlink",
  "write",
  "fsync",
  "ftruncate",
  "copyfile",
];

/**
 * An error of the system about a path that the user named, in an argument or by the environment, as a UserError; any
 * other error as it came. What the library reads and writes says more by itself; this is for what it does not foresee.
 */
export function asPathError(error: unknown): unknown {
  const { path, syscall } = error as NodeJS.ErrnoException;
  if (typeof path !== "string" || syscall === undefined || isInstalled(path)) return error;
  const doing = writing.includes(syscall) ? "write" : "read";
  const reason = reasonOf(error, doing);
  if (reason === undefined) return error;
  return new UserError(`cannot ${doing} ${path}: ${reason}`, "Choose another path.", { cause: error });
}

/** Whether a file is the package's own, or one that it depends on: nobody named it, and it should be there. */
function isInstalled(path: string): boolean {
  return path.startsWith(dirname(__dirname) + sep) || path.includes(`${sep}node_modules${sep}`);
}
