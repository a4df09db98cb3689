import { strict as assert } from "node:assert";
import * as tf from "@tensorflow/tfjs";
import { engineInfo, startEngine } from "labor-llm/dist/engine";
import {
  geglu,
  headCrossEntropy,
  linear,
  pairChannels,
  rmsNormalise,
  rotaryAngles,
  rotaryFrequencies,
  selfAttention,
  swiglu,
} from "labor-llm/dist/operations";
import { withGradient } from "labor-llm/dist/operations/custom-gradient";
import type { EngineName } from "labor-llm/dist/session";
import { expectClose } from "../support/close";

type Operation = (...inputs: tf.Tensor2D[]) => tf.Tensor;

const normal = (seed: number, ...shape: [number, number]) =>
  tf.randomNormal(shape, 0, 1, "float32", seed) as tf.Tensor2D;

/** Each operation beside the same written with primitives, whose gradients TensorFlow.js knows. */
const cases: { name: string; inputs: () => tf.Tensor2D[]; ours: Operation; composite: Operation }[] = [
  {
    name: "a linear map",
    inputs: () => [normal(1, 7, 5), normal(2, 3, 5)],
    ours: linear as Operation,
    composite: (x, weight) => tf.matMul(x, weight, false, true),
  },
  {
    name: "root-mean-square normalisation",
    inputs: () => [normal(1, 7, 5)],
    ours: (x) => rmsNormalise(x, 1e-3),
    composite: (x) => x.div(x.square().mean(-1, true).add(1e-3).sqrt()),
  },
  {
    name: "the gated unit with gelu",
    inputs: () => [normal(1, 7, 5), normal(2, 7, 5)],
    ours: geglu as Operation,
    composite: (gate, up) =>
      gate
        .add(gate.pow(3).mul(0.044715))
        .mul(Math.sqrt(2 / Math.PI))
        .tanh()
        .add(1)
        .mul(gate)
        .mul(0.5)
        .mul(up),
  },
  {
    name: "the gated unit",
    inputs: () => [normal(1, 7, 5), normal(2, 7, 5)],
    ours: swiglu as Operation,
    composite: (gate, up) => gate.mul(gate.sigmoid()).mul(up),
  },
  {
    name: "cross-entropy of a head, in several chunks",
    inputs: () => [normal(1, 31, 5), normal(2, 20, 5)],
    ours: (x, head) => headCrossEntropy(x, head, targets(), { logitsAtOnce: 200 }),
    composite: (x, head) => {
      const logits = tf.matMul(x, head, false, true);
      const chosen = logits.mul(tf.oneHot(targets(), 20).toFloat()).sum(-1);
      return tf.logSumExp(logits, -1).sub(chosen).mean();
    },
  },
  {
    name: "cross-entropy of a head with capped logits",
    inputs: () => [normal(1, 31, 5), normal(2, 20, 5)],
    ours: (x, head) => headCrossEntropy(x, head, targets(), { cap: 1.5, logitsAtOnce: 200 }),
    composite: (x, head) => {
      const logits = tf.matMul(x, head, false, true).div(1.5).tanh().mul(1.5);
      const chosen = logits.mul(tf.oneHot(targets(), 20).toFloat()).sum(-1);
      return tf.logSumExp(logits, -1).sub(chosen).mean();
    },
  },
  {
    name: "self-attention of two blocks",
    inputs: () => [normal(1, 2 * 3 + 1 * 4, (4 + 2 * 2) * 6)],
    ours: (mixed) => blocksTogether(mixed),
    composite: blocksApart,
  },
  {
    name: "self-attention some queries at a time",
    inputs: () => [normal(1, 2 * 3 + 1 * 4, (4 + 2 * 2) * 6)],
    ours: (mixed) => blocksTogether(mixed, 30),
    composite: blocksApart,
  },
];

const targets = () =>
  tf.range(0, 31, 1, "int32").mul(tf.scalar(7, "int32")).mod(tf.scalar(20, "int32")) as tf.Tensor1D;

const layout = { heads: 4, keyValueHeads: 2, headWidth: 6 };
const blocks = () =>
  [3, 4].map((T, b) => ({
    rows: 2 - b,
    mask: tf.linalg
      .bandPart(tf.ones([T, T]), -1, 0)
      .sub(1)
      .mul(1e9)
      .reshape([1, 1, T, T]) as tf.Tensor4D,
  }));
const positions = () => tf.tensor1d([0, 1, 2, 0, 1, 2, 0, 1, 2, 3], "int32");

