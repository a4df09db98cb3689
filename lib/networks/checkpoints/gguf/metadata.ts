import { stage } from "../../../stages";
import { type ByteReader, damaged, quoted } from "./byte-reader";

/** A value of the file's metadata; whole numbers beyond 2^53 are rounded. */
export type MetadataValue = number | boolean | string | MetadataList;

/** Numbers lie in a typed array, so that a vocabulary's scores take four bytes each. */
export type MetadataList =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array
  | string[]
  | MetadataList[];

export type Metadata = ReadonlyMap<string, MetadataValue>;

const STRING = 8;
const LIST = 9;

/** Bytes of each type's value, of a text or list the fewest. */
const sizes = [1, 1, 2, 2, 4, 4, 4, 1, 8, 12, 8, 8, 8];

/** Lists within lists: the format does not limit them, a damaged file could nest without end. */
const deepest = 4;

/**
 * Reads the key-value pairs of a header.
 * @throws UserError where the file is cut short or breaks the format
 */
export function readMetadata(reader: ByteReader, count: number): Map<string, MetadataValue> {
  const values = new Map<string, MetadataValue>();
  for (let i = 0; i < count; i++) {
    const key = reader.text("a metadata key");
    const type = reader.uint32(`the type of ${quoted(key)}`);
    if (values.has(key)) throw damaged(reader.path, `metadata holds ${quoted(key)} twice`);
    values.set(key, readValue(reader, key, type, 0));
  }
  return values;
}

function readValue(reader: ByteReader, key: string, type: number, depth: number): MetadataValue {
  const what = quoted(key);
  if (type === STRING) return reader.text(what);
  if (type === LIST) {
    const element = reader.uint32(`the type of ${quoted(key)}`);
    checkType(reader, key, element);
    if (depth === deepest) throw damaged(reader.path, `metadata ${quoted(key)} is nested too deeply`);
    const count = reader.count(`elements of ${quoted(key)}`, sizes[element]);
    if (element === STRING) return list(count, () => reader.text(what));
    if (element === LIST) {
      return list(count, () => readValue(reader, key, LIST, depth + 1) as MetadataList);
    }
    return readNumbers(reader, key, element, count);
  }
  checkType(reader, key, type);
  const [value] = readNumbers(reader, key, type, 1);
  return type === 7 ? value !== 0 : value;
}

/** Grows as it is read: the count that the file promises is not to be trusted. */
function list<T>(count: number, read: () => T): T[] {
  const items: T[] = [];
  const step = stage("reading the tokenizer", count, "entries");
  for (let i = 0; i < count; i++) {
    step(i);
    items.push(read());
  }
  return items;
}

function checkType(reader: ByteReader, key: string, type: number): void {
  if (type >= sizes.length)
    throw damaged(reader.path, `metadata ${quoted(key)} has the unknown type ${type}`);
}

function readNumbers(reader: ByteReader, key: string, type: number, count: number) {
  const bytes = reader.bytes(count * sizes[type], quoted(key));
  const { buffer } = bytes;
  switch (type) {
    case 1:
      return new Int8Array(buffer);
    case 2:
      return new Uint16Array(buffer);
    case 3:
      return new Int16Array(buffer);
    case 4:
      return new Uint32Array(buffer);
    case 5:
      return new Int32Array(buffer);
    case 6:
      return new Float32Array(buffer);
    case 10:
      return Float64Array.from(new BigUint64Array(buffer), Number);
    case 11:
      return Float64Array.from(new BigInt64Array(buffer), Number);
    case 12:
      return new Float64Array(buffer);
    default:
      return bytes; // bytes and truth values
  }
}
