import { Gunzip, InflateRaw } from "minizlib";
import { UserError } from "../errors";

// Deflate packs 1,032 times at best: a step makes 17 MB at most, whatever the input.
const stepBytes = 1 << 14;

/**
 * Unpacks gzip, of one member or several, step by step.
 * @param place for messages
 * @throws UserError where it is cut short or damaged (its checksum is checked)
 */
export function gunzip(place: string, packed: Iterable<Uint8Array>): Generator<Uint8Array> {
  return unpacked(new Gunzip({}), packed, (code, cause) => {
    const problem = code === "Z_BUF_ERROR" ? "the gzip file is cut short" : "this is no intact gzip file";
    return new UserError(`${place}: ${problem}`, "Download or copy it again.", { cause });
  });
}

/** Unpacks a deflate stream without head or checksum. @param damaged what is thrown where it is no such stream */
export function inflate(
  packed: Iterable<Uint8Array>,
  damaged: (cause: Error) => UserError,
): Generator<Uint8Array> {
  return unpacked(new InflateRaw({}), packed, (_, cause) => damaged(cause));
}

function* unpacked(
  stream: Gunzip | InflateRaw,
  packed: Iterable<Uint8Array>,
  asUserError: (code: string, cause: Error) => UserError,
): Generator<Uint8Array> {
  let ready: Uint8Array[] = [];
  let failure: Error | undefined;
  let any = false;
  stream.on("data", (chunk) => ready.push(chunk as unknown as Uint8Array));
  stream.on("error", (error) => {
    failure = error as Error;
  });
  const taken = function* () {
    if (ready.length > 0) yield ready.length === 1 ? ready[0] : Buffer.concat(ready);
    ready = [];
    if (failure !== undefined) throw asUserError((failure as NodeJS.ErrnoException).code ?? "", failure);
  };
  try {
    for (const bytes of packed) {
      for (let at = 0; at < bytes.length; at += stepBytes) {
        any = true;
        stream.write(
          Buffer.from(bytes.buffer, bytes.byteOffset + at, Math.min(stepBytes, bytes.length - at)),
        );
        yield* taken();
      }
    }
    if (any) stream.end();
    else failure = Object.assign(new Error("no bytes"), { code: "Z_BUF_ERROR" });
    yield* taken();
  } finally {
    stream.close();
  }
}
