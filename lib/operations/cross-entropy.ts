import * as tf from "@tensorflow/tfjs";
import { isCompiling } from "./compile";
import { isRecording, withGradient } from "./custom-gradient";
import { product } from "./product";
import { softmax } from "./softmax";
import { takeRows } from "./take-rows";

/** Logits in memory at a time, 24 MB: above 32 MB, each tensor's pages would be asked of the system anew. */
const LOGITS_AT_ONCE = 6e6;

/** The smallest normal number of float32: a probability below it counts as this, a loss of 87 nats. */
const SMALLEST = 1.1754944e-38;

export interface HeadOptions {
  /** Logits z become cap · tanh(z / cap). Default: none. */
  cap?: number;
  /** Whether the head is not trained: its gradient, as large as itself, is not made. Default false. */
  frozenHead?: boolean;
  /** (N): how much each position counts; the mean stays one over N. Default: 1 each. */
  weights?: tf.Tensor1D;
  /** About how many logits are in memory at a time. Default: 6 million, or a quarter of the head's size if that is more. */
  logitsAtOnce?: number;
}

/**
 * Mean next-token cross-entropy of a language model's head, product and loss in one operation. The gradient is
 * made in the forward pass, some rows at a time: the (N, V) logits are never whole, and none are saved.
 * @param hidden (N, D), normalised
 * @param head (V, D)
 * @param targets (N) int32, the token that follows each position
 * @returns the mean over N of weight times loss, in nats
 */
export function headCrossEntropy(
  hidden: tf.Tensor2D,
  head: tf.Tensor2D,
  targets: tf.Tensor1D,
  options: HeadOptions = {},
): tf.Scalar {
  if (!isRecording()) return lossAndGradients(hidden, head, targets, options, false).loss;
  const operation = withGradient<[tf.Tensor2D, tf.Tensor2D], tf.Scalar>(
    (x, weight) => {
      const { loss, dHidden, dHead } = lossAndGradients(x, weight, targets, options, true);
      return { value: loss, saved: [dHidden!, ...(dHead === undefined ? [] : [dHead])] };
    },
    (gradient, [dHidden, dHead]) => {
      // Mostly one: a copy of the head's gradient is as large as the head.
      const isOne = !isCompiling() && gradient.dataSync()[0] === 1;
      const scaled = (made: tf.Tensor) => (isOne ? made.clone() : made.mul(gradient));
      return [() => scaled(dHidden), () => scaled(dHead)];
    },
  );
  return operation(hidden, head);
}

interface LossAndGradients {
  loss: tf.Scalar;
  /** (N, D). */
  dHidden?: tf.Tensor2D;
  /** (V, D). */
  dHead?: tf.Tensor2D;
}

