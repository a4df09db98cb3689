import { UserError } from "../../errors";
import { ConfigFields } from "./config-fields";
import type { DecoderConfig, LocalAttention } from "./decoder-config";
import { formatScaling, parseRotary } from "./rotary-json";

/** What config.json calls the families that we compute. */
const families = {
  llama: parseLlama,
  gemma3_text: parseGemma,
  gemma3: parseMultimodal,
};

/** Far more than any model has. */
const MOST_LAYERS = 10_000;

/**
 * Reads the config.json of a Hugging Face folder.
 * @param path named in errors
 * @throws UserError for another family, a missing or impossible size, or an option that we do not compute
 */
export function parseDecoderConfig(json: Record<string, unknown>, path: string): DecoderConfig {
  const type = json.model_type;
  if (typeof type !== "string" || !Object.hasOwn(families, type)) {
    throw new UserError(
      `${path}: model_type is ${JSON.stringify(type)}`,
      `We read models of type ${Object.keys(families).join(", ")}.`,
    );
  }
  const fields = new ConfigFields(json, path);
  checkNumbers(fields);
  return families[type as keyof typeof families](fields);
}

/** Weights that were rounded to fewer bits need their own library to be read. */
function checkNumbers(fields: ConfigFields): void {
  for (const name of ["quantization_config", "quantization"]) {
    const method = fields.part(name)?.raw("quant_method");
    if (!fields.has(name)) continue;
    fields.fail(
      `the weights are quantized${typeof method === "string" ? ` (${method})` : ""}`,
      "Take the model as it was before, or a GGUF file of it.",
    );
  }
}

function parseLlama(fields: ConfigFields): DecoderConfig {
  fields.word("hidden_act", ["silu"], "silu");
  fields.absent("attention_bias");
  fields.absent("mlp_bias");
  const width = fields.size("hidden_size");
  const heads = fields.size("num_attention_heads");
  const contextLength = fields.size("max_position_embeddings", 2048);
  const theta = fields.positive("rope_theta", 10_000);
  const rotary = parseRotary(
    fields.part("rope_parameters") ?? fields.part("rope_scaling"),
    theta,
    contextLength,
  );
  return checkHeads(fields, {
    vocabularySize: fields.size("vocab_size"),
    width,
    feedForward: fields.size("intermediate_size"),
    layers: fields.size("num_hidden_layers", undefined, MOST_LAYERS),
    heads,
    keyValueHeads: fields.size("num_key_value_heads", heads),
    headWidth: fields.size("head_dim", width / heads),
    ...rotary,
    normEpsilon: fields.positive("rms_norm_eps", 1e-6),
    tiedHead: fields.flag("tie_word_embeddings", false),
    contextLength,
  });
}

/** Defaults are those of `transformers`: configurations of published models leave out what equals them. */
function parseGemma(fields: ConfigFields): DecoderConfig {
  fields.word("hidden_activation", ["gelu_pytorch_tanh"], "gelu_pytorch_tanh");
  for (const option of ["attention_bias", "attn_logit_softcapping", "use_bidirectional_attention"]) {
    fields.absent(option);
  }
  const contextLength = fields.size("max_position_embeddings", 131_072);
  const layers = fields.size("num_hidden_layers", 26, MOST_LAYERS);
  const parameters = fields.part("rope_parameters");
  const globalTheta = fields.positive("rope_theta", 1_000_000);
  const localTheta = fields.positive("rope_local_base_freq", 10_000);
  const ofAll = parameters?.part("full_attention") ?? fields.part("rope_scaling");
  const ofLocal = parseRotary(parameters?.part("sliding_attention"), localTheta, contextLength);
  const isLocal = localLayers(fields, layers);
  const local: LocalAttention | undefined = isLocal.includes(true)
    ? { layers: isLocal, window: fields.size("sliding_window", 4096), ...ofLocal }
    : undefined;
  return checkHeads(fields, {
    family: "gemma3",
    vocabularySize: fields.size("vocab_size", 262_208),
    width: fields.size("hidden_size", 2304),
    feedForward: fields.size("intermediate_size", 9216),
    layers,
    heads: fields.size("num_attention_heads", 8),
    keyValueHeads: fields.size("num_key_value_heads", 4),
    headWidth: fields.size("head_dim", 256),
    ...parseRotary(ofAll, globalTheta, contextLength),
    queryScale: fields.positive("query_pre_attn_scalar", 256) ** -0.5,
    ...(local && { local }),
    ...(fields.has("final_logit_softcapping") && { logitCap: fields.positive("final_logit_softcapping") }),
    normEpsilon: fields.positive("rms_norm_eps", 1e-6),
    tiedHead: fields.flag("tie_word_embeddings", true),
    contextLength,
  });
}

