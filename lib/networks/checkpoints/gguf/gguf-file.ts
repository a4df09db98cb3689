import { UserError } from "../../../errors";
import { checkMemory, checkNotStandIn, elementCount, TELLING_BYTES } from "../../../files";
import { stage } from "../../../stages";
import { type BlockType, blockTypes, typeName } from "./block-types";
import { ByteReader, damaged, quoted, spell } from "./byte-reader";
import { type Metadata, type MetadataValue, readMetadata } from "./metadata";

/** Where a tensor's blocks lie. */
export interface GgufTensor {
  name: string;
  /** Row-major, the last dimension contiguous, as everywhere here; the file counts them the other way. */
  shape: number[];
  type: BlockType;
  /** Place of the first byte in the file. */
  start: number;
  bytes: number;
}

/** Decoded at a time: the memory that reading takes beyond the tensor itself. */
const pieceValues = 1 << 18;

/**
 * A GGUF file, version 2 or 3: the header is read and checked when it is opened, a tensor when it is asked for.
 * The format: ggml's docs/gguf.md.
 */
export class GgufFile {
  readonly metadata: Metadata;
  /** By name, in the order of their bytes. */
  readonly tensors: ReadonlyMap<string, GgufTensor>;

  /** @throws UserError where it cannot be read, is no GGUF, is cut short, or breaks a rule of the format */
  constructor(readonly path: string) {
    const reader = new ByteReader(path);
    try {
      const [tensorCount, valueCount] = readHead(reader);
      const metadata = readMetadata(reader, valueCount);
      this.metadata = metadata;
      this.tensors = readTensors(reader, tensorCount, alignmentOf(path, metadata));
    } finally {
      reader.close();
    }
  }

  /**
   * A tensor's numbers in single precision.
   * @throws UserError where a number is NaN or infinite
   */
  read(name: string): Float32Array {
    const tensor = this.tensors.get(name);
    if (tensor === undefined) throw damaged(this.path, `it holds no tensor ${quoted(name)}`);
    const { type, start, shape } = tensor;
    checkMemory(`${this.path}: tensor ${quoted(name)}`, 4 * elementCount(shape));
    const values = new Float32Array(elementCount(shape));
    const reader = new ByteReader(this.path);
    try {
      const buffer = new Uint8Array((Math.min(pieceValues, values.length) / type.size) * type.bytes);
      const step = stage(`converting ${name}`, values.length / 1e6, "million numbers");
      for (let at = 0; at < values.length; at += pieceValues) {
        step(at / 1e6);
        const piece = values.subarray(at, at + pieceValues);
        const bytes = buffer.subarray(0, (piece.length / type.size) * type.bytes);
        reader.readInto(bytes, start + (at / type.size) * type.bytes);
        type.decode(bytes, piece);
        checkFinite(this.path, tensor, piece, at);
      }
    } finally {
      reader.close();
    }
    return values;
  }
}

/** Checks the first words. @returns the numbers of tensors and of key-value pairs */
function readHead(reader: ByteReader): [number, number] {
  const { path } = reader;
  const start = new Uint8Array(Math.min(TELLING_BYTES, reader.size));
  reader.readInto(start, 0);
  checkNotStandIn(path, start);
  if (reader.size < 4 || reader.uint32("the head") !== 0x46554747) {
    throw new UserError(`${path}: this is no GGUF file`, "It must start with the letters GGUF.");
  }
  const version = reader.uint32("the head");
  if (version !== 0 && version % 65_536 === 0) {
    throw new UserError(`${path}: a GGUF file for big-endian machines`, "Convert it to little-endian.");
  }
  if (version !== 2 && version !== 3) {
    throw new UserError(`${path}: GGUF of version ${version}; we read 2 and 3`, "Convert the model again.");
  }
  // The fewest bytes: a tensor's name, rank, one dimension, type and place; a pair's key, type and value.
  const tensors = reader.count("tensors", 32);
  return [tensors, reader.count("pairs of metadata", 13)];
}