function lossAndGradients(
  hidden: tf.Tensor2D,
  head: tf.Tensor2D,
  targets: tf.Tensor1D,
  options: HeadOptions,
  wantGradients: boolean,
): LossAndGradients {
  const [N, D] = hidden.shape;
  const [V] = head.shape;
  // Each chunk passes over the whole head and its gradient: of a large one, few and larger chunks are cheaper.
  const { cap, frozenHead = false, logitsAtOnce = Math.max(LOGITS_AT_ONCE, (V * D) / 4) } = options;
  const size = Math.ceil(N / Math.ceil((N * V) / logitsAtOnce));
  const weights = options.weights?.expandDims<tf.Tensor2D>(1); // (N, 1)
  const chunks: Chunk[] = [];
  let dHead: tf.Tensor2D | undefined;
  for (let from = 0; from < N; from += size) {
    const chunk = tf.tidy(() => {
      const n = Math.min(size, N - from);
      const x = tf.slice(hidden, [from, 0], [n, -1]); // (n, D)
      const own = weights === undefined ? undefined : tf.slice(weights, [from, 0], [n, 1]); // (n, 1)
      const part = { x, targets: tf.slice(targets, from, n), weights: own };
      const { loss, errors, slope, dX } = chunkLoss(part, head, cap, wantGradients);
      if (errors === undefined) return { loss };
      // What a row counts is multiplied in where rows are short: in the states, not in the logits.
      const states = own === undefined ? x.div<tf.Tensor2D>(N) : x.mul<tf.Tensor2D>(own.div(N)); // (n, D)
      const dWeight = frozenHead ? undefined : product(errors, states, { transposeA: true }); // (V, D)
      return { loss, slope, dX, dHead: dWeight && dHead ? dHead.add<tf.Tensor2D>(dWeight) : dWeight };
    });
    tf.dispose(dHead === undefined ? [] : [dHead]);
    dHead = chunk.dHead;
    chunks.push(chunk);
  }
  const loss = tf.addN(chunks.map((chunk) => chunk.loss)).div<tf.Scalar>(N);
  if (!wantGradients) return { loss };
  const dHidden = tf.concat(chunks.map((chunk) => chunk.dX!)).div<tf.Tensor2D>(N);
  if (dHead === undefined) return { loss, dHidden };
  const slopes = cap === undefined ? undefined : tf.concat(chunks.map((chunk) => chunk.slope!)); // (N, 1)
  const mean = hidden.div<tf.Tensor2D>(N); // (N, D)
  const states = weights === undefined ? mean : mean.mul<tf.Tensor2D>(weights);
  const hits = tf.unsortedSegmentSum(slopes ? states.mul<tf.Tensor2D>(slopes) : states, targets, V); // (V, D)
  return { loss, dHidden, dHead: dHead.sub<tf.Tensor2D>(hits) };
}

/** Some rows' part: sums over them, not means. */
interface Chunk {
  loss: tf.Scalar;
  /** (n, V): the gradient of the logits but for what falls on the targets and for what a row counts. */
  errors?: tf.Tensor2D;
  /** (n, 1): how a target's logit follows what is capped. */
  slope?: tf.Tensor2D;
  /** (n, D). */
  dX?: tf.Tensor2D;
}

function chunkLoss(
  {
    x,
    targets,
    weights,
  }: { x: tf.Tensor2D; targets: tf.Tensor1D /** (n, 1) */; weights: tf.Tensor2D | undefined },
  head: tf.Tensor2D,
  cap: number | undefined,
  wantGradients: boolean,
): Chunk {
  const [n, V] = [x.shape[0], head.shape[0]];
  const raw = product(x, head, { transposeB: true }); // (n, V)
  const tanh = cap === undefined ? undefined : raw.div<tf.Tensor2D>(cap).tanh(); // (n, V)
  const probabilities = softmax(tanh === undefined ? raw : tanh.mul<tf.Tensor2D>(cap!)); // (n, V)
  const cells = tf.range(0, n, 1, "int32").mul(tf.scalar(V, "int32")).add<tf.Tensor1D>(targets); // (n)
  const ofTargets = (logits: tf.Tensor2D) => takeRows(logits.flatten(), cells); // (n)
  const counted = <T extends tf.Tensor>(rows: T): T => (weights === undefined ? rows : rows.mul<T>(weights)); // (n, …)
  const gains = tf.maximum(ofTargets(probabilities), SMALLEST).log().expandDims(1); // (n, 1)
  const loss = counted(gains).sum().neg() as tf.Scalar;
  if (!wantGradients) return { loss };
  // The gradient of the logits is softmax minus one-hot: its second part is a gather and a scatter of rows.
  const hits = takeRows(head, targets); // (n, D)
  if (tanh === undefined) {
    return { loss, errors: probabilities, dX: counted(product(probabilities, head).sub<tf.Tensor2D>(hits)) };
  }
  const slopes = tf.scalar(1).sub<tf.Tensor2D>(tanh.square()); // (n, V)
  const slope = ofTargets(slopes).expandDims<tf.Tensor2D>(1); // (n, 1)
  const errors = probabilities.mul<tf.Tensor2D>(slopes); // (n, V)
  return { loss, errors, slope, dX: counted(product(errors, head).sub<tf.Tensor2D>(hits.mul(slope))) };
}
