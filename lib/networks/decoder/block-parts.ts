import type * as tf from "@tensorflow/tfjs";
import { geglu, linear, rmsNormalise, swiglu } from "../../operations";
import type { BlockParts } from "./decoder-block";
import type { DecoderConfig } from "./decoder-config";
import { withGain } from "./folded-gains";
import { normaliseQk, projectQkv } from "./fused-qkv";
import { groupColumns, ungroupColumns } from "./head-order";
import type { LinearMaps } from "./linear-maps";

/**
 * The parts of a layer's block, with the layer's parameters: of Llama, and what Gemma 3 does otherwise. Each computes
 * what `BlockParts` says, in fewer passes over memory: gains are folded into the maps that follow, the projections
 * of q, k and v are one product, and the order of heads that attention takes is made in the weights.
 */
export function blockParts(layer: number, config: DecoderConfig, maps: LinearMaps): BlockParts {
  const { heads, keyValueHeads, headWidth, feedForward, normEpsilon } = config;
  const named = (name: string) => `model.layers.${layer}.${name}`;
  const weightOf = (name: string) => named(`${name}.weight`);
  // One product for q, k and v takes the gain into its weights; where there are three, they share what is scaled.
  const rowsOfQkv = maps.projectsApart ? (heads + keyValueHeads) * headWidth : 0;
  const norm = (x: tf.Tensor2D, name: string, rows: number) =>
    withGain(rmsNormalise(x, normEpsilon), maps.gain(named(name)), rows); // (N, D)
  const postNorm = (x: tf.Tensor2D, name: string) =>
    rmsNormalise(x, normEpsilon).mul<tf.Tensor2D>(maps.gain(named(name))); // (N, D)

  const llama: BlockParts = {
    attentionNorm: (x) => norm(x, "input_layernorm", rowsOfQkv),
    projectQkv: (normed) =>
      projectQkv(
        normed,
        [weightOf("self_attn.q_proj"), weightOf("self_attn.k_proj"), weightOf("self_attn.v_proj")],
        config,
        maps,
      ),
    headNorm: (qkv) => qkv,
    projectOutput: (attended) => projectAttended(attended, weightOf("self_attn.o_proj"), config, maps),
    postAttentionNorm: (x) => x,
    feedForwardNorm: (x) => norm(x, "post_attention_layernorm", feedForward),
    projectGate: ({ x, gain }) => maps.project(x, weightOf("mlp.gate_proj"), gain),
    projectUp: ({ x, gain }) => maps.project(x, weightOf("mlp.up_proj"), gain),
    gatedUnit: swiglu,
    projectDown: (gated) => maps.project(gated, weightOf("mlp.down_proj")),
    postFeedForwardNorm: (x) => x,
  };
  if (config.family !== "gemma3") return llama;
  return {
    ...llama,
    headNorm: (qkv) => normaliseQk(qkv, [named("self_attn.q_norm"), named("self_attn.k_norm")], config, maps),
    postAttentionNorm: (x) => postNorm(x, "post_attention_layernorm"),
    feedForwardNorm: (x) => norm(x, "pre_feedforward_layernorm", feedForward),
    gatedUnit: geglu,
    postFeedForwardNorm: (x) => postNorm(x, "post_feedforward_layernorm"),
  };
}

/** @param attended (N, H·h), heads in attention's order @returns (N, D) */
function projectAttended(
  attended: tf.Tensor2D,
  name: string,
  config: DecoderConfig,
  maps: LinearMaps,
): tf.Tensor2D {
  if (maps.projectsApart) return maps.project(ungroupColumns(attended, config), name);
  return linear(attended, groupColumns(maps.weight(name) as tf.Tensor2D, config));
}
