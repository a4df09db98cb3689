import { UserError } from "../../../errors";
import { damaged, quoted, spell } from "./byte-reader";
import type { GgufFile } from "./gguf-file";
import { rotaryScaling } from "./rotary-scaling";
import { Settings } from "./settings";

/** What becomes of a tensor on its way to Hugging Face's. */
export interface TensorPlan {
  /** Name in the GGUF. */
  source: string;
  /** In Hugging Face's order. */
  shape: number[];
  /** Heads whose rows llama.cpp interleaved for its rotary embedding; undefined where it did not. */
  interleavedHeads?: number;
  /** What llama.cpp's converter added to each number. */
  added?: number;
}

export interface ModelPlan {
  /** As config.json would say. */
  config: Record<string, unknown>;
  /** By Hugging Face's names, in its usual order. */
  tensors: Map<string, TensorPlan>;
}

const readers: Record<string, (file: GgufFile, settings: Settings) => ModelPlan> = { llama, gemma3 };

/**
 * How the tensors and settings of a file are those of a Hugging Face folder.
 * @throws UserError where the architecture is not one that we read, or a setting or tensor is missing or does not fit
 */
export function planModel(file: GgufFile): ModelPlan {
  const settings = new Settings(file.path, file.metadata);
  const parts = settings.number("split.count", 1);
  if (parts > 1) {
    throw new UserError(
      `${file.path}: one of ${parts} parts of a model`,
      "Join them with llama.cpp's gguf-split.",
    );
  }
  const kind = settings.text("general.type", "model");
  if (kind !== "model") {
    throw new UserError(
      `${file.path}: holds ${quoted(kind)}, not a model`,
      "Name the model's own GGUF file.",
    );
  }
  const architecture = settings.text("general.architecture");
  if (!Object.hasOwn(readers, architecture)) {
    throw new UserError(
      `${file.path}: a model of the architecture ${quoted(architecture)}`,
      `We read ${Object.keys(readers).join(" and ")}.`,
    );
  }
  const plan = readers[architecture](file, settings);
  checkTensors(file, plan);
  return plan;
}

interface Sizes {
  layers: number;
  width: number;
  feedForward: number;
  heads: number;
  keyValueHeads: number;
  headWidth: number;
  vocabularySize: number;
}

function sizesOf(file: GgufFile, settings: Settings, prefix: string): Sizes {
  const width = settings.size(`${prefix}.embedding_length`);
  const heads = settings.size(`${prefix}.attention.head_count`);
  const said = ["attention.key_length", "rope.dimension_count"].find((key) =>
    settings.has(`${prefix}.${key}`),
  );
  const headWidth = said === undefined ? width / heads : settings.size(`${prefix}.${said}`);
  if (!Number.isInteger(headWidth))
    throw damaged(file.path, `its width ${width} is no multiple of its ${heads} heads`);
  if (settings.size(`${prefix}.attention.value_length`, headWidth) !== headWidth) {
    throw new UserError(`${file.path}: its keys and values have different widths, which we do not compute`);
  }
  const embedding = file.tensors.get(EMBEDDING);
  const layers = settings.size(`${prefix}.block_count`);
  // Each has tensors of its own: a false number must not make us list more of them than there can be.
  if (layers > file.tensors.size) throw damaged(file.path, `it holds no tensors for ${spell(layers)} layers`);
  return {
    layers,
    width,
    feedForward: settings.size(`${prefix}.feed_forward_length`),
    heads,
    keyValueHeads: settings.size(`${prefix}.attention.head_count_kv`, heads),
    headWidth,
    vocabularySize: embedding?.shape[0] ?? 0,
  };
}

const EMBEDDING = "token_embd.weight";

