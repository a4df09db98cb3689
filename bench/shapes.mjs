// Shapes at which fine-tuning is measured: a config.json each, texts of one length, texts per step, what is trained.
const llama = (width, layers, vocabulary, heads = width / 64) => ({
  model_type: "llama",
  architectures: ["LlamaForCausalLM"],
  hidden_size: width,
  intermediate_size: 4 * width,
  num_hidden_layers: layers,
  num_attention_heads: heads,
  num_key_value_heads: heads,
  head_dim: width / heads,
  vocab_size: vocabulary,
  max_position_embeddings: 512,
  rms_norm_eps: 1e-5,
  rope_theta: 10000,
  tie_word_embeddings: true,
  hidden_act: "silu",
});

const gemma = (vocabulary) => ({
  model_type: "gemma3_text",
  architectures: ["Gemma3ForCausalLM"],
  hidden_size: 640,
  intermediate_size: 2048,
  num_hidden_layers: 18,
  num_attention_heads: 4,
  num_key_value_heads: 1,
  head_dim: 256,
  vocab_size: vocabulary,
  max_position_embeddings: 32768,
  rms_norm_eps: 1e-6,
  rope_theta: 1000000,
  rope_local_base_freq: 10000,
  sliding_window: 512,
  layer_types: Array.from({ length: 18 }, (_, i) => (i % 6 === 5 ? "full_attention" : "sliding_attention")),
  query_pre_attn_scalar: 256,
  tie_word_embeddings: true,
  hidden_activation: "gelu_pytorch_tanh",
  attn_logit_softcapping: null,
  final_logit_softcapping: null,
});

export const shapes = {
  "1.1M": { config: llama(128, 4, 2048, 4), length: 256, texts: 8 },
  "5.3M": { config: llama(256, 6, 2048), length: 256, texts: 8 },
  "29.5M": { config: llama(512, 8, 8192), length: 256, texts: 4 },
  gemma: { config: gemma(3000), length: 360, texts: 4 },
  "gemma-lora": { config: gemma(3000), length: 360, texts: 4, lora: { rank: 16, alpha: 32 } },
  "gemma-whole": { config: gemma(262144), length: 360, texts: 4 },
  "gemma-whole-lora": { config: gemma(262144), length: 360, texts: 4, lora: { rank: 16, alpha: 32 } },
};

/** Texts of a shape: the same tokens in every program, no two of a text alike for long. */
export function textsOf({ config, length, texts }, count = 4 * texts) {
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >> 8) % config.vocab_size;
  };
  return Array.from({ length: count }, () => Array.from({ length }, next));
}
