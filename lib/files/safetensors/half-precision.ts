import { UserError } from "../../errors";

const scratch = new DataView(new ArrayBuffer(4));

/** Bits of an IEEE 754 single. */
function bitsOf(values: Float32Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length);
}

/** Brain floats, the upper half of a single, to singles: exact. @param into where they are put */
export function decodeBFloat16(
  halves: Uint16Array,
  into: Float32Array = new Float32Array(halves.length),
): Float32Array {
  const bits = bitsOf(into);
  for (let i = 0; i < halves.length; i++) bits[i] = halves[i] << 16;
  return into;
}

/** Singles to brain floats, rounding to nearest, ties to even; NaN stays NaN. */
export function encodeBFloat16(values: Float32Array): Uint16Array {
  const bits = bitsOf(values);
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const b = bits[i];
    const notANumber = (b & 0x7fffffff) > 0x7f800000;
    // Without the special case a NaN whose payload is low would round to infinity.
    halves[i] = notANumber ? (b >>> 16) | 0x40 : (b + 0x7fff + ((b >>> 16) & 1)) >>> 16;
  }
  return halves;
}

let table: Float32Array | undefined;

/** IEEE 754 half precision to singles, through a table of all 65,536: exact. @param into where they are put */
export function decodeFloat16(
  halves: Uint16Array,
  into: Float32Array = new Float32Array(halves.length),
): Float32Array {
  const table = float16Table();
  for (let i = 0; i < halves.length; i++) into[i] = table[halves[i]];
  return into;
}

/** The value of each half precision number, by its 16 bits. */
export function float16Table(): Float32Array {
  table ??= Float32Array.from({ length: 0x10000 }, (_, half) => float16Value(half));
  return table;
}

function float16Value(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/**
 * Singles to IEEE 754 half precision, rounding to nearest, ties to even.
 * @throws UserError where a finite value would become infinite (beyond 65,504)
 */
export function encodeFloat16(values: Float32Array): Uint16Array {
  const bits = bitsOf(values);
  const halves = new Uint16Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const sign = (bits[i] >>> 16) & 0x8000;
    const size = bits[i] & 0x7fffffff;
    if (size > 0x7f800000) halves[i] = sign | 0x7e00;
    else if (size === 0x7f800000) halves[i] = sign | 0x7c00;
    else if (size >= 0x477ff000) throw tooLarge(values[i]);
    else if (size >= 0x38800000) {
      // Normal: re-bias the exponent from 127 to 15 and round away 13 bits of the fraction.
      halves[i] = sign | ((size - 0x38000000 + 0xfff + ((size >>> 13) & 1)) >>> 13);
    } else {
      // Subnormal: adding 0.5 makes the adder shift and round to steps of 2^-24.
      scratch.setUint32(0, size);
      scratch.setFloat32(0, scratch.getFloat32(0) + 0.5);
      halves[i] = sign | (scratch.getUint32(0) - 0x3f000000);
    }
  }
  return halves;
}

function tooLarge(value: number): UserError {
  return new UserError(
    `${value} is too large for half precision (F16 ends at 65,504)`,
    "Write the checkpoint as BF16 or F32.",
  );
}
