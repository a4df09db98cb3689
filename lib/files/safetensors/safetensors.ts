import { UserError } from "../../errors";
import { writeFileAtomically } from "../atomic";
import { encodeBFloat16, encodeFloat16 } from "./half-precision";
import { bytesPerElement, type DType, elementCount, type NumberArray } from "./named-array";

export { readSafetensors, type SafetensorsFile, SafetensorsSource } from "./safetensors-reader";

/** What `writeSafetensors` needs of a tensor; a `NamedArray` is one. */
export interface WritableArray {
  /** Given, an integer format is kept; otherwise integers are written as their array type says. */
  dtype?: DType;
  shape: readonly number[];
  /** Where `dtype` is given, asked for once, when it is written: a getter may make the numbers only then. */
  readonly values: NumberArray;
}

export interface SafetensorsOptions {
  /** The format of every tensor that is not of integers. Rounds to nearest, ties to even. Default F32. */
  dtype?: "F64" | "F32" | "F16" | "BF16";
  /** Notes of the file's own. */
  metadata?: Record<string, string>;
  /** Given all bytes of the file, in order, as they are written. */
  onBytes?: (bytes: Uint8Array) => void;
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
    if (name === "__metadata__") throw new Error("no tensor can be called __metadata__");
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
    const end = at + storedBytes(array, options);
    header.set(name, { dtype, shape: array.shape, data_offsets: [at, end] });
    at = end;
  }
  const { onBytes } = options;
  writeFileAtomically(
    path,
    (function* () {
      const first = headerBytes(header);
      onBytes?.(first);
      yield first;
      for (const { name, array, dtype } of layout) {
        const { shape, values } = array;
        if (elementCount(shape) !== values.length) {
          throw new Error(`tensor "${name}": [${shape.join(", ")}] is not ${values.length} values`);
        }
        try {
          for (const part of encode(values, dtype)) {
            onBytes?.(part);
            yield part;
          }
        } catch (error) {
          if (!(error instanceof UserError)) throw error;
          throw new UserError(`cannot write ${path}: tensor "${name}": ${error.problem}`, error.remedy);
        }
      }
    })(),
  );
}

/** Bytes that a tensor's numbers take in the file. */
export function storedBytes(array: WritableArray, { dtype = "F32" }: SafetensorsOptions): number {
  return elementCount(array.shape) * bytesPerElement[storedType(array, dtype)];
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

function storedType(array: WritableArray, float: NonNullable<SafetensorsOptions["dtype"]>): DType {
  const { dtype } = array;
  if (dtype !== undefined) return ["F64", "F32", "F16", "BF16"].includes(dtype) ? float : dtype;
  const { values } = array;
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
