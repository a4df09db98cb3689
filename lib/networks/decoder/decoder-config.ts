import { UserError } from "../../errors";
import type { RotaryScaling } from "../../operations";

export { formatDecoderConfig, parseDecoderConfig } from "./decoder-config-json";

/** Layers that see only the tokens just before, between layers that see all (Gemma 3). */
export interface LocalAttention {
  /** For each layer whether it is local. */
  layers: readonly boolean[];
  /** Tokens that a token sees, itself among them. */
  window: number;
  /** Base of the rotary angles of local layers. */
  ropeTheta: number;
  ropeScaling?: RotaryScaling;
}

/** The shape of a decoder of the Llama or the Gemma 3 family. */
export interface DecoderConfig {
  /**
   * "llama" (the default): Llama 1 to 3 and models of the same form. "gemma3": Gemma 3, with normalised queries
   * and keys, a normalisation before and after each part of a layer, gains counted from one, a unit with gelu,
   * and embeddings times √D.
   */
  family?: "llama" | "gemma3";
  /** V, tokens of the tokenizer. */
  vocabularySize: number;
  /** D, width of the residual stream. */
  width: number;
  /** F, width of the gated unit. */
  feedForward: number;
  layers: number;
  /** Query heads; a multiple of `keyValueHeads`. */
  heads: number;
  keyValueHeads: number;
  /** h, width of one head; even. */
  headWidth: number;
  /** Base of the rotary angles; in Gemma 3, of global layers. */
  ropeTheta: number;
  /** Default: none. */
  ropeScaling?: RotaryScaling;
  /** What queries are multiplied by. Default 1/√h. */
  queryScale?: number;
  /** Default: each layer sees all tokens before. */
  local?: LocalAttention;
  /** Logits z become cap · tanh(z / cap). Default: none. */
  logitCap?: number;
  /** Added to the mean square before its root. */
  normEpsilon: number;
  /** Whether the head's weight is the embedding's. */
  tiedHead: boolean;
  /** Longest text in tokens. */
  contextLength: number;
}

/** Name and shape of every parameter, in the names of Hugging Face and in their usual order. */
export function parameterShapes(config: DecoderConfig): Map<string, number[]> {
  const { width: D, feedForward: F, vocabularySize: V, headWidth: h } = config;
  const shapes = new Map<string, number[]>([["model.embed_tokens.weight", [V, D]]]);
  for (let i = 0; i < config.layers; i++) {
    const layer = `model.layers.${i}`;
    shapes.set(`${layer}.input_layernorm.weight`, [D]);
    shapes.set(`${layer}.self_attn.q_proj.weight`, [config.heads * h, D]);
    shapes.set(`${layer}.self_attn.k_proj.weight`, [config.keyValueHeads * h, D]);
    shapes.set(`${layer}.self_attn.v_proj.weight`, [config.keyValueHeads * h, D]);
    shapes.set(`${layer}.self_attn.o_proj.weight`, [D, config.heads * h]);
    shapes.set(`${layer}.post_attention_layernorm.weight`, [D]);
    if (config.family === "gemma3") {
      shapes.set(`${layer}.self_attn.q_norm.weight`, [h]);
      shapes.set(`${layer}.self_attn.k_norm.weight`, [h]);
      shapes.set(`${layer}.pre_feedforward_layernorm.weight`, [D]);
      shapes.set(`${layer}.post_feedforward_layernorm.weight`, [D]);
    }
    shapes.set(`${layer}.mlp.gate_proj.weight`, [F, D]);
    shapes.set(`${layer}.mlp.up_proj.weight`, [F, D]);
    shapes.set(`${layer}.mlp.down_proj.weight`, [D, F]);
  }
  shapes.set("model.norm.weight", [D]);
  if (!config.tiedHead) shapes.set("lm_head.weight", [V, D]);
  return shapes;
}

/**
 * Checks that weights are those of a configuration.
 * @param source named in errors
 * @throws UserError if a parameter is missing or has another shape than the configuration says
 */
export function checkShapes(
  config: DecoderConfig,
  shapes: ReadonlyMap<string, readonly number[]>,
  source: string,
): void {
  for (const [name, shape] of parameterShapes(config)) {
    const found = shapes.get(name);
    if (found?.join() === shape.join()) continue;
    const state = found === undefined ? "is missing" : `has shape (${found.join(", ")})`;
    throw new UserError(
      `${source}: ${name} ${state}, where config.json asks for (${shape.join(", ")})`,
      "The weights and the configuration are of different models; download both again.",
    );
  }
}

/** Number of trainable parameters; a tied head counts once. */
export function parameterCount(config: DecoderConfig): number {
  let count = 0;
  for (const shape of parameterShapes(config).values()) count += shape.reduce((a, b) => a * b, 1);
  return count;
}
