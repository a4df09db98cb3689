import * as tf from "@tensorflow/tfjs";
import type { Decoder } from "../models/decoder";
import { type Block, planBlocks } from "./blocks";
import type { Collation } from "./collation";
import { causalBias, positionPrice } from "./pack";
import { piecesOf, predictedPieces, predictedSpans, type TrainingText, weightOf } from "./training-text";

/** Lays the texts of each step out in the same blocks, one text to a row. Undefined where too much would be left unused. */
export function textCollation(
  decoder: Decoder,
  steps: readonly (readonly TrainingText[])[],
  piecesAtOnce: number,
): Collation<TrainingText> | undefined {
  const plan = planBlocks(steps, piecesAtOnce, {
    sizeOf: (text) => piecesOf(text).length,
    targetsOf: predictedPieces,
    priceOf: (length) => positionPrice(decoder.config.width, length),
  });
  if (plan === undefined) return undefined;
  const { blocks, targets, cut } = plan;
  return {
    key: JSON.stringify([blocks, targets]),
    collate: (texts) => {
      const total = texts.reduce((n, text) => n + predictedPieces(text), 0);
      return cut(texts)?.map((call) => tensorsOf(call, blocks, targets, total));
    },
    loss: (tensors) => {
      const [ids, at, wanted, weights] = tensors as tf.Tensor1D[];
      const sizes = blocks.map(({ rows, length }) => rows * length);
      const batches = tf.split(ids, sizes).map((pieces, b) => {
        const { rows, length } = blocks[b];
        return {
          ids: pieces as tf.Tensor1D,
          positions: tf.range(0, length, 1, "int32").tile([rows]) as tf.Tensor1D,
          bias: causalBias({ rows, length, texts: new Int32Array(rows * length) }, true),
          rows,
        };
      });
      return decoder.loss(batches, at, wanted, weights);
    },
  };
}

/**
 * Pieces of a call's cells, (N), places of the targets, the targets and what each counts, (M) each.
 * @param total targets of the step
 */
function tensorsOf(
  texts: readonly TrainingText[],
  blocks: readonly Block[],
  M: number,
  total: number,
): tf.Tensor[] {
  const starts: number[] = [];
  let cells = 0;
  for (const { rows, length } of blocks) {
    for (let row = 0; row < rows; row++, cells += length) starts.push(cells);
  }
  const ids = new Int32Array(cells);
  const at = new Int32Array(M);
  const targets = new Int32Array(M);
  const weights = new Float32Array(M); // zero where no target is
  let m = 0;
  texts.forEach((text, i) => {
    const pieces = piecesOf(text);
    ids.set(pieces, starts[i]);
    for (const { start, end } of predictedSpans(text)) {
      for (let position = start; position < end; position++, m++) {
        at[m] = starts[i] + position - 1;
        targets[m] = pieces[position];
        // The decoder's loss is a mean over M.
        weights[m] = (weightOf(text) * M) / total;
      }
    }
  });
  return [...[ids, at, targets].map((values) => tf.tensor1d(values, "int32")), tf.tensor1d(weights)];
}
