import type { TokenizerFiles } from "../../text/train-tokenizer";
import type { NamedArray } from "../named-array";
import { planModel, type TensorPlan } from "./architectures";
import { GgufFile } from "./gguf-file";
import { ggufTokenizer } from "./tokenizer-files";

/** A model of a GGUF file as a Hugging Face folder would hold it. */
export interface GgufModel {
  /** As config.json would say. */
  config: Record<string, unknown>;
  /** By Hugging Face's names. Each is read from the file when it is asked for, and not kept. */
  tensors: ReadonlyMap<string, NamedArray>;
  /** tokenizer.json and tokenizer_config.json, made from the file's metadata. */
  tokenizer: TokenizerFiles;
}

/**
 * Opens a GGUF file, version 2 or 3, of the architectures llama and gemma3: numbers of F32, F16, BF16, Q8_0, Q4_0,
 * Q4_1, Q5_0, Q5_1, Q4_K, Q5_K and Q6_K become single precision.
 * @throws UserError where the file cannot be read, is damaged, or is of a kind that we do not read; also on
 *   reading a tensor that holds NaN or infinite numbers
 */
export function readGguf(path: string): GgufModel {
  const file = new GgufFile(path);
  const { config, tensors } = planModel(file);
  return { config, tensors: new TensorsOnDemand(file, tensors), tokenizer: ggufTokenizer(file) };
}

/** A map whose values are read when they are asked for. */
class TensorsOnDemand implements ReadonlyMap<string, NamedArray> {
  constructor(
    private readonly file: GgufFile,
    private readonly plans: ReadonlyMap<string, TensorPlan>,
  ) {}

  get size(): number {
    return this.plans.size;
  }

  has(name: string): boolean {
    return this.plans.has(name);
  }

  get(name: string): NamedArray | undefined {
    const plan = this.plans.get(name);
    return plan === undefined ? undefined : readPlanned(this.file, plan);
  }

  keys(): MapIterator<string> {
    return this.plans.keys();
  }

  *entries(): MapIterator<[string, NamedArray]> {
    for (const [name, plan] of this.plans) yield [name, readPlanned(this.file, plan)];
  }

  *values(): MapIterator<NamedArray> {
    for (const [, array] of this.entries()) yield array;
  }

  [Symbol.iterator](): MapIterator<[string, NamedArray]> {
    return this.entries();
  }

  forEach(visit: (array: NamedArray, name: string, map: ReadonlyMap<string, NamedArray>) => void): void {
    for (const [name, array] of this.entries()) visit(array, name, this);
  }
}

function readPlanned(file: GgufFile, { source, shape, interleavedHeads, added }: TensorPlan): NamedArray {
  let values = file.read(source);
  if (interleavedHeads !== undefined) values = separateHalves(values, shape[0] / interleavedHeads, shape[1]);
  if (added !== undefined) for (let i = 0; i < values.length; i++) values[i] -= added;
  return { dtype: "F32", shape: [...shape], values };
}

/**
 * The rows of queries or keys in Hugging Face's order. In each head llama.cpp puts row i of the first half before
 * row i of the second, since its rotary embedding turns neighbours.
 * @param values (heads * headWidth, columns)
 */
function separateHalves(values: Float32Array<ArrayBuffer>, headWidth: number, columns: number) {
  const ordered = new Float32Array(values.length);
  const rows = values.length / columns;
  for (let row = 0; row < rows; row++) {
    const inHead = row % headWidth;
    const target = row - inHead + (inHead % 2) * (headWidth / 2) + (inHead >> 1);
    ordered.set(values.subarray(row * columns, (row + 1) * columns), target * columns);
  }
  return ordered;
}
