import type * as tf from "@tensorflow/tfjs";
import { residual } from "../../operations";
import type { Normalised } from "./folded-gains";
import type { KeyValues } from "./prefix-cache";

/**
 * One block of a decoder, as Llama has it (Touvron et al. 2023, section 2.2); in brackets what Gemma 3 has besides or
 * instead (Gemma team 2025, section 2). N tokens pass through it side by side; only in attention do they see each other.
 *
 *     x ───────────────────────┐        middle ────────────────┐
 *     ↓                        │        ↓                      │
 *     norm                     │        norm                   │
 *     ├─────────┬─────────┐    │        ├───────────────┐      │
 *     q         k         v    │        gate            up     │
 *     ↓         ↓         │    │        ↓               │      │
 *     [norm]    [norm]    │    │        silu [gelu]     │      │
 *     rotary    rotary    │    │        └───────×───────┘      │
 *     └─────────┼─────────┘    │                ↓              │
 *               ↓              │                down           │
 *        mask → attention      │                ↓              │
 *               ↓              │                [norm]         │
 *               output         │                ↓              │
 *               ↓              │                + ←────────────┘
 *               [norm]         │                ↓
 *               ↓              │                hidden
 *               + ←────────────┘
 *               ↓
 *               middle
 *
 * @param x activations, (N, D)
 * @param block the maps, with one layer's parameters
 * @param attend the attention, with what hides tokens from each other
 * @returns activations, (N, D), and the keys and values that `attend` hands on
 */
export function decoderBlock(
  x: tf.Tensor2D,
  block: BlockParts,
  attend: Attend,
): { hidden: tf.Tensor2D; present?: KeyValues } {
  const normed = block.attentionNorm(x); // (N, D)
  const projected = block.projectQkv(normed); // (N, (H + 2K)·h): q, k and v of all heads side by side
  const qkv = block.headNorm(projected); // (N, (H + 2K)·h)
  const { attended, present } = attend(qkv); // (N, H·h)
  const output = block.postAttentionNorm(block.projectOutput(attended)); // (N, D)
  const middle = residual(x, output); // (N, D)

  const inner = block.feedForwardNorm(middle); // (N, D)
  const gate = block.projectGate(inner); // (N, F)
  const up = block.projectUp(inner); // (N, F)
  const gated = block.gatedUnit(gate, up); // (N, F)
  const down = block.postFeedForwardNorm(block.projectDown(gated)); // (N, D)
  return { hidden: residual(middle, down), present }; // (N, D)
}

/**
 * Attention: softmax(s · q kᵀ + mask) v for each head (Vaswani et al. 2017, eq. 1), after q and k have been turned by
 * their positions (rotary: Su et al. 2021, eq. 34). The scale s is 1/√h, or what the configuration says. Every H/K
 * heads of q share one head of k and v (grouped queries: Ainslie et al. 2023). The mask is 0 where a query may look;
 * where not, it is so low that the weight is zero: at later tokens, at other texts, and in Gemma 3's local layers at
 * what is too far back.
 * @param qkv (N, (H + 2K)·h)
 * @returns (N, H·h), and keys and values for texts that go on, where they are cached
 */
export type Attend = (qkv: tf.Tensor2D) => { attended: tf.Tensor2D; present?: KeyValues };

/**
 * What a block computes with one layer's parameters; how is in `block-parts.ts`. RMS(x) is x / √(mean(x²) + ε) · g
 * with a gain g of its own for each place (Zhang and Sennrich 2019, eq. 4).
 */
export interface BlockParts {
  /** RMS(x), before the maps (pre-normalisation). (N, D) to (N, D), whose gain may be left to the maps. */
  attentionNorm(x: tf.Tensor2D): Normalised;
  /** q = x W_qᵀ, k = x W_kᵀ, v = x W_vᵀ (Vaswani et al. 2017, section 3.2.2). (N, D) to (N, (H + 2K)·h). */
  projectQkv(normed: Normalised): tf.Tensor2D;
  /** Gemma 3: RMS of each head of q and of k (after Henry et al. 2020). Llama: nothing. (N, (H + 2K)·h) both. */
  headNorm(qkv: tf.Tensor2D): tf.Tensor2D;
  /** x W_oᵀ (Vaswani et al. 2017, section 3.2.2). (N, H·h) to (N, D). */
  projectOutput(attended: tf.Tensor2D): tf.Tensor2D;
  /** Gemma 3: RMS(x), before the sum (Gemma team 2024, "Gemma 2", section 2). Llama: nothing. (N, D) both. */
  postAttentionNorm(x: tf.Tensor2D): tf.Tensor2D;
  /** RMS(x), before the gated unit. (N, D) to (N, D), whose gain may be left to the maps. */
  feedForwardNorm(x: tf.Tensor2D): Normalised;
  /** x W_gateᵀ, W of Shazeer 2020, eq. 6. (N, D) to (N, F). */
  projectGate(normed: Normalised): tf.Tensor2D;
  /** x W_upᵀ, V of Shazeer 2020, eq. 6. (N, D) to (N, F). */
  projectUp(normed: Normalised): tf.Tensor2D;
  /** silu(gate) · up in Llama, gelu(gate) · up in Gemma (Shazeer 2020, eq. 5). (N, F) and (N, F) to (N, F). */
  gatedUnit(gate: tf.Tensor2D, up: tf.Tensor2D): tf.Tensor2D;
  /** x W_downᵀ, W₂ of Shazeer 2020, eq. 6. (N, F) to (N, D). */
  projectDown(gated: tf.Tensor2D): tf.Tensor2D;
  /** Gemma 3: RMS(x), before the sum. Llama: nothing. (N, D) both. */
  postFeedForwardNorm(x: tf.Tensor2D): tf.Tensor2D;
}
