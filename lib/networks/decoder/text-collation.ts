import * as tf from "@tensorflow/tfjs";
import type { SequenceBlock } from "../../operations";
import { type CollatedCall, type Collation, type Layout, planLayouts } from "../training";
import type { Decoder } from "./decoder";
import { parameterCount } from "./decoder-config";
import { causalMask, rowPrice } from "./pack";
import { predictedSpans, predictedTokens, type TrainingText, tokensOf, weightOf } from "./training-text";

/**
 * Lays the texts of each step out one behind the other, in a few sizes for all steps; attention reads them in blocks,
 * one text to a row. Undefined where too much would be left unused.
 */
export function textCollation(
  decoder: Decoder,
  steps: readonly (readonly TrainingText[])[],
  tokensAtOnce: number,
): Collation<TrainingText> | undefined {
  const plan = planLayouts(steps, tokensAtOnce, {
    sizeOf: (text) => tokensOf(text).length,
    targetsOf: predictedTokens,
    rowPrice: rowPrice(decoder.config.width),
    parameters: parameterCount(decoder.config),
  });
  if (plan === undefined) return undefined;
  const { layouts, cut } = plan;
  return {
    key: JSON.stringify(layouts),
    collate: (texts) => {
      const total = texts.reduce((n, text) => n + predictedTokens(text), 0);
      return cut(texts)?.map(
        (call): CollatedCall => ({
          tensors: tensorsOf(call.texts, layouts[call.layout], total),
          layout: call.layout,
        }),
      );
    },
    loss: ({ tensors, layout }) => {
      const [ids, positions, rows, cells, at, targets, weights] = tensors as tf.Tensor1D[];
      const blocks = layouts[layout].blocks.map(({ rows, length }) => ({
        rows,
        mask: causalMask({ rows, length, texts: new Int32Array(rows * length) }, true),
        positions: tf.range(0, length, 1, "int32"),
      }));
      return decoder.loss({ ids, positions, places: { rows, cells }, blocks }, at, targets, weights);
    },
  };
}

/**
 * Tokens of a call's rows and their positions, (N) each; the row of each of the blocks' cells, (C), and the cell of
 * each row, (N); the rows that have a target, the targets and what each counts, (M) each.
 * @param total targets of the step
 */
function tensorsOf(texts: readonly TrainingText[], layout: Layout, total: number): tf.Tensor[] {
  const { rows: N, blocks, targets: M } = layout;
  const starts = startsOf(blocks);
  const C = blocks.reduce((n, { rows, length }) => n + rows * length, 0);
  const ids = new Int32Array(N);
  const positions = new Int32Array(N);
  const rows = new Int32Array(C).fill(N - 1);
  const cells = new Int32Array(N).fill(C - 1);
  const at = new Int32Array(M);
  const targets = new Int32Array(M);
  const weights = new Float32Array(M); // zero where no target is
  let [start, m] = [0, 0];
  texts.forEach((text, i) => {
    const tokens = tokensOf(text);
    ids.set(tokens, start);
    for (let position = 0; position < tokens.length; position++) {
      positions[start + position] = position;
      rows[starts[i] + position] = start + position;
      cells[start + position] = starts[i] + position;
    }
    for (const span of predictedSpans(text)) {
      for (let position = span.start; position < span.end; position++, m++) {
        at[m] = start + position - 1;
        targets[m] = tokens[position];
        // The decoder's loss is a mean over M.
        weights[m] = (weightOf(text) * M) / total;
      }
    }
    start += tokens.length;
  });
  const whole = [ids, positions, rows, cells, at, targets].map((values) => tf.tensor1d(values, "int32"));
  return [...whole, tf.tensor1d(weights)];
}

/** First cell of each row of the blocks. */
function startsOf(blocks: readonly SequenceBlock[]): number[] {
  const starts: number[] = [];
  let cells = 0;
  for (const { rows, length } of blocks) {
    for (let row = 0; row < rows; row++, cells += length) starts.push(cells);
  }
  return starts;
}
