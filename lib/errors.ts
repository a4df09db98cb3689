/**
 * A mistake in what the user gave us: a file, a setting, an environment. The command line prints it as one
 * line and ends with status 2; any other error is a bug of ours, keeps its stack and ends with status 1.
 */
export class UserError extends Error {
  override readonly name = "UserError";

  /**
   * @param problem what is wrong, with the file and line where there is one: `careers.csv:12: year "19x7" is not a number`
   * @param remedy what to do about it, a sentence
   */
  constructor(
    readonly problem: string,
    readonly remedy?: string,
    options?: ErrorOptions,
  ) {
    super(remedy === undefined ? problem : `${problem}. ${remedy}`, options);
  }
}

/**
 * A file that this package wrote for itself is no longer as it was written. Whoever can make it anew does; otherwise it
 * is the user's to hear.
 */
export class DamagedFile extends UserError {}
