import { UserError } from "../errors";

/** Bytes at the start of a file that tell what it is. */
export const TELLING_BYTES = 64;

/**
 * Refuses what a download leaves in place of a large file: a pointer of Git LFS, or a web page.
 * @param start the file's first bytes, `TELLING_BYTES` or more where it has as many
 * @throws UserError that says what it is and how to get the file itself
 */
export function checkNotStandIn(path: string, start: Uint8Array): void {
  const text = Buffer.from(start.buffer, start.byteOffset, Math.min(start.length, TELLING_BYTES)).toString();
  if (/^version https:\/\/(?:git-lfs\.github\.com|hawser\.github\.com)\/spec\//.test(text)) {
    throw new UserError(
      `${path}: a pointer of Git LFS, not the file that it stands for`,
      "Run `git lfs pull` in its repository, or download the file itself.",
    );
  }
  if (/^\s*<(?:!doctype html|html)[\s>]/i.test(text)) {
    throw new UserError(
      `${path}: a web page, not the file that its name promises`,
      "Download it again; the site may ask you to log in or to agree to terms first.",
    );
  }
}
