import { UserError } from "../../errors";
import { parseJson } from "../json";
import { isObject } from "../read";
import { duplicateKey } from "./duplicate-key";
import { bytesPerElement, type DType, elementCount } from "./named-array";

/** Where a tensor's bytes lie, from the end of the header. */
export interface TensorEntry {
  name: string;
  dtype: DType;
  shape: number[];
  start: number;
  end: number;
}

export interface SafetensorsHeader {
  entries: TensorEntry[];
  metadata: Record<string, string>;
}

/** The format's own limit, against a header that makes the reader allocate without end. */
export const largestHeader = 100_000_000;

const again = "Download or write it again.";

/**
 * Checks the first 8 bytes, the header's length, against the file.
 * @throws UserError naming the rule that is broken
 */
export function checkHeaderLength(path: string, length: bigint, fileSize: number): number {
  if (length > largestHeader) {
    throw broken(path, `header of ${spell(length)} bytes; at most ${spell(largestHeader)} are allowed`);
  }
  if (Number(length) > fileSize - 8) throw cutShort(path, "header", 8 + Number(length), fileSize);
  return Number(length);
}

export function cutShort(path: string, what: string, promised: number, held: number): UserError {
  return broken(path, `cut short: ${what} promises ${spell(promised)} bytes, file holds ${spell(held)}`);
}

/**
 * Parses a header and checks each rule of the format: tensors lie one after the other without hole or overlap,
 * each as long as its shape says, and the last ends where the file ends.
 * @param dataSize bytes of the file after the header
 * @throws UserError naming the tensor and the rule that is broken
 */
export function parseHeader(path: string, bytes: Uint8Array, dataSize: number): SafetensorsHeader {
  const header = headerOf(path, bytes);
  const { __metadata__: metadata = {}, ...tensors } = header;
  if (!isObject(metadata) || Object.values(metadata).some((value) => typeof value !== "string")) {
    throw broken(path, "header's __metadata__ is not a table of strings");
  }
  const entries = Object.entries(tensors).map(([name, info]) => parseEntry(path, name, info));
  entries.sort((a, b) => a.start - b.start || a.end - b.end);
  let at = 0;
  for (const { name, start, end } of entries) {
    if (start > at) throw broken(path, `bytes ${spell(at)} to ${spell(start)} belong to no tensor`);
    if (start < at) throw broken(path, `tensor "${name}" overlaps the one before it`);
    at = end;
  }
  const before = 8 + bytes.length;
  if (at > dataSize) throw cutShort(path, "header", before + at, before + dataSize);
  if (at < dataSize) throw broken(path, `${spell(dataSize - at)} bytes after the last tensor`);
  return { entries, metadata: metadata as Record<string, string> };
}

function headerOf(path: string, bytes: Uint8Array): Record<string, unknown> {
  if (bytes[0] !== 0x7b) throw broken(path, 'not a safetensors file: header does not start with "{"');
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw broken(path, "header is not UTF-8");
  }
  let header: Record<string, unknown>;
  try {
    header = parseJson(text) as Record<string, unknown>;
  } catch (error) {
    throw broken(path, `header is not valid JSON (${(error as Error).message})`);
  }
  const twice = duplicateKey(text);
  if (twice !== undefined) throw broken(path, `header holds "${twice}" twice`);
  return header;
}

function parseEntry(path: string, name: string, info: unknown): TensorEntry {
  const wrong = (what: string) => broken(path, `tensor "${name}": ${what}`);
  if (!isObject(info)) throw wrong("not an object");
  const { dtype, shape, data_offsets: offsets } = info;
  if (typeof dtype !== "string") throw wrong("dtype missing");
  if (!Object.hasOwn(bytesPerElement, dtype)) {
    throw new UserError(
      `${path}: tensor "${name}": dtype ${dtype} is not supported`,
      `Convert it to one of ${Object.keys(bytesPerElement).join(", ")}.`,
    );
  }
  if (!isSizes(shape)) throw wrong("shape is not a list of whole numbers from zero up");
  if (!isSizes(offsets) || offsets.length !== 2) throw wrong("data_offsets are not two whole numbers");
  const [start, end] = offsets;
  if (end < start) throw wrong("ends before it starts");
  const size = elementCount(shape) * bytesPerElement[dtype as DType];
  if (!Number.isSafeInteger(size)) throw wrong(`shape [${shape.join(", ")}] overflows`);
  if (size !== end - start) {
    throw wrong(
      `${dtype} [${shape.join(", ")}] takes ${spell(size)} bytes, header gives it ${spell(end - start)}`,
    );
  }
  return { name, dtype: dtype as DType, shape, start, end };
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

export function broken(path: string, what: string): UserError {
  return new UserError(`${path}: ${what}`, again);
}

function spell(n: number | bigint): string {
  return n.toLocaleString("en-US");
}
