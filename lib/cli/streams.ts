import { UserError } from "../errors";
import { reasonOf } from "../files";

let guarded = false;

/**
 * Lets work end where nobody reads what it prints (`| head`): a closed pipe drops the rest. Where standard output
 * cannot be written for another reason, a full disk say, one line tells, and the exit status is `mistake`.
 */
export function guardStreams(mistake: number): void {
  if (guarded) return;
  guarded = true;
  process.stdout.on("error", (error) => {
    const told = asStreamError(error);
    if (told === undefined) return;
    if (!(told instanceof UserError)) throw told;
    process.stderr.write(`${told.message}\n`);
    process.exitCode = mistake;
  });
  process.stderr.on("error", () => {}); // there is nowhere to tell it
}

/** The error of a standard stream as what the user can mend; nothing where the reader has gone. */
function asStreamError(error: NodeJS.ErrnoException): unknown {
  if (error.code === "EPIPE" || error.code === "ERR_STREAM_DESTROYED") return undefined;
  const reason = reasonOf(error, "write");
  if (reason === undefined) return error;
  return new UserError(`cannot write standard output: ${reason}`, "Make room, or send it elsewhere.");
}
