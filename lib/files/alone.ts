import { join } from "node:path";
import { UserError } from "../errors";
import { asUserError } from "./atomic";
import { describeHolder, exclusively } from "./exclusive";
import { makeFolder } from "./make-folder";

/**
 * Does some work in a folder in which nobody else does such work meanwhile.
 * @param folder is made
 * @throws UserError where somebody does, or the folder cannot be written; and as `work`
 */
export async function aloneIn<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  try {
    makeFolder(folder);
  } catch (error) {
    throw asUserError(folder, error);
  }
  return exclusively(join(folder, ".lock"), work, {
    onHeld(holder) {
      throw new UserError(
        `${folder} is in use by ${describeHolder(holder)}`,
        "Wait until that has ended, or name another folder.",
      );
    },
  });
}
