import { UserError } from "../../errors";
import { longestLine } from "../../files";

/** Called for each line: its bytes are buffer[start … end), without line end; `line` counts from 1. */
export type OnLine = (buffer: Buffer, start: number, end: number, line: number) => void;

const lf = 0x0a;
const cr = 0x0d;

/**
 * Walks through the lines of a file of any size, whatever mixture of "\n", "\r\n" and "\r" ends them, without
 * byte-order mark. Blank lines are passed over.
 * @param place of the file, for messages
 * @throws UserError where a line is too long to hold
 */
export function forEachLine(place: string, chunks: Iterable<Uint8Array>, onLine: OnLine): void {
  let rest: Buffer = Buffer.alloc(0);
  let line = 0;
  let first = true;
  const give = (buffer: Buffer, start: number, end: number) => {
    line++;
    for (let at = start; at < end; at++) {
      if (buffer[at] !== 0x20 && buffer[at] !== 0x1a) {
        onLine(buffer, start, end, line);
        return;
      }
    }
  };
  const walk = (buffer: Buffer, last: boolean): Buffer => {
    let start = 0;
    let nextLf = -2;
    let nextCr = -2;
    for (;;) {
      if (nextLf !== -1 && nextLf < start) nextLf = buffer.indexOf(lf, start);
      if (nextCr !== -1 && nextCr < start) nextCr = buffer.indexOf(cr, start);
      let end = nextLf;
      if (nextCr !== -1 && (nextLf === -1 || nextCr < nextLf)) end = nextCr;
      // A "\r" at the very end may be half of "\r\n".
      if (end === -1 || (!last && end === nextCr && end === buffer.length - 1)) return buffer.subarray(start);
      give(buffer, start, end);
      start = end + (buffer[end] === cr && buffer[end + 1] === lf ? 2 : 1);
    }
  };
  for (const chunk of chunks) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let buffer = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    if (first && buffer.length >= 3) {
      if (buffer[0] === 0xef && buffer[1] === 0xbb && buffer[2] === 0xbf) buffer = buffer.subarray(3);
      first = false;
    }
    rest = walk(buffer, false);
    if (rest.length > longestLine) {
      throw new UserError(
        `${place}:${line + 1}: a line of more than ${longestLine / 2 ** 20} MiB`,
        "Download the file again.",
      );
    }
  }
  rest = walk(rest, true);
  if (rest.length > 0) give(rest, 0, rest.length);
}