/** A model that also reads images: its text part is a model by itself. */
function parseMultimodal(fields: ConfigFields): DecoderConfig {
  const text = fields.part("text_config");
  if (text === undefined) fields.wrong("text_config", undefined, "an object");
  const config = parseGemma(text);
  return { ...config, tiedHead: fields.flag("tie_word_embeddings", config.tiedHead) };
}

/** For each layer whether it is local: named one by one, or each but every n-th. */
function localLayers(fields: ConfigFields, layers: number): boolean[] {
  const named = fields.raw("layer_types");
  if (named === undefined) {
    const key = fields.has("sliding_window_pattern") ? "sliding_window_pattern" : "_sliding_window_pattern";
    const pattern = fields.size(key, 6);
    return Array.from({ length: layers }, (_, i) => (i + 1) % pattern !== 0);
  }
  const types = ["sliding_attention", "full_attention"];
  if (!Array.isArray(named) || named.length !== layers || !named.every((type) => types.includes(type))) {
    fields.wrong("layer_types", named, `${layers} times ${types.join(" or ")}, one for each layer`);
  }
  return named.map((type) => type === types[0]);
}

function checkHeads(fields: ConfigFields, config: DecoderConfig): DecoderConfig {
  const { heads, keyValueHeads, headWidth } = config;
  if (heads % keyValueHeads !== 0) {
    fields.fail(`num_attention_heads, ${heads}, is no multiple of num_key_value_heads, ${keyValueHeads}`);
  }
  if (headWidth % 2 !== 0) fields.fail(`head_dim is odd, ${headWidth}`);
  return config;
}

/** The config.json that Hugging Face `transformers` opens as a LlamaForCausalLM or Gemma3ForCausalLM. */
export function formatDecoderConfig(
  config: DecoderConfig,
  tokens: { bos: number; eos: number },
): Record<string, unknown> {
  const { ropeScaling } = config;
  const common = {
    attention_bias: false,
    bos_token_id: tokens.bos,
    eos_token_id: tokens.eos,
    head_dim: config.headWidth,
    hidden_size: config.width,
    intermediate_size: config.feedForward,
    max_position_embeddings: config.contextLength,
    num_attention_heads: config.heads,
    num_hidden_layers: config.layers,
    num_key_value_heads: config.keyValueHeads,
    rms_norm_eps: config.normEpsilon,
    rope_theta: config.ropeTheta,
    ...(ropeScaling && { rope_scaling: formatScaling(ropeScaling) }),
    tie_word_embeddings: config.tiedHead,
    vocab_size: config.vocabularySize,
  };
  const family = config.family === "gemma3" ? formatGemma(config) : formatLlama(config);
  // By name, as Python's writer sorts them.
  return Object.fromEntries(Object.entries({ ...common, ...family }).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function formatLlama({ queryScale, local, logitCap }: DecoderConfig): Record<string, unknown> {
  if ([queryScale, local, logitCap].some((option) => option !== undefined)) {
    throw new Error("no Llama has a scale of queries, local layers or capped logits");
  }
  return { architectures: ["LlamaForCausalLM"], hidden_act: "silu", mlp_bias: false, model_type: "llama" };
}

function formatGemma(config: DecoderConfig): Record<string, unknown> {
  const {
    layers,
    ropeTheta,
    ropeScaling,
    local,
    headWidth,
    logitCap,
    queryScale = headWidth ** -0.5,
  } = config;
  const entry = (theta: number, scaling = ropeScaling) => ({
    rope_type: "default",
    ...(scaling && formatScaling(scaling)),
    rope_theta: theta,
  });
  return {
    architectures: ["Gemma3ForCausalLM"],
    attn_logit_softcapping: null,
    final_logit_softcapping: logitCap ?? null,
    hidden_activation: "gelu_pytorch_tanh",
    layer_types: Array.from({ length: layers }, (_, i) =>
      local?.layers[i] ? "sliding_attention" : "full_attention",
    ),
    model_type: "gemma3_text",
    query_pre_attn_scalar: Number((queryScale ** -2).toPrecision(12)), // a whole number in published models
    ...(local && { rope_local_base_freq: local.ropeTheta, sliding_window: local.window }),
    // Releases before rope_parameters have no words for scaled local angles.
    ...(local?.ropeScaling && {
      rope_parameters: {
        full_attention: entry(ropeTheta),
        sliding_attention: entry(local.ropeTheta, local.ropeScaling),
      },
    }),
  };
}
