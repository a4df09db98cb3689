/** Bytes per element of each number format that we read, in the order by which the format's own writer sorts. */
export const bytesPerElement = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  F64: 8,
  I64: 8,
  U64: 8,
} as const;

/** A number format, by its name in safetensors. */
export type DType = keyof typeof bytesPerElement;

export type NumberArray =
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

/** A tensor at rest: numbers and a shape, on no backend. */
export interface NamedArray {
  /** The format in the file; F16 and BF16 are decoded to Float32Array, I64 and U64 to a Float64Array of whole numbers. */
  dtype: DType;
  /** Empty for a scalar. */
  shape: number[];
  /** Row-major. */
  values: NumberArray;
}

/** Tensors whose numbers are read one by one, so that a large model is in memory once, not twice. */
export interface TensorSource {
  /** By name. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
  /** @throws UserError where the numbers cannot be read */
  read(name: string): NamedArray;
  /** The file that holds a tensor, for errors. */
  fileOf(name: string): string;
}

/** Tensors in memory as a source. @param file named in errors */
export function sourceOf(tensors: ReadonlyMap<string, NamedArray>, file: string): TensorSource {
  return {
    shapes: new Map([...tensors].map(([name, { shape }]) => [name, shape])),
    read: (name) => tensors.get(name)!,
    fileOf: () => file,
  };
}

/** Number of elements of a shape; NaN where it is beyond exact arithmetic. */
export function elementCount(shape: readonly number[]): number {
  const count = shape.reduce((product, size) => product * size, 1);
  return Number.isSafeInteger(count) ? count : Number.NaN;
}
