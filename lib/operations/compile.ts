import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import type { TensorMetadata, TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js";
import { UserError } from "../errors";
import { temporaryFolder } from "../files";
import { GraphFile } from "./graph-file";

/** A function of tensors as one graph of TensorFlow. */
export interface CompiledGraph {
  /** @param inputs of the shapes and types of those that the graph was recorded with */
  run(inputs: readonly tf.Tensor[]): tf.Tensor[];
  dispose(): void;
}

/** The part of the native backend that knows tensors by numbers. */
interface Backend {
  binding: TFJSBinding;
  typeAttributeFromTensor(tensor: tf.Tensor): number;
  getInputTensorIds(tensors: readonly tf.Tensor[]): number[];
  createOutputTensor(metadata: TensorMetadata): tf.Tensor;
}

let compiling = false;

/** Whether operations are being recorded into a graph: then no value may be read, since it would be that of one run. */
export function isCompiling(): boolean {
  return compiling;
}

/**
 * Records the operations of a function while it runs once, and has TensorFlow run them as one graph from then on:
 * operations that do not wait for each other run side by side, and nothing returns to JavaScript between two of
 * them. To be called only where `isNative("cpu")`.
 * @param make may use its inputs, and tensors made from numbers that are the same in each run; it may read no value
 * @param inputs whose numbers differ from run to run
 * @throws Error if `make` reads a value, or uses a tensor from elsewhere
 * @throws UserError if the graph cannot be written to the system's folder for temporary files
 */
export function compileGraph(make: () => readonly tf.Tensor[], inputs: readonly tf.Tensor[]): CompiledGraph {
  const backend = tf.backend() as unknown as Backend;
  const native = backend.binding;
  const recording = new Recording(native);
  const fed = backend.getInputTensorIds(inputs);
  fed.forEach((id, i) => {
    recording.input(id, backend.typeAttributeFromTensor(inputs[i]), inputs[i].shape);
  });
  const outputs: string[] = [];
  backend.binding = recording.binding;
  compiling = true;
  try {
    tf.tidy(() => {
      for (const id of backend.getInputTensorIds(make())) outputs.push(recording.source(id));
    });
  } finally {
    compiling = false;
    backend.binding = native;
  }
  const session = load(native, recording.file);
  const [inputNames, outputNames] = [fed.map((_, i) => `input${i}:0`).join(), outputs.join()];
  return {
    run: (tensors) =>
      native
        .runSavedModel(session, backend.getInputTensorIds(tensors), inputNames, outputNames)
        .map((metadata) => backend.createOutputTensor(metadata)),
    dispose: () => native.deleteSavedModel(session),
  };
}

/** Numbers made in JavaScript while a graph is recorded. */
interface Constant {
  type: number;
  shape: readonly number[];
  bytes: Uint8Array;
}

/** Passes calls on to TensorFlow and writes them down. */
class Recording {
  readonly file = new GraphFile();
  /** Where a tensor, by its number, comes from: the name of an output, or a constant that nothing has used yet. */
  private readonly sources = new Map<number, string | Constant>();
  readonly binding: TFJSBinding;

  constructor(native: TFJSBinding) {
    const record: Pick<TFJSBinding, "createTensor" | "executeOp" | "tensorDataSync"> = {
      createTensor: (shape, type, values) => {
        const id = native.createTensor(shape, type, values);
        const { buffer, byteOffset, byteLength } = values as Float32Array | Int32Array | Uint8Array;
        // A copy: the caller may change its numbers before the graph is written.
        const bytes = new Uint8Array(buffer, byteOffset, byteLength).slice();
        this.sources.set(id, { type, shape, bytes });
        return id;
      },
      executeOp: (name, attributes, inputs, count) => {
        const outputs = native.executeOp(name, attributes, inputs, count);
        const sources = inputs.map((input) => this.source(input));
        const names = this.file.operation(native, name, attributes, sources, outputs);
        outputs.forEach(({ id }, i) => {
          this.sources.set(id, names[i]);
        });
        return outputs;
      },
      tensorDataSync: () => {
        throw new Error("a value was read while a graph was recorded");
      },
    };
    this.binding = Object.setPrototypeOf(record, native) as TFJSBinding;
  }

  input(id: number, type: number, shape: readonly number[]): void {
    this.sources.set(id, this.file.input(type, shape));
  }

  source(id: number): string {
    const source = this.sources.get(id);
    if (source === undefined) throw new Error("a graph uses a tensor that is not among its inputs");
    if (typeof source === "string") return source;
    const name = this.file.constant(source.type, source.shape, source.bytes);
    this.sources.set(id, name);
    return name;
  }
}

function load(native: TFJSBinding, file: GraphFile): number {
  let folder: string | undefined;
  try {
    folder = temporaryFolder("graph");
    writeFileSync(join(folder, "saved_model.pb"), file.bytes());
  } catch (error) {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    throw new UserError(
      `a graph of TensorFlow cannot be written to ${tmpdir()}: ${(error as Error).message}`,
      "Free some space there, or set TMPDIR to another folder.",
    );
  }
  try {
    return native.loadSavedModel(folder, "serve");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
