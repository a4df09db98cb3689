import { float16Table } from "../../../files";
import type { BlockDecoder } from "./block-types";

const float16 = float16Table();

/** The half-precision number at a place. */
export function half(bytes: Uint8Array, at: number): number {
  return float16[bytes[at] | (bytes[at + 1] << 8)];
}

// Blocks of 32 numbers: a scale d, perhaps a minimum m, and 4, 5 or 8 bits a number. The low halves of the 16
// bytes are the first 16 numbers, the high halves the last. Products are rounded to single precision as in ggml.

/** value = d (q − 8) */
export const q4_0: BlockDecoder = (bytes, values) => {
  for (let at = 0, out = 0; out < values.length; at += 18, out += 32) {
    const d = half(bytes, at);
    for (let i = 0; i < 16; i++) {
      const q = bytes[at + 2 + i];
      values[out + i] = d * ((q & 15) - 8);
      values[out + 16 + i] = d * ((q >> 4) - 8);
    }
  }
};

/** value = d q + m */
export const q4_1: BlockDecoder = (bytes, values) => {
  for (let at = 0, out = 0; out < values.length; at += 20, out += 32) {
    const d = half(bytes, at);
    const m = half(bytes, at + 2);
    for (let i = 0; i < 16; i++) {
      const q = bytes[at + 4 + i];
      values[out + i] = Math.fround(d * (q & 15)) + m;
      values[out + 16 + i] = Math.fround(d * (q >> 4)) + m;
    }
  }
};

/** The fifth bits of 32 numbers. */
function fifthBits(bytes: Uint8Array, at: number): number {
  return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24);
}

/** value = d (q − 16) */
export const q5_0: BlockDecoder = (bytes, values) => {
  for (let at = 0, out = 0; out < values.length; at += 22, out += 32) {
    const d = half(bytes, at);
    const high = fifthBits(bytes, at + 2);
    for (let i = 0; i < 16; i++) {
      const q = bytes[at + 6 + i];
      values[out + i] = d * (((q & 15) | (((high >>> i) & 1) << 4)) - 16);
      values[out + 16 + i] = d * (((q >> 4) | (((high >>> (i + 16)) & 1) << 4)) - 16);
    }
  }
};

/** value = d q + m */
export const q5_1: BlockDecoder = (bytes, values) => {
  for (let at = 0, out = 0; out < values.length; at += 24, out += 32) {
    const d = half(bytes, at);
    const m = half(bytes, at + 2);
    const high = fifthBits(bytes, at + 4);
    for (let i = 0; i < 16; i++) {
      const q = bytes[at + 8 + i];
      values[out + i] = Math.fround(d * ((q & 15) | (((high >>> i) & 1) << 4))) + m;
      values[out + 16 + i] = Math.fround(d * ((q >> 4) | (((high >>> (i + 16)) & 1) << 4))) + m;
    }
  }
};

/** value = d q, q a signed byte */
export const q8_0: BlockDecoder = (bytes, values) => {
  const signed = new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0, out = 0; out < values.length; at += 34, out += 32) {
    const d = half(bytes, at);
    for (let i = 0; i < 32; i++) values[out + i] = d * signed[at + 2 + i];
  }
};
