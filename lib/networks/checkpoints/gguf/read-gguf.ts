import { basename } from "node:path";
import type { NamedArray, TensorSource } from "../../../files";
import { stage } from "../../../stages";
import type { TokenizerFiles } from "../../../text";
import { planModel, type TensorPlan } from "./architectures";
import { GgufFile } from "./gguf-file";
import { ggufTokenizer } from "./tokenizer-files";

/** A model of a GGUF file as a Hugging Face folder would hold it. */
export interface GgufModel {
  /** As config.json would say. */
  config: Record<string, unknown>;
  /** By Hugging Face's names. Each is read from the file when it is asked for, and not kept. */
  tensors: TensorSource;
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
  const { config, tensors: plans } = planModel(file);
  const tensors: TensorSource = {
    shapes: new Map([...plans].map(([name, { shape }]) => [name, shape])),
    read: (name) => readPlanned(file, plans.get(name)!),
    fileOf: () => path,
  };
  stage(`making the tokenizer of ${basename(path)}`, undefined, "tokens");
  return { config, tensors, tokenizer: ggufTokenizer(file) };
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
function separateHalves(values: Float32Array, headWidth: number, columns: number) {
  const ordered = new Float32Array(values.length);
  const rows = values.length / columns;
  for (let row = 0; row < rows; row++) {
    const inHead = row % headWidth;
    const target = row - inHead + (inHead % 2) * (headWidth / 2) + (inHead >> 1);
    ordered.set(values.subarray(row * columns, (row + 1) * columns), target * columns);
  }
  return ordered;
}
