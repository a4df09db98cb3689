import * as tf from "@tensorflow/tfjs";
import type { BackendWasm } from "@tensorflow/tfjs-backend-wasm";
import { batchMatMul, setUpBatchMatMul } from "./wasm-matmul";

/** What tfjs passes to a kernel. */
export interface KernelArguments {
  inputs: Record<string, tf.TensorInfo>;
  attrs?: Record<string, unknown>;
  backend: unknown;
}

let registered = false;

/** Registers the kernels that the WebAssembly backend lacks or is slow at. Call before the backend is made. */
export function registerWasmKernels(): void {
  if (registered) return;
  registered = true;
  tf.registerKernel({
    kernelName: "UnsortedSegmentSum",
    backendName: "wasm",
    kernelFunc: unsortedSegmentSum as tf.KernelFunc,
  });
  tf.unregisterKernel("BatchMatMul", "wasm");
  tf.registerKernel({
    kernelName: "BatchMatMul",
    backendName: "wasm",
    kernelFunc: batchMatMul as tf.KernelFunc,
    setupFunc: setUpBatchMatMul as tf.KernelSetupFunc,
  });
}

/**
 * Adds the rows of x, (N, …), that share a segment: the gradient of `gather`. Rows with an id outside
 * 0 … numSegments-1 are left out, as TensorFlow does.
 * @returns (numSegments, …)
 */
function unsortedSegmentSum({ inputs, attrs, backend: anyBackend }: KernelArguments): tf.TensorInfo {
  const backend = anyBackend as BackendWasm;
  const { x, segmentIds } = inputs;
  const numSegments = attrs?.numSegments as number;
  if (segmentIds.shape.length !== 1)
    throw new Error("UnsortedSegmentSum on wasm takes segment ids of rank 1");
  const out = backend.makeOutput([numSegments, ...x.shape.slice(1)], x.dtype);
  const from = backend.typedArrayFromHeap(x) as Float32Array;
  const ids = backend.typedArrayFromHeap(segmentIds) as Int32Array;
  const sums = backend.typedArrayFromHeap(out) as Float32Array;
  const width = tf.util.sizeFromShape(x.shape.slice(1));
  sums.fill(0);
  for (let row = 0; row < ids.length; row++) {
    const segment = ids[row];
    if (segment < 0 || segment >= numSegments) continue;
    for (let i = 0, a = segment * width, b = row * width; i < width; i++) sums[a + i] += from[b + i];
  }
  return out;
}
