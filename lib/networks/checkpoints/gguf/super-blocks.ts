import type { BlockDecoder } from "./block-types";
import { half } from "./simple-blocks";

// Blocks of 256 numbers in groups that have small scales of their own, which share one scale in half precision.
// Products are rounded to single precision, step by step, as in ggml.

const scales = new Float32Array(8);
const minima = new Float32Array(8);

/** The 6-bit scales and minima of 8 groups, packed in 12 bytes, times d and dmin. */
function unpackScales(bytes: Uint8Array, at: number): void {
  const d = half(bytes, at);
  const dmin = half(bytes, at + 2);
  const packed = at + 4;
  for (let j = 0; j < 4; j++) {
    const low = bytes[packed + j];
    const middle = bytes[packed + 4 + j];
    const high = bytes[packed + 8 + j];
    scales[j] = d * (low & 63);
    minima[j] = dmin * (middle & 63);
    scales[j + 4] = d * ((high & 15) | ((low >> 2) & 48));
    minima[j + 4] = dmin * ((high >> 4) | ((middle >> 2) & 48));
  }
}

/** value = d s q − dmin m, of 4 bits; 8 groups of 32, two of them in 32 bytes */
export const q4_k: BlockDecoder = (bytes, values) => {
  for (let at = 0, out = 0; out < values.length; at += 144, out += 256) {
    unpackScales(bytes, at);
    for (let g = 0; g < 8; g += 2) {
      const quants = at + 16 + 16 * g;
      for (let i = 0; i < 32; i++) {
        const q = bytes[quants + i];
        values[out + 32 * g + i] = Math.fround(scales[g] * (q & 15)) - minima[g];
        values[out + 32 * g + 32 + i] = Math.fround(scales[g + 1] * (q >> 4)) - minima[g + 1];
      }
    }
  }
};

/** As `q4_k`, and a fifth bit: that of group g is bit g of 32 bytes. */
export const q5_k: BlockDecoder = (bytes, values) => {
  for (let at = 0, out = 0; out < values.length; at += 176, out += 256) {
    unpackScales(bytes, at);
    const high = at + 16;
    for (let g = 0; g < 8; g += 2) {
      const quants = at + 48 + 16 * g;
      for (let i = 0; i < 32; i++) {
        const q = bytes[quants + i];
        const h = bytes[high + i] >> g;
        const first = (q & 15) | ((h & 1) << 4);
        const second = (q >> 4) | ((h & 2) << 3);
        values[out + 32 * g + i] = Math.fround(scales[g] * first) - minima[g];
        values[out + 32 * g + 32 + i] = Math.fround(scales[g + 1] * second) - minima[g + 1];
      }
    }
  }
};

/** value = d s (q − 32), of 6 bits; 16 groups of 16 with signed scales of a byte */
export const q6_k: BlockDecoder = (bytes, values) => {
  for (let at = 0, out = 0; out < values.length; at += 210, out += 256) {
    const d = half(bytes, at + 208);
    for (let part = 0; part < 2; part++) {
      const low = at + 64 * part;
      const high = at + 128 + 32 * part;
      for (let k = 0; k < 4; k++) {
        const quants = low + 32 * (k & 1);
        for (let side = 0; side < 2; side++) {
          const scale = (bytes[at + 192 + 8 * part + 2 * k + side] << 24) >> 24;
          const step = Math.fround(d * scale);
          for (let i = 16 * side; i < 16 * side + 16; i++) {
            const q =
              ((bytes[quants + i] >> (k & 2 ? 4 : 0)) & 15) | (((bytes[high + i] >> (2 * k)) & 3) << 4);
            values[out + 128 * part + 32 * k + i] = step * (q - 32);
          }
        }
      }
    }
  }
};