function alignmentOf(path: string, metadata: ReadonlyMap<string, MetadataValue>): number {
  const alignment = metadata.get("general.alignment") ?? 32;
  if (typeof alignment === "number" && Number.isInteger(Math.log2(alignment)) && alignment <= 2 ** 20) {
    if (alignment >= 1) return alignment;
  }
  throw damaged(path, `general.alignment is ${String(alignment).slice(0, 40)}, not a small power of two`);
}

function readTensors(reader: ByteReader, count: number, alignment: number): Map<string, GgufTensor> {
  const { path } = reader;
  const listed: GgufTensor[] = [];
  const names = new Set<string>();
  for (let i = 0; i < count; i++) {
    const tensor = readTensorInfo(reader, alignment);
    if (names.has(tensor.name)) throw damaged(path, `it holds the tensor ${quoted(tensor.name)} twice`);
    names.add(tensor.name);
    listed.push(tensor);
  }
  const dataStart = Math.ceil(reader.position / alignment) * alignment;
  listed.sort((a, b) => a.start - b.start || a.bytes - b.bytes);
  let end = 0;
  let before = "";
  for (const { name, start, bytes } of listed) {
    if (start < end) throw damaged(path, `the tensors ${quoted(before)} and ${quoted(name)} overlap`);
    end = start + bytes;
    before = name;
    if (dataStart + end > reader.size) {
      const promised = spell(dataStart + end);
      throw damaged(
        path,
        `cut short: the tensor ${quoted(name)} ends at byte ${promised}, the file at ${spell(reader.size)}`,
      );
    }
  }
  return new Map(listed.map((tensor) => [tensor.name, { ...tensor, start: dataStart + tensor.start }]));
}

/** A tensor's entry in the header; `start` counts from the end of the header. */
function readTensorInfo(reader: ByteReader, alignment: number): GgufTensor {
  const name = reader.text("a tensor's name");
  const what = `the entry of tensor ${quoted(name)}`;
  const wrong = (problem: string) => damaged(reader.path, `tensor ${quoted(name)}: ${problem}`);
  const rank = reader.uint32(what);
  if (rank > 4 || rank === 0) throw wrong(`${spell(rank)} dimensions; the format has 1 to 4`);
  const shape = Array.from({ length: rank }, () => Number(reader.uint64(what))).reverse();
  const number = reader.uint32(what);
  const start = Number(reader.uint64(what));
  const type = blockTypes.get(number);
  if (type === undefined) {
    const known = [...blockTypes.values()].map((known) => known.name).join(", ");
    throw new UserError(
      `${reader.path}: tensor ${quoted(name)} has the type ${typeName(number)}, which we do not read`,
      `Take a file of the types ${known}.`,
    );
  }
  const count = elementCount(shape);
  if (!(count > 0)) throw wrong(`the shape [${shape.join(", ")}] is impossible`);
  if (shape[rank - 1] % type.size !== 0) {
    throw wrong(`its rows of ${spell(shape[rank - 1])} are not whole blocks of ${type.name} (${type.size})`);
  }
  const bytes = (count / type.size) * type.bytes;
  // Also ends what is beyond exact numbers; where in the file it may lie is known once the header ends.
  if (bytes > reader.size)
    throw wrong(
      `cut short or damaged, it takes ${spell(bytes)} bytes, more than the file's ${spell(reader.size)}`,
    );
  if (start > reader.size)
    throw wrong(
      `cut short or damaged, it starts at byte ${spell(start)}, the file ends at ${spell(reader.size)}`,
    );
  if (start % alignment !== 0) throw wrong(`it starts at byte ${spell(start)}, no multiple of ${alignment}`);
  return { name, shape, type, start, bytes };
}

function checkFinite(path: string, { name, type }: GgufTensor, values: Float32Array, first: number): void {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * 0;
  if (sum === 0) return;
  const at = values.findIndex((value) => !Number.isFinite(value));
  throw new UserError(
    `${path}: tensor ${quoted(name)} (${type.name}): number ${spell(first + at)} is ${values[at]}`,
    "A model's weights must be finite: download or convert it again.",
  );
}
