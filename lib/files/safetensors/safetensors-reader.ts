import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { checkMemory } from "../memory";
import { asReadError } from "../read";
import { checkNotStandIn, TELLING_BYTES } from "../stand-in";
import { decodeBFloat16, decodeFloat16 } from "./half-precision";
import type { DType, NamedArray, NumberArray, TensorSource } from "./named-array";
import { broken, checkHeaderLength, cutShort, parseHeader, type TensorEntry } from "./safetensors-header";

/** The tensors of a safetensors file, in the order of their bytes, and its own notes. */
export interface SafetensorsFile {
  tensors: Map<string, NamedArray>;
  metadata: Record<string, string>;
}

/**
 * Reads a safetensors file whole, after checking every rule of the format.
 * @throws UserError where the file cannot be read, breaks a rule, or holds a format that we do not read
 */
export function readSafetensors(path: string): SafetensorsFile {
  const file = new SafetensorsSource(path);
  const tensors = new Map([...file.shapes.keys()].map((name) => [name, file.read(name)]));
  return { tensors, metadata: file.metadata };
}

/** A safetensors file whose header was read and checked; its numbers are read a tensor at a time. */
export class SafetensorsSource implements TensorSource {
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  readonly metadata: Record<string, string>;
  private readonly entries: ReadonlyMap<string, TensorEntry>;
  private readonly dataStart: number;

  /** @throws UserError where the file cannot be read, breaks a rule, or holds a format that we do not read */
  constructor(readonly path: string) {
    const { entries, metadata, dataStart } = withFile(path, (file) => readHeader(path, file));
    this.entries = new Map(entries.map((entry) => [entry.name, entry]));
    this.shapes = new Map(entries.map(({ name, shape }) => [name, shape]));
    this.metadata = metadata;
    this.dataStart = dataStart;
  }

  /** @throws UserError where the file can no longer be read */
  read(name: string): NamedArray {
    const entry = this.entries.get(name);
    if (entry === undefined) throw new Error(`${this.path}: no tensor "${name}"`);
    const { dtype, shape } = entry;
    const values = withFile(this.path, (file) =>
      readValues(this.path, file, entry, this.dataStart + entry.start),
    );
    return { dtype, shape, values };
  }

  fileOf(): string {
    return this.path;
  }
}

function withFile<T>(path: string, use: (file: number) => T): T {
  let file: number | undefined;
  try {
    file = openSync(path, "r");
    return use(file);
  } catch (error) {
    throw asReadError(path, error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function readHeader(path: string, file: number) {
  const fileSize = fstatSync(file).size;
  if (fileSize < 8) throw cutShort(path, "the format", 8, fileSize);
  const first = Buffer.from(readBytes(file, path, 0, Math.min(TELLING_BYTES, fileSize)));
  checkNotStandIn(path, first);
  const headerSize = checkHeaderLength(path, first.readBigUInt64LE(0), fileSize);
  const dataStart = 8 + headerSize;
  const headerBytes = new Uint8Array(readBytes(file, path, 8, headerSize));
  return { ...parseHeader(path, headerBytes, fileSize - dataStart), dataStart };
}

/** One system call reads less than 2 GiB. */
const largestRead = 2 ** 30;

function readBytes(file: number, path: string, position: number, length: number): ArrayBuffer {
  const bytes = new Uint8Array(length);
  fill(file, path, position, bytes);
  return bytes.buffer;
}

function fill(file: number, path: string, position: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) {
    const read = readSync(file, bytes, at, Math.min(bytes.length - at, largestRead), position + at);
    if (read === 0) throw cutShort(path, "header", position + bytes.length, position + at);
    at += read;
  }
}

/** Half-precision numbers decoded at a time, so that the file's bytes are never in memory beside all numbers. */
const HALVES_AT_ONCE = 2 ** 20;

function readValues(path: string, file: number, entry: TensorEntry, position: number): NumberArray {
  const { name, dtype, start, end } = entry;
  checkMemory(`${path}: tensor "${name}"`, (end - start) * (dtype === "F16" || dtype === "BF16" ? 2 : 1));
  switch (dtype) {
    case "F32":
      return new Float32Array(readBytes(file, path, position, end - start));
    case "F16":
    case "BF16": {
      const values = new Float32Array((end - start) / 2);
      const halves = new Uint16Array(Math.min(values.length, HALVES_AT_ONCE));
      const decodeHalves = dtype === "F16" ? decodeFloat16 : decodeBFloat16;
      for (let at = 0; at < values.length; at += halves.length) {
        const part = halves.subarray(0, values.length - at);
        fill(file, path, position + 2 * at, new Uint8Array(part.buffer, 0, part.byteLength));
        decodeHalves(part, values.subarray(at, at + part.length));
      }
      return values;
    }
    default:
      return decode(path, name, dtype, readBytes(file, path, position, end - start));
  }
}

function decode(
  path: string,
  name: string,
  dtype: Exclude<DType, "F32" | "F16" | "BF16">,
  bytes: ArrayBuffer,
): NumberArray {
  switch (dtype) {
    case "F64":
      return new Float64Array(bytes);
    case "I64":
    case "U64":
      return Float64Array.from(
        dtype === "I64" ? new BigInt64Array(bytes) : new BigUint64Array(bytes),
        (value) => {
          const number = Number(value);
          if (!Number.isSafeInteger(number)) throw broken(path, `tensor "${name}": ${value} is beyond 2^53`);
          return number;
        },
      );
    case "I32":
      return new Int32Array(bytes);
    case "U32":
      return new Uint32Array(bytes);
    case "I16":
      return new Int16Array(bytes);
    case "U16":
      return new Uint16Array(bytes);
    case "I8":
      return new Int8Array(bytes);
    case "U8":
      return new Uint8Array(bytes);
    case "BOOL": {
      const values = new Uint8Array(bytes);
      if (values.some((value) => value > 1))
        throw broken(path, `tensor "${name}": a BOOL is neither 0 nor 1`);
      return values;
    }
  }
}