/** What every config.json says. */
function commonConfig(file: GgufFile, settings: Settings, prefix: string, sizes: Sizes) {
  const config: Record<string, unknown> = {
    attention_bias: false,
    head_dim: sizes.headWidth,
    hidden_size: sizes.width,
    intermediate_size: sizes.feedForward,
    max_position_embeddings: settings.size(`${prefix}.context_length`),
    num_attention_heads: sizes.heads,
    num_hidden_layers: sizes.layers,
    num_key_value_heads: sizes.keyValueHeads,
    rms_norm_eps: settings.number(`${prefix}.attention.layer_norm_rms_epsilon`),
    tie_word_embeddings: !file.tensors.has("output.weight"),
    vocab_size: sizes.vocabularySize,
  };
  const ids = { bos_token_id: "bos", eos_token_id: "eos", pad_token_id: "padding" } as const;
  for (const [name, token] of Object.entries(ids) as [string, "bos" | "eos" | "padding"][]) {
    const id = settings.tokenId(token, sizes.vocabularySize);
    if (id !== undefined) config[name] = id;
  }
  return config;
}

/** llama.cpp's converter for LlamaForCausalLM reorders the rows of queries and keys. */
function llama(file: GgufFile, settings: Settings): ModelPlan {
  const sizes = sizesOf(file, settings, "llama");
  const config = {
    architectures: ["LlamaForCausalLM"],
    model_type: "llama",
    ...commonConfig(file, settings, "llama", sizes),
    hidden_act: "silu",
    mlp_bias: false,
    rope_theta: settings.number("llama.rope.freq_base", 10_000),
    rope_scaling: rotaryScaling(file, settings, "llama", sizes.headWidth),
  };
  const { width: D, heads, keyValueHeads, headWidth } = sizes;
  const tensors = outerTensors(file, sizes, 0, (layer, block) => {
    const { projections, gated } = layerMatrices(layer, block, sizes);
    projections[0][1].interleavedHeads = heads;
    projections[1][1].interleavedHeads = keyValueHeads;
    return [
      [`${layer}.input_layernorm.weight`, { source: `${block}.attn_norm.weight`, shape: [D] }],
      ...projections,
      [`${layer}.post_attention_layernorm.weight`, { source: `${block}.ffn_norm.weight`, shape: [D] }],
      ...gated,
    ];
  });
  if (headWidth % 2 !== 0) throw damaged(file.path, `its heads have the odd width ${headWidth}`);
  return { config, tensors };
}

/** llama.cpp's converter for Gemma3ForCausalLM adds one to the weights of all norms. */
function gemma3(file: GgufFile, settings: Settings): ModelPlan {
  const sizes = sizesOf(file, settings, "gemma3");
  const { width: D, headWidth: h, layers } = sizes;
  const layerTypes = attentionTypes(settings, layers);
  // llama.cpp scales by the head's width, but in the largest model, which has 62 layers.
  const scale = layers === 62 ? D / sizes.heads : h;
  const softcap = settings.number("gemma3.final_logit_softcapping", 0);
  const config = {
    architectures: ["Gemma3ForCausalLM"],
    model_type: "gemma3_text",
    ...commonConfig(file, settings, "gemma3", sizes),
    attn_logit_softcapping: null,
    final_logit_softcapping: softcap === 0 ? null : softcap,
    hidden_activation: "gelu_pytorch_tanh",
    layer_types: layerTypes,
    query_pre_attn_scalar: scale,
    rope_local_base_freq: settings.number("gemma3.rope.freq_base_swa", 10_000),
    rope_theta: settings.number("gemma3.rope.freq_base", 1_000_000),
    rope_scaling: rotaryScaling(file, settings, "gemma3", h),
    sliding_window: settings.size("gemma3.attention.sliding_window", 4096),
  };
  const tensors = outerTensors(file, sizes, 1, (layer, block) => {
    const { projections, gated } = layerMatrices(layer, block, sizes);
    const norm = (name: string, source: string, width = D): [string, TensorPlan] => [
      `${layer}.${name}.weight`,
      { source: `${block}.${source}.weight`, shape: [width], added: 1 },
    ];
    return [
      norm("input_layernorm", "attn_norm"),
      ...projections,
      norm("self_attn.q_norm", "attn_q_norm", h),
      norm("self_attn.k_norm", "attn_k_norm", h),
      norm("post_attention_layernorm", "post_attention_norm"),
      norm("pre_feedforward_layernorm", "ffn_norm"),
      ...gated,
      norm("post_feedforward_layernorm", "post_ffw_norm"),
    ];
  });
  return { config, tensors };
}

