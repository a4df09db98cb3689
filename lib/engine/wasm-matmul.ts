import * as tf from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import type { KernelArguments } from "./wasm-kernels";

/** The stock kernel's entry in the WebAssembly module. */
type WasmBatchMatMul = (
  a: number,
  aShape: Uint8Array,
  aRank: number,
  b: number,
  bShape: Uint8Array,
  bRank: number,
  transposeA: boolean,
  transposeB: boolean,
  out: number,
) => void;

let multiply: WasmBatchMatMul;

export function setUpBatchMatMul(anyBackend: unknown): void {
  const types = ["number", "array", "number", "number", "array", "number", "number", "number", "number"];
  const { wasm } = anyBackend as { wasm: { cwrap(name: string, returns: null, types: string[]): unknown } };
  multiply = wasm.cwrap("BatchMatMul", null, types) as WasmBatchMatMul;
}

/**
 * Batched matrix product with broadcast batch dimensions. The stock kernel is fast (XNNPACK) only for one pair
 * of matrices without transposes, and ten times slower otherwise: so transposes are made explicit, and each
 * pair of a batch is multiplied by itself on views of the memory.
 * @returns (…, rows of A, columns of B)
 */
export function batchMatMul({ inputs, attrs, backend: anyBackend }: KernelArguments): tf.TensorInfo {
  const backend = anyBackend as BackendWasm;
  const { transposeA, transposeB } = attrs as { transposeA: boolean; transposeB: boolean };
  if (inputs.a.dtype !== "float32" || inputs.b.dtype !== "float32") {
    throw new Error("BatchMatMul on wasm takes float32 only");
  }
  const a = transposeA ? transpose(inputs.a, backend) : inputs.a;
  const b = transposeB ? transpose(inputs.b, backend) : inputs.b;
  const [rows, inner] = a.shape.slice(-2);
  const [innerB, columns] = b.shape.slice(-2);
  tf.util.assert(inner === innerB, () => `matMul: the inner dimensions ${inner} and ${innerB} differ`);
  const outer = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2));
  const out = backend.makeOutput([...outer, rows, columns], "float32");
  const batch = tf.util.sizeFromShape(outer);
  // One matrix B for the whole batch: the matrices of A are one tall matrix.
  const shared = tf.util.sizeFromShape(b.shape.slice(0, -2)) === 1;
  const [pairs, tall] = shared ? [1, batch * rows] : [batch, rows];
  const at = [a, b, out].map((matrix) => views(matrix, outer, backend));
  for (let pair = 0; pair < pairs && tall * columns > 0; pair++) {
    const [left, right, result] = at.map((view) => view(pair));
    const [aShape, bShape] = [bytesOf([1, tall, inner]), bytesOf([1, inner, columns])];
    multiply(left, aShape, 3, right, bShape, 3, false, false, result);
    for (const view of [left, right, result]) backend.wasm.tfjs.disposeData(view);
  }
  if (transposeA) backend.disposeData(a.dataId);
  if (transposeB) backend.disposeData(b.dataId);
  return out;
}

/** @returns for each pair's number the id of a view on its matrix; the view must be disposed, not the memory */
function views(matrix: tf.TensorInfo, outer: number[], backend: BackendWasm): (pair: number) => number {
  const internals = backend as unknown as {
    dataIdMap: { get(id: object): { memoryOffset: number } };
    dataIdNextNumber: number;
  };
  const { memoryOffset } = internals.dataIdMap.get(matrix.dataId);
  const size = matrix.shape.at(-1)! * matrix.shape.at(-2)!;
  const own = matrix.shape.slice(0, -2);
  const padded = [...new Array<number>(outer.length - own.length).fill(1), ...own];
  return (pair) => {
    let offset = 0;
    for (let axis = outer.length - 1, left = pair, stride = size; axis >= 0; axis--) {
      if (padded[axis] > 1) offset += (left % outer[axis]) * stride;
      stride *= padded[axis];
      left = Math.floor(left / outer[axis]);
    }
    const id = internals.dataIdNextNumber++;
    backend.wasm.tfjs.registerTensor(id, size, memoryOffset + 4 * offset);
    return id;
  };
}

function transpose(x: tf.TensorInfo, backend: BackendWasm): tf.TensorInfo {
  const rank = x.shape.length;
  const perm = [...x.shape.keys()];
  [perm[rank - 2], perm[rank - 1]] = [rank - 1, rank - 2];
  const kernel = tf.getKernel("Transpose", "wasm");
  return kernel.kernelFunc({ inputs: { x }, attrs: { perm }, backend }) as tf.TensorInfo;
}

function bytesOf(shape: number[]): Uint8Array {
  return new Uint8Array(new Int32Array(shape).buffer);
}
