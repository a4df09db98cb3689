import * as tf from "@tensorflow/tfjs";
import { isRecording, withGradient } from "./custom-gradient";
import { softmax } from "./softmax";

/** Logits are clamped to this much either way, as in CAREER's code. */
export const LOGIT_LIMIT = 10;

/** What the title that cannot be moved to gets in place of its logit: exp of it is zero in float32. */
const MASKED = -1e9;

/**
 * Log-probabilities of all titles in two stages (Vafa et al. 2024, section 2): a sigmoid says how probable it is
 * to stay, P(previous) = s; a softmax over the other titles shares out the rest, P(y) = (1 - s) q(y). A first
 * observation has no previous title: a softmax over all titles. Logits are clamped to ±10.
 * @param logits (M, J + 1), the last one that of staying
 * @param previous (M) int32, -1 for a first observation
 * @returns (M, J), in nats
 */
export function twoStageLogProbabilities(logits: tf.Tensor2D, previous: tf.Tensor1D): tf.Tensor2D {
  return tf.tidy(() => {
    const { choice, stay, later, isPrevious } = stages(logits, previous);
    const logQ = tf.logSoftmax(choice.add(isPrevious.mul(MASKED))); // (M, J)
    const logMove = tf.softplus(stay).neg().mul(later); // (M, 1), ln(1 - s), 0 for a first observation
    const logStay = tf.softplus(stay.neg()).neg(); // (M, 1), ln s
    const stayed = tf.broadcastTo(logStay, choice.shape) as tf.Tensor2D; // (M, J)
    return tf.where(isPrevious.cast("bool"), stayed, logQ.add<tf.Tensor2D>(logMove));
  });
}

/**
 * Mean negative logarithm of `twoStageLogProbabilities` of the titles that happened; one number trains both
 * stages. The gradient is made in the forward pass.
 * @param targets (M) int32
 * @param weights (M): how much each row counts; 1 each unless given
 * @returns the mean over M of weight times loss, in nats
 */
export function twoStageCrossEntropy(
  logits: tf.Tensor2D,
  previous: tf.Tensor1D,
  targets: tf.Tensor1D,
  weights?: tf.Tensor1D,
): tf.Scalar {
  const [M, outputs] = logits.shape;
  const recording = isRecording();
  const operation = withGradient<[tf.Tensor2D], tf.Scalar>(
    (x) => {
      const { choice, stay, later, isPrevious } = stages(x, previous);
      const stayed = targets.equal(previous).cast("float32").expandDims(1); // (M, 1)
      const moved = tf.sub(1, stayed); // (M, 1), 1 where a title was chosen, first observations among them
      const masked = choice.add<tf.Tensor2D>(isPrevious.mul(MASKED)); // (M, J)
      const isTarget = indicator(targets, outputs - 1); // (M, J)
      // The logarithm of a sum is at least the largest term, so nothing is lost where a title is improbable.
      const chosen = tf.logSumExp(masked, 1, true).sub(choice.mul(isTarget).sum(1, true)); // (M, 1)
      const stage = stay.mul(tf.sub(1, stayed.mul(2))); // (M, 1): -logit where the person stayed
      const counts = weights?.reshape([M, 1]) ?? tf.scalar(1); // (M, 1)
      const losses = tf.softplus(stage).mul(later).add(chosen.mul(moved)); // (M, 1)
      const loss = losses.mul(counts).sum().div<tf.Scalar>(M);
      if (!recording) return { value: loss, saved: [] };
      const dChoice = softmax(masked).sub(isTarget).mul(moved); // (M, J)
      const dStay = stay.sigmoid().sub(stayed).mul(later); // (M, 1)
      const inside = x.abs().less(LOGIT_LIMIT).cast("float32"); // (M, J + 1)
      const dLogits = tf.concat([dChoice, dStay], 1).mul(inside).mul(counts.div(M)); // (M, J + 1)
      return { value: loss, saved: [dLogits] };
    },
    (gradient, [made]) => [made.mul(gradient)],
  );
  return operation(logits);
}

/** Log-probabilities of all titles by one softmax over clamped logits, (M, J): CAREER's model without stages. */
export function oneStageLogProbabilities(logits: tf.Tensor2D): tf.Tensor2D {
  return tf.tidy(() => tf.logSoftmax(logits.clipByValue(-LOGIT_LIMIT, LOGIT_LIMIT) as tf.Tensor2D));
}

/**
 * Mean cross-entropy of one softmax over clamped logits, (M, J), in nats.
 * @param weights (M): how much each row counts; 1 each unless given
 */
export function oneStageCrossEntropy(
  logits: tf.Tensor2D,
  targets: tf.Tensor1D,
  weights?: tf.Tensor1D,
): tf.Scalar {
  return tf.tidy(() => {
    const isTarget = indicator(targets, logits.shape[1]);
    const gains = oneStageLogProbabilities(logits).mul(isTarget).sum(1); // (M)
    return (weights === undefined ? gains : gains.mul(weights)).sum().div(-logits.shape[0]);
  });
}

function stages(logits: tf.Tensor2D, previous: tf.Tensor1D) {
  const [M, outputs] = logits.shape;
  const clamped = logits.clipByValue(-LOGIT_LIMIT, LOGIT_LIMIT);
  const [choice, stay] = tf.split(clamped, [outputs - 1, 1], 1) as tf.Tensor2D[]; // (M, J), (M, 1)
  return {
    choice,
    stay,
    /** (M, 1): 0 for first observations, 1 for the rest. */
    later: previous.greaterEqual(0).cast("float32").reshape([M, 1]) as tf.Tensor2D,
    /** (M, J): 1 at the previous title; a row of zeros for a first observation. */
    isPrevious: indicator(previous, outputs - 1),
  };
}

/** (M, J): 1 in the column of each row's index, 0 elsewhere and in rows of index -1. */
function indicator(indices: tf.Tensor1D, columns: number): tf.Tensor2D {
  // The wasm engine fills no float32 here.
  return tf.oneHot(indices, columns).cast("float32");
}
