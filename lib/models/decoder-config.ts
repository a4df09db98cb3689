import { UserError } from "../errors";

/** The shape of a decoder of the Llama family. */
export interface DecoderConfig {
  /** V, pieces of the tokenizer. */
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
  /** Base of the rotary angles. */
  ropeTheta: number;
  /** Added to the mean square before its root. */
  normEpsilon: number;
  /** Whether the head's weight is the embedding's. */
  tiedHead: boolean;
  /** Longest text in pieces. */
  contextLength: number;
}

/**
 * Reads the config.json of a Hugging Face folder.
 * @param path named in errors
 * @throws UserError for another family, a missing or impossible size, or an option that we do not compute
 */
export function parseDecoderConfig(json: Record<string, unknown>, path: string): DecoderConfig {
  const fail = (problem: string): never => {
    throw new UserError(`${path}: ${problem}`, "This loader reads models of type llama.");
  };
  if (json.model_type !== "llama") fail(`model_type is ${JSON.stringify(json.model_type)}`);
  const size = (name: string, fallback?: number): number => {
    const value = json[name] ?? fallback;
    if (typeof value !== "number" || !Number.isInteger(value) || value < 1) {
      return fail(`${name} is ${JSON.stringify(value)}, not a positive whole number`);
    }
    return value;
  };
  const rope = (json.rope_parameters ?? json.rope_scaling ?? {}) as Record<string, unknown>;
  const ropeType = rope.rope_type ?? rope.type ?? "default";
  if (ropeType !== "default") fail(`rotary scaling ${JSON.stringify(ropeType)} is not supported`);
  if ((json.hidden_act ?? "silu") !== "silu") fail(`hidden_act is ${JSON.stringify(json.hidden_act)}`);
  for (const bias of ["attention_bias", "mlp_bias"])
    if (json[bias] === true) fail(`${bias} is not supported`);
  const heads = size("num_attention_heads");
  const width = size("hidden_size");
  const config: DecoderConfig = {
    vocabularySize: size("vocab_size"),
    width,
    feedForward: size("intermediate_size"),
    layers: size("num_hidden_layers"),
    heads,
    keyValueHeads: size("num_key_value_heads", heads),
    headWidth: size("head_dim", width / heads),
    ropeTheta: Number(rope.rope_theta ?? json.rope_theta ?? 10_000),
    normEpsilon: Number(json.rms_norm_eps ?? 1e-6),
    tiedHead: json.tie_word_embeddings === true,
    contextLength: size("max_position_embeddings", 2048),
  };
  if (heads % config.keyValueHeads !== 0) fail("num_attention_heads is no multiple of num_key_value_heads");
  if (config.headWidth % 2 !== 0) fail("head_dim is odd");
  return config;
}

/** The config.json that Hugging Face `transformers` opens as a LlamaForCausalLM. */
export function formatDecoderConfig(
  config: DecoderConfig,
  tokens: { bos: number; eos: number },
): Record<string, unknown> {
  return {
    architectures: ["LlamaForCausalLM"],
    attention_bias: false,
    bos_token_id: tokens.bos,
    eos_token_id: tokens.eos,
    head_dim: config.headWidth,
    hidden_act: "silu",
    hidden_size: config.width,
    intermediate_size: config.feedForward,
    max_position_embeddings: config.contextLength,
    mlp_bias: false,
    model_type: "llama",
    num_attention_heads: config.heads,
    num_hidden_layers: config.layers,
    num_key_value_heads: config.keyValueHeads,
    rms_norm_eps: config.normEpsilon,
    rope_theta: config.ropeTheta,
    tie_word_embeddings: config.tiedHead,
    vocab_size: config.vocabularySize,
  };
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
    shapes.set(`${layer}.mlp.gate_proj.weight`, [F, D]);
    shapes.set(`${layer}.mlp.up_proj.weight`, [F, D]);
    shapes.set(`${layer}.mlp.down_proj.weight`, [D, F]);
  }
  shapes.set("model.norm.weight", [D]);
  if (!config.tiedHead) shapes.set("lm_head.weight", [V, D]);
  return shapes;
}

/** Number of trainable parameters; a tied head counts once. */
export function parameterCount(config: DecoderConfig): number {
  let count = 0;
  for (const shape of parameterShapes(config).values()) count += shape.reduce((a, b) => a * b, 1);
  return count;
}
