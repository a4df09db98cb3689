import { basename, dirname } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { UserError } from "../../errors";
import type { NamedArray, TensorSource } from "../../files";
import { stage } from "../../stages";
import { type HuggingFaceSource, toVariable } from "../checkpoints";
import { Decoder } from "./decoder";
import { checkShapes, parameterShapes } from "./decoder-config";
import { parseDecoderConfig } from "./decoder-config-json";

/**
 * A decoder from config.json and weights that are read, checked and handed to the engine one tensor at a time.
 * Tensors that the family does not have (of images) are left unread.
 * @param path of config.json, or of the file that holds all, named in errors
 * @throws UserError for a configuration that we do not compute, weights of another shape, or numbers that are not finite
 */
export function readDecoder({ config: json, tensors }: HuggingFaceSource, path: string): Decoder {
  const said = parseDecoderConfig(json, path);
  // By our names, which are those of a model of text alone.
  const stored = new Map([...tensors.shapes.keys()].map((name) => [textName(name), name]));
  for (const name of tensors.shapes.keys()) if (name === textName(name)) stored.set(name, name);
  const shapes = new Map([...stored].map(([name, own]) => [name, tensors.shapes.get(own)!]));
  const source = basename(path) === "config.json" ? dirname(path) : path;
  // transformers 5 leaves a head untied whose file holds other numbers than the embedding, whatever config.json says.
  const both = [HEAD, EMBEDDING].map((name) => stored.get(name)).filter((name) => name !== undefined);
  const untied = said.tiedHead && both.length === 2 && !sameNumbers(tensors, both);
  const config = untied ? { ...said, tiedHead: false } : said;
  if (!config.tiedHead && stored.has(EMBEDDING) && !stored.has(HEAD)) {
    throw new UserError(
      `${source}: ${HEAD} is missing, the weights are of a model without its head`,
      "Save it from AutoModelForCausalLM, not from AutoModel.",
    );
  }
  checkShapes(config, shapes, source);
  const parameters = new Map<string, tf.Variable>();
  const wanted = parameterShapes(config);
  const step = stage(`reading the weights of ${basename(source)}`, wanted.size, "tensors");
  try {
    for (const name of wanted.keys()) {
      const own = stored.get(name)!;
      const array = tensors.read(own);
      checkFinite(array, own, tensors.fileOf(own));
      parameters.set(name, toVariable(array));
      step(parameters.size);
    }
  } catch (error) {
    tf.dispose([...parameters.values()]);
    throw error;
  }
  return new Decoder(config, parameters, source);
}

const HEAD = "lm_head.weight";
const EMBEDDING = "model.embed_tokens.weight";

/**
 * A parameter's name in a model of text alone with its head. In a model that also reads images the text part stands one
 * level deeper; a model without its head (AutoModel) begins at the layers.
 */
export function textName(name: string): string {
  return name
    .replace(/^(?:model\.)?language_model\.(?=lm_head\.)/, "")
    .replace(/^(?:(?:model\.)?language_model\.)?(?:model\.)?(?=(?:embed_tokens|layers|norm)\.)/, "model.");
}

function sameNumbers(tensors: TensorSource, names: readonly string[]): boolean {
  const [a, b] = names.map((name) => tensors.read(name).values);
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

function checkFinite({ values }: NamedArray, name: string, file: string): void {
  // Zero times a number is zero, unless the number is not finite: one pass without branches.
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * 0;
  if (sum === 0) return;
  const wrong = values.filter((value) => !Number.isFinite(value));
  throw new UserError(
    `${file}: "${name}" holds ${wrong.length.toLocaleString("en-US")} numbers that are not finite, the first ${wrong[0]}`,
    `The model was damaged or its training failed; download ${basename(file)} again or take an earlier checkpoint.`,
  );
}
