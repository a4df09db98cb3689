import * as tf from "@tensorflow/tfjs";
import { isNative, runNative } from "./native";

/**
 * A matrix in 8 bits: whole numbers from -127 to 127 times a scale of each row. TensorFlow.js has no 8-bit tensor, so
 * four rows lie in one of 32-bit words: byte b of word (r, c) is the number of row b·R + r, column c.
 */
export interface Int8Matrix {
  /** (rows, columns) of the matrix. */
  shape: [number, number];
  /** (R, columns) int32; R is a quarter of the rows, rounded up. */
  words: tf.Tensor2D;
  /** (rows): what a row's whole numbers are multiplied by. */
  scales: tf.Tensor1D;
}

/** Rounds a matrix to 8 bits, each row by its largest number. */
export function toInt8(values: Float32Array, [rows, columns]: [number, number]): Int8Matrix {
  const quarter = Math.ceil(rows / 4);
  const words = new Int32Array(quarter * columns);
  const bytes = new Int8Array(words.buffer);
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const own = values.subarray(row * columns, (row + 1) * columns);
    let largest = 0;
    for (let c = 0; c < columns; c++) largest = Math.max(largest, Math.abs(own[c]));
    scales[row] = largest / 127;
    const inverse = largest === 0 ? 0 : 127 / largest;
    // A word's lowest byte comes first in memory on every machine that Node runs on but one.
    let at = (row % quarter) * columns * 4 + Math.floor(row / quarter);
    for (let c = 0; c < columns; c++, at += 4) bytes[at] = Math.round(own[c] * inverse);
  }
  return {
    shape: [rows, columns],
    words: taken(tf.tensor2d(words, [quarter, columns], "int32")),
    scales: tf.tensor1d(scales),
  };
}

/** The native engine copies numbers when they are first computed with; until then both would be in memory. */
function taken<T extends tf.Tensor>(tensor: T): T {
  tf.dispose(tf.tidy(() => tf.slice(tensor, Array(tensor.rank).fill(0), Array(tensor.rank).fill(1))));
  return tensor;
}

/** Numbers decoded at a time. */
const AT_ONCE = 2 ** 23;

/** Stretches of rows that can be decoded by themselves, in order: which byte, and which rows of the words. */
function* stretches({ shape: [rows, columns], words }: Int8Matrix) {
  const quarter = words.shape[0];
  const size = Math.max(1, Math.floor(AT_ONCE / columns));
  for (let byte = 0; byte < 4; byte++) {
    const end = Math.min(quarter, rows - byte * quarter);
    for (let from = 0; from < end; from += size) yield { byte, from, size: Math.min(size, end - from) };
  }
}

/** Byte `byte` of some words, as float32. @param byte a number, or one for each row, (rows, 1) int32 */
function bytesOf(words: tf.Tensor2D, byte: number | tf.Tensor): tf.Tensor2D {
  return tf.tidy(() => {
    if (isNative()) {
      const left =
        typeof byte === "number" ? tf.scalar(24 - 8 * byte, "int32") : tf.sub(24, byte.mul(8)).toInt();
      const high = runNative("LeftShift", { T: "int32" }, [words, left]);
      return runNative("RightShift", { T: "int32" }, [high, tf.scalar(24, "int32")]).toFloat() as tf.Tensor2D;
    }
    const [rows, columns] = words.shape;
    const numbers = words.dataSync() as Int32Array;
    const places = typeof byte === "number" ? undefined : byte.dataSync();
    const values = new Float32Array(numbers.length);
    for (let row = 0, at = 0; row < rows; row++) {
      const left = 24 - 8 * (places === undefined ? (byte as number) : places[row]);
      for (let c = 0; c < columns; c++, at++) values[at] = (numbers[at] << left) >> 24;
    }
    return tf.tensor2d(values, [rows, columns]);
  });
}

/** The matrix in float32. */
export function fromInt8(matrix: Int8Matrix): tf.Tensor2D {
  return tf.tidy(() => {
    const parts = [...stretches(matrix)].map(({ byte, from, size }) =>
      bytesOf(tf.slice(matrix.words, [from, 0], [size, -1]), byte),
    );
    return tf.concat(parts).mul<tf.Tensor2D>(matrix.scales.expandDims(1));
  });
}

/** Rows of the matrix in float32. @param ids (N) int32 */
export function rowsFromInt8({ words, scales }: Int8Matrix, ids: tf.Tensor1D): tf.Tensor2D {
  return tf.tidy(() => {
    const quarter = tf.scalar(words.shape[0], "int32");
    const byte = tf.floorDiv(ids, quarter); // (N)
    const chosen = tf.gather(words, ids.sub(byte.mul(quarter)).toInt()); // (N, columns)
    const scale = tf.gather(scales, ids).expandDims(1); // (N, 1)
    return bytesOf(chosen, byte.expandDims(1).toInt()).mul<tf.Tensor2D>(scale);
  });
}

/**
 * The linear map by the matrix, decoded some rows at a time. No gradient.
 * @param x (N, columns)
 * @returns (N, rows)
 */
export function linearInt8(x: tf.Tensor2D, matrix: Int8Matrix): tf.Tensor2D {
  return tf.tidy(() => {
    const parts = [...stretches(matrix)].map(({ byte, from, size }) =>
      tf.tidy(() => tf.matMul(x, bytesOf(tf.slice(matrix.words, [from, 0], [size, -1]), byte), false, true)),
    );
    return tf.concat(parts, 1).mul<tf.Tensor2D>(matrix.scales); // (N, rows)
  });
}

export function disposeInt8({ words, scales }: Int8Matrix): void {
  tf.dispose([words, scales]);
}
