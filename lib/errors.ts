/**
 * A mistake in what the user gave us: a file, a setting, an environment. The command line prints it as one
 * line and ends with status 2; any other error is a bug of ours, keeps its stack and ends with status 1.
 */
export class UserError extends Error {
  override readonly name = "UserError";
  readonly problem: string;

  /**
   * What a damaged file or a wrong name puts into the words is kept to one line of a readable length.
   * @param problem what is wrong, with the file and line where there is one: `careers.csv:12: year "19x7" is not a number`
   * @param remedy what to do about it, a sentence
   */
  constructor(
    problem: string,
    readonly remedy?: string,
    options?: ErrorOptions,
  ) {
    const line = oneLine(problem);
    super(remedy === undefined ? line : `${line}. ${remedy}`, options);
    this.problem = line;
  }
}

/**
 * A file that this package wrote for itself is no longer as it was written. Whoever can make it anew does; otherwise it
 * is the user's to hear.
 */
export class DamagedFile extends UserError {}
const longest = 1000;

function oneLine(text: string): string {
  const shown =
    text.length <= longest ? text : `${text.slice(0, longest - 200)} … ${text.slice(text.length - 190)}`;
  return shown.replace(/\s*[\n\r\u2028\u2029]\s*/g, " ").replace(/\p{Cc}/gu, "\uFFFD");
}
