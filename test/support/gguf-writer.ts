/** A value of GGUF's metadata, by the number of its type. */
export type Typed = [type: number, value: Uint8Array];

export const u32 = (value: number): Uint8Array => Buffer.from(Uint32Array.of(value).buffer);
export const u64 = (value: number | bigint): Uint8Array =>
  Buffer.from(BigUint64Array.of(BigInt(value)).buffer);
export const f32 = (value: number): Uint8Array => Buffer.from(Float32Array.of(value).buffer);
export const text = (value: string): Uint8Array =>
  Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);

export interface WrittenTensor {
  name: string;
  /** As the file counts them: the contiguous dimension first. */
  dimensions: (number | bigint)[];
  type: number;
  offset: number | bigint;
}

/** The bytes of a GGUF file, right or wrong: nothing is checked. */
export function ggufBytes(file: {
  magic?: string;
  version?: number;
  tensorCount?: number | bigint;
  valueCount?: number | bigint;
  metadata?: Record<string, Typed>;
  tensors?: WrittenTensor[];
  data?: Uint8Array;
}): Buffer {
  const { magic = "GGUF", version = 3, metadata = {}, tensors = [], data = Buffer.alloc(0) } = file;
  const pairs = Object.entries(metadata).map(([key, [type, value]]) =>
    Buffer.concat([text(key), u32(type), value]),
  );
  const entries = tensors.map(({ name, dimensions, type, offset }) =>
    Buffer.concat([text(name), u32(dimensions.length), ...dimensions.map(u64), u32(type), u64(offset)]),
  );
  const header = Buffer.concat([
    Buffer.from(magic),
    u32(version),
    u64(file.tensorCount ?? tensors.length),
    u64(file.valueCount ?? pairs.length),
    ...pairs,
    ...entries,
  ]);
  return Buffer.concat([header, Buffer.alloc((32 - (header.length % 32)) % 32), data]);
}