/** Every sixth layer looks at the whole text, unless the file has another rhythm, or no window at all. */
function attentionTypes(settings: Settings, layers: number): string[] {
  const key = "gemma3.attention.sliding_window_pattern";
  const pattern = settings.get(key);
  const windowed = settings.has("gemma3.attention.sliding_window");
  const each = typeof pattern === "object" ? settings.numbers(key, layers) : undefined;
  const period = each === undefined ? settings.size(key, 6) : 0;
  return Array.from({ length: layers }, (_, i) => {
    const local = windowed && (each === undefined ? (i + 1) % period !== 0 : each[i] !== 0);
    return local ? "sliding_attention" : "full_attention";
  });
}

/** The matrices of a layer, the queries' and the keys' first. */
function layerMatrices(layer: string, block: string, sizes: Sizes) {
  const { width: D, feedForward: F, heads, keyValueHeads, headWidth: h } = sizes;
  const matrix = (name: string, source: string, shape: number[]): [string, TensorPlan] => [
    `${layer}.${name}.weight`,
    { source: `${block}.${source}.weight`, shape },
  ];
  return {
    projections: [
      matrix("self_attn.q_proj", "attn_q", [heads * h, D]),
      matrix("self_attn.k_proj", "attn_k", [keyValueHeads * h, D]),
      matrix("self_attn.v_proj", "attn_v", [keyValueHeads * h, D]),
      matrix("self_attn.o_proj", "attn_output", [D, heads * h]),
    ],
    gated: [
      matrix("mlp.gate_proj", "ffn_gate", [F, D]),
      matrix("mlp.up_proj", "ffn_up", [F, D]),
      matrix("mlp.down_proj", "ffn_down", [D, F]),
    ],
  };
}

function outerTensors(
  file: GgufFile,
  { layers, width: D, vocabularySize: V }: Sizes,
  added: number,
  layerTensors: (layer: string, block: string) => [string, TensorPlan][],
): Map<string, TensorPlan> {
  const plans: [string, TensorPlan][] = [["model.embed_tokens.weight", { source: EMBEDDING, shape: [V, D] }]];
  for (let i = 0; i < layers; i++) plans.push(...layerTensors(`model.layers.${i}`, `blk.${i}`));
  plans.push(["model.norm.weight", { source: "output_norm.weight", shape: [D], added }]);
  if (file.tensors.has("output.weight")) {
    plans.push(["lm_head.weight", { source: "output.weight", shape: [V, D] }]);
  }
  return new Map(plans);
}

/** Tensors that hold no parameter: what they say is in the configuration. */
const derived = new Set(["rope_freqs.weight"]);

function checkTensors(file: GgufFile, { tensors }: ModelPlan): void {
  const used = new Set<string>();
  for (const { source, shape } of tensors.values()) {
    const held = file.tensors.get(source);
    if (held === undefined) throw damaged(file.path, `it holds no tensor ${quoted(source)}`);
    if (held.shape.join() !== shape.join()) {
      const sizes = `[${held.shape.join(", ")}], by its metadata [${shape.join(", ")}]`;
      throw damaged(file.path, `tensor ${quoted(source)} has the shape ${sizes}`);
    }
    used.add(source);
  }
  for (const name of file.tensors.keys()) {
    if (used.has(name) || derived.has(name)) continue;
    throw new UserError(
      `${file.path}: the tensor ${quoted(name)} has no place in the model that its metadata describes`,
      "We read dense models without biases.",
    );
  }
}
