import { decodeBFloat16, decodeFloat16 } from "../../../files";
import { q4_0, q4_1, q5_0, q5_1, q8_0 } from "./simple-blocks";
import { q4_k, q5_k, q6_k } from "./super-blocks";

/** Decodes whole blocks: as many as fill `values`. */
export type BlockDecoder = (bytes: Uint8Array, values: Float32Array) => void;

/** A number format of GGUF: numbers are stored in blocks that share their scales. */
export interface BlockType {
  name: string;
  /** Numbers in a block. */
  size: number;
  /** Bytes of a block. */
  bytes: number;
  decode: BlockDecoder;
}

/** The 16-bit words of bytes that may start at an odd place. */
const halves = (bytes: Uint8Array): Uint16Array =>
  new Uint16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));

const f32: BlockDecoder = (bytes, values) =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength).set(bytes);
const f16: BlockDecoder = (bytes, values) => void decodeFloat16(halves(bytes), values);
const bf16: BlockDecoder = (bytes, values) => void decodeBFloat16(halves(bytes), values);

/** The formats that we read, by their number in the file. */
export const blockTypes: ReadonlyMap<number, BlockType> = new Map([
  [0, { name: "F32", size: 1, bytes: 4, decode: f32 }],
  [1, { name: "F16", size: 1, bytes: 2, decode: f16 }],
  [2, { name: "Q4_0", size: 32, bytes: 18, decode: q4_0 }],
  [3, { name: "Q4_1", size: 32, bytes: 20, decode: q4_1 }],
  [6, { name: "Q5_0", size: 32, bytes: 22, decode: q5_0 }],
  [7, { name: "Q5_1", size: 32, bytes: 24, decode: q5_1 }],
  [8, { name: "Q8_0", size: 32, bytes: 34, decode: q8_0 }],
  [12, { name: "Q4_K", size: 256, bytes: 144, decode: q4_k }],
  [13, { name: "Q5_K", size: 256, bytes: 176, decode: q5_k }],
  [14, { name: "Q6_K", size: 256, bytes: 210, decode: q6_k }],
  [30, { name: "BF16", size: 1, bytes: 2, decode: bf16 }],
]);

/** Names of formats that exist and are not read, for the error. */
const others: ReadonlyMap<number, string> = new Map([
  [9, "Q8_1"],
  [10, "Q2_K"],
  [11, "Q3_K"],
  [15, "Q8_K"],
  [16, "IQ2_XXS"],
  [17, "IQ2_XS"],
  [18, "IQ3_XXS"],
  [19, "IQ1_S"],
  [20, "IQ4_NL"],
  [21, "IQ3_S"],
  [22, "IQ2_S"],
  [23, "IQ4_XS"],
  [24, "I8"],
  [25, "I16"],
  [26, "I32"],
  [27, "I64"],
  [28, "F64"],
  [29, "IQ1_M"],
  [34, "TQ1_0"],
  [35, "TQ2_0"],
  [39, "MXFP4"],
]);

/** What an error calls a format that we do not read. */
export function typeName(type: number): string {
  return others.get(type) ?? `number ${type}`;
}
