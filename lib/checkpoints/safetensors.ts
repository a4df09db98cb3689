import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { UserError } from "../errors";
import { writeFileAtomically } from "../files/atomic";
import { asReadError } from "../files/read";
import { decodeBFloat16, decodeFloat16, encodeBFloat16, encodeFloat16 } from "./half-precision";
import { bytesPerElement, type DType, elementCount, type NamedArray, type NumberArray } from "./named-array";
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
  let file: number | undefined;
  try {
    file = openSync(path, "r");
    const fileSize = fstatSync(file).size;
    if (fileSize < 8) throw cutShort(path, "the format", 8, fileSize);
    const first = Buffer.from(readBytes(file, path, 0, 8));
    const headerSize = checkHeaderLength(path, first.readBigUInt64LE(0), fileSize);
    const dataStart = 8 + headerSize;
    const headerBytes = new Uint8Array(readBytes(file, path, 8, headerSize));
    const { entries, metadata } = parseHeader(path, headerBytes, fileSize - dataStart);
    const tensors = new Map<string, NamedArray>();
    for (const entry of entries) {
      const bytes = readBytes(file, path, dataStart + entry.start, entry.end - entry.start);
      tensors.set(entry.name, {
        dtype: entry.dtype,
        shape: entry.shape,
        values: decode(path, entry, bytes),
      });
    }
    return { tensors, metadata };
  } catch (error) {
    throw asReadError(path, error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** One system call reads less than 2 GiB. */
const largestRead = 2 ** 30;

function readBytes(file: number, path: string, position: number, length: number): ArrayBuffer {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; ) {
    const read = readSync(file, bytes, at, Math.min(length - at, largestRead), position + at);
    if (read === 0) throw cutShort(path, "header", position + length, position + at);
    at += read;
  }
  return bytes.buffer;
}

function decode(path: string, { name, dtype }: TensorEntry, bytes: ArrayBuffer): NumberArray {
  switch (dtype) {
    case "F32":
      return new Float32Array(bytes);
    case "F16":
      return decodeFloat16(new Uint16Array(bytes));
    case "BF16":
      return decodeBFloat16(new Uint16Array(bytes));
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

/** What `writeSafetensors` needs of a tensor; a `NamedArray` is one. */
export interface WritableArray {
  /** Given, an integer format is kept; otherwise integers are written as their array type says. */
  dtype?: DType;
  shape: readonly number[];
  values: NumberArray;
}

export interface SafetensorsOptions {
  /** The format of every tensor that is not of integers. Rounds to nearest, ties to even. Default F32. */
  dtype?: "F32" | "F16" | "BF16";
  /** Notes of the file's own. */
  metadata?: Record<string, string>;
}

/**
 * Writes a safetensors file, atomically, the same bytes whatever the order of the tensors.
 * @throws UserError where the file cannot be written or a value does not fit into F16
 */
export function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, WritableArray>,
  options: SafetensorsOptions = {},
): void {
  const order = Object.keys(bytesPerElement);
  const layout = [...tensors].map(([name, array]) => {
    if (name === "__metadata__" || elementCount(array.shape) !== array.values.length) {
      throw new Error(`tensor "${name}": [${array.shape.join(", ")}] is not ${array.values.length} values`);
    }
    return { name, array, dtype: storedType(array, options.dtype ?? "F32") };
  });
  // Widest format first keeps every tensor aligned; it is also the order of the format's own writer.
  layout.sort(
    (a, b) => order.indexOf(b.dtype) - order.indexOf(a.dtype) || Buffer.compare(utf8(a.name), utf8(b.name)),
  );

  const header = new Map<string, unknown>();
  if (options.metadata !== undefined) header.set("__metadata__", options.metadata);
  let at = 0;
  for (const { name, array, dtype } of layout) {
    const end = at + array.values.length * bytesPerElement[dtype];
    header.set(name, { dtype, shape: array.shape, data_offsets: [at, end] });
    at = end;
  }
  writeFileAtomically(
    path,
    (function* () {
      yield headerBytes(header);
      for (const { name, array, dtype } of layout) {
        try {
          yield* encode(array.values, dtype);
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          throw new UserError(`cannot write ${path}: tensor "${name}": ${error.problem}`, error.remedy);
        }
      }
    })(),
  );
}

/** JSON text of the header behind its length, padded with spaces to a multiple of 8 bytes. */
function headerBytes(header: ReadonlyMap<string, unknown>): Uint8Array {
  // By hand, since an object would move keys that look like numbers to the front.
  const fields = [...header].map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`);
  const json = utf8(`{${fields.join(",")}}`);
  const bytes = Buffer.alloc(8 + Math.ceil(json.length / 8) * 8, " ");
  bytes.writeBigUInt64LE(BigInt(bytes.length - 8), 0);
  json.copy(bytes, 8);
  return bytes;
}

function utf8(text: string): Buffer {
  return Buffer.from(text, "utf8");
}

function storedType({ dtype, values }: WritableArray, float: "F32" | "F16" | "BF16"): DType {
  if (dtype !== undefined && !["F64", "F32", "F16", "BF16"].includes(dtype)) return dtype;
  if (values instanceof Float32Array || values instanceof Float64Array) return float;
  if (values instanceof Int32Array) return "I32";
  if (values instanceof Uint32Array) return "U32";
  if (values instanceof Int16Array) return "I16";
  if (values instanceof Uint16Array) return "U16";
  return values instanceof Int8Array ? "I8" : "U8";
}

/** Elements converted at a time, so that writing needs little memory beyond the tensors. */
const block = 2 ** 20;

function* encode(values: NumberArray, dtype: DType): Generator<Uint8Array> {
  for (let at = 0; at < values.length; at += block) {
    const part = encodeBlock(values.subarray(at, at + block), dtype);
    yield new Uint8Array(part.buffer, part.byteOffset, part.byteLength);
  }
}

function encodeBlock(values: NumberArray, dtype: DType): NumberArray | BigInt64Array | BigUint64Array {
  const singles = () => (values instanceof Float32Array ? values : Float32Array.from(values));
  switch (dtype) {
    case "F32":
      return singles();
    case "F16":
      return encodeFloat16(singles());
    case "BF16":
      return encodeBFloat16(singles());
    case "F64":
      return Float64Array.from(values);
    case "I64":
      return BigInt64Array.from({ length: values.length }, (_, i) => BigInt(values[i]));
    case "U64":
      return BigUint64Array.from({ length: values.length }, (_, i) => BigInt(values[i]));
    case "I32":
      return Int32Array.from(values);
    case "U32":
      return Uint32Array.from(values);
    case "I16":
      return Int16Array.from(values);
    case "U16":
      return Uint16Array.from(values);
    case "I8":
      return Int8Array.from(values);
    case "U8":
    case "BOOL":
      return Uint8Array.from(values);
  }
}