function blocksTogether(mixed: tf.Tensor2D, scoresAtOnce?: number): tf.Tensor {
  // The operation takes heads as rows of a weight in its own order; a product with ones on the diagonal puts them so.
  const width = mixed.shape[1];
  const turning = (layout.heads + layout.keyValueHeads) * layout.headWidth;
  const eye = tf.eye(width) as tf.Tensor2D;
  const order = tf.concat([
    pairChannels(tf.slice(eye, 0, turning), layout.headWidth),
    tf.slice(eye, turning, width - turning),
  ]) as tf.Tensor2D;
  return selfAttention(
    linear(mixed, order),
    rotaryAngles(positions(), layout, rotaryFrequencies(6, 100), 4),
    layout,
    blocks(),
    { scoresAtOnce },
  );
}

/** Query by query, after the definitions. Query head q of the (G, K) order shares key head q mod K. */
function blocksApart(mixed: tf.Tensor2D): tf.Tensor {
  const { heads, keyValueHeads: K, headWidth: h } = layout;
  const angles = tf.outerProduct(
    positions().toFloat(),
    tf.tensor1d([0, 1, 2].map((i) => 100 ** ((-2 * i) / h))),
  );
  const head = (i: number) => tf.slice(mixed, [0, i * h], [-1, h]);
  const turned = (i: number) => {
    const [a, b] = tf.split(head(i), 2, 1);
    return tf.concat(
      [a.mul(angles.cos()).sub(b.mul(angles.sin())), b.mul(angles.cos()).add(a.mul(angles.sin()))],
      1,
    );
  };
  const rows = [
    { from: 0, length: 3, block: 0 },
    { from: 3, length: 3, block: 0 },
    { from: 6, length: 4, block: 1 },
  ];
  return tf.concat(
    rows.map(({ from, length, block }) =>
      tf.concat(
        Array.from({ length: heads }, (_, q) => {
          const part = (x: tf.Tensor) => tf.slice(x, [from, 0], [length, -1]) as tf.Tensor2D;
          const scores = tf
            .matMul(part(turned(q)), part(turned(heads + (q % K))), false, true)
            .div(Math.sqrt(h));
          const mask = blocks()[block].mask.reshape([length, length]);
          return tf.matMul(tf.softmax(scores.add(mask)), part(head(heads + K + (q % K))));
        }),
        1,
      ),
    ),
  );
}

describe("Operations with gradients by hand", () => {
  let fastest: EngineName;
  before(() => {
    fastest = engineInfo()!.engine;
  });
  after(() => startEngine({ engine: fastest }));

  for (const engine of ["tensorflow", "wasm", "cpu"] as const) {
    for (const { name, inputs, ours, composite } of cases) {
      it(`give the value and the gradients of the composite: ${name} on ${engine}`, async function () {
        if (engine === "tensorflow" && fastest !== "tensorflow") {
          console.log("      TensorFlow's native library is not there: labor-llm engine --install gets it");
          this.skip();
        }
        await startEngine({ engine });
        tf.tidy(() => {
          const at = inputs();
          const values = [ours, composite].map((operation) => operation(...at));
          expectClose(values[0].dataSync(), values[1].dataSync(), 1e-5);
          // Any fixed direction will do; ones would hide a gradient that is put in the wrong place.
          const along = normal(9, values[0].size, 1).reshape(values[0].shape);
          const [made, expected] = [ours, composite].map((operation) =>
            tf.grads((...x: tf.Tensor[]) => operation(...(x as tf.Tensor2D[])))(at, along),
          );
          made.forEach((gradient, i) => {
            const scale = expected[i].abs().max().dataSync()[0];
            expectClose(gradient.dataSync(), expected[i].dataSync(), 1e-5 * scale);
          });
        });
      });
    }
  }

  it("make no gradient that leads to no variable", () => {
    const made: string[] = [];
    const gradient = (name: string, like: tf.Tensor) => () => {
      made.push(name);
      return tf.onesLike(like);
    };
    const sum = withGradient<[tf.Tensor, tf.Tensor], tf.Tensor>(
      (a, b) => ({ value: a.add(b), saved: [a] }),
      (_, [a]) => [gradient("variable", a), gradient("frozen", a)],
    );
    tf.tidy(() => {
      const variable = tf.variable(tf.ones([3]));
      tf.variableGrads(() => sum(variable.mul(2), tf.ones([3])).sum() as tf.Scalar, [variable]);
      variable.dispose();
    });
    assert.deepEqual(made, ["variable"]);
  });
});
