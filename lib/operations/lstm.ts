import * as tf from "@tensorflow/tfjs";
import { addBias, sumRows } from "./affine";
import { withGradient } from "./custom-gradient";
import { product } from "./product";

/**
 * One layer of long short-term memory (Hochreiter and Schmidhuber 1997), from a state of zeros; gates in the order
 * of PyTorch: input, forget, cell, output. The products with the inputs are made for all steps at once.
 * @param x (T·B, in), step after step
 * @param rows B
 * @param inputWeight (4·H, in)
 * @param recurrentWeight (4·H, H)
 * @param bias (4·H)
 * @returns (T·B, H): the hidden state after each step
 */
export function lstmLayer(
  x: tf.Tensor2D,
  rows: number,
  inputWeight: tf.Tensor2D,
  recurrentWeight: tf.Tensor2D,
  bias: tf.Tensor1D,
): tf.Tensor2D {
  const operation = withGradient<[tf.Tensor2D, tf.Tensor2D, tf.Tensor2D, tf.Tensor1D], tf.Tensor2D>(
    (input, toGates, recurrent, offset) => {
      const fromInput = steps(addBias(product(input, toGates, { transposeB: true }), offset), rows); // T of (B, 4·H)
      const H = recurrent.shape[1];
      let hidden = tf.zeros([rows, H]) as tf.Tensor2D;
      let cell = tf.zeros([rows, H]) as tf.Tensor2D;
      const kept: tf.Tensor[] = [];
      const states = fromInput.map((step) => {
        const gates = step.add<tf.Tensor2D>(product(hidden, recurrent, { transposeB: true })); // (B, 4·H)
        const [i, f, g, o] = activate(gates);
        const before = cell;
        cell = f.mul<tf.Tensor2D>(cell).add(i.mul(g)); // (B, H)
        const squashed = cell.tanh(); // (B, H)
        hidden = o.mul(squashed); // (B, H)
        kept.push(i, f, g, o, before, squashed);
        return hidden;
      });
      const value = tf.concat(states); // (T·B, H)
      return { value, saved: [input, toGates, recurrent, value, ...kept] };
    },
    (gradient, saved) => {
      const [input, toGates, recurrent, value, ...kept] = saved as tf.Tensor2D[];
      const H = recurrent.shape[1];
      const fromAbove = steps(gradient, rows); // T of (B, H)
      let dHidden = tf.zeros([rows, H]) as tf.Tensor2D;
      let dCell = tf.zeros([rows, H]) as tf.Tensor2D;
      const dGates: tf.Tensor2D[] = [];
      for (let t = fromAbove.length - 1; t >= 0; t--) {
        const [i, f, g, o, before, squashed] = kept.slice(6 * t, 6 * t + 6);
        const dh = fromAbove[t].add<tf.Tensor2D>(dHidden); // (B, H)
        const dc = dh.mul(o).mul(tf.sub(1, squashed.square())).add<tf.Tensor2D>(dCell); // (B, H)
        dGates[t] = tf.concat(
          [
            dc.mul(g).mul(slope(i)),
            dc.mul(before).mul(slope(f)),
            dc.mul(i).mul(tf.sub(1, g.square())),
            dh.mul(squashed).mul(slope(o)),
          ],
          1,
        ) as tf.Tensor2D; // (B, 4·H)
        dHidden = product(dGates[t], recurrent); // (B, H)
        dCell = dc.mul(f); // (B, H)
      }
      const all = tf.concat(dGates); // (T·B, 4·H)
      const states = value.shape[0] - rows;
      const start = tf.zeros([rows, H]) as tf.Tensor2D;
      const previous = tf.concat([start, tf.slice(value, [0, 0], [states, H])]); // (T·B, H)
      return [
        product(all, toGates),
        product(all, input, { transposeA: true }),
        product(all, previous, { transposeA: true }),
        sumRows(all),
      ];
    },
  );
  return operation(x, inputWeight, recurrentWeight, bias);
}

/** (T·B, …) to T of (B, …). */
function steps(x: tf.Tensor2D, rows: number): tf.Tensor2D[] {
  return tf.split(x, x.shape[0] / rows);
}

function activate(gates: tf.Tensor2D): tf.Tensor2D[] {
  const [i, f, g, o] = tf.split(gates, 4, 1) as tf.Tensor2D[]; // (B, H) each
  return [i.sigmoid(), f.sigmoid(), g.tanh(), o.sigmoid()];
}

/** The slope of the logistic function where its value is s. */
function slope(s: tf.Tensor2D): tf.Tensor2D {
  return s.mul(tf.sub(1, s));
}
