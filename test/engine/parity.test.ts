import { strict as assert } from "node:assert";
import * as tf from "@tensorflow/tfjs";
import { engineInfo, startEngine } from "labor-llm/dist/engine";
import { findAddons } from "labor-llm/dist/engine/addons";
import { Random } from "labor-llm/dist/random";
import type { EngineName } from "labor-llm/dist/session";

// A graphics card would round products to 10 bits; read when TensorFlow loads.
process.env.NVIDIA_TF32_OVERRIDE = "0";

const [batch, tokens, width, heads, vocabulary] = [3, 7, 12, 3, 19];

/** Values that are the same for every engine. */
function drawn(name: string, shape: number[], scale = 0.5): tf.Tensor {
  const random = new Random("parity", name);
  const values = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () => scale * random.normal());
  return tf.tensor(values, shape, "float32");
}

const shapes: Record<string, number[]> = {
  embedding: [vocabulary, width],
  gain: [width],
  query: [width, width],
  key: [width, width / 3],
  value: [width, width / 3],
  gate: [width, 2 * width],
  up: [width, 2 * width],
  down: [2 * width, width],
};

/** A block of a Llama, from the operations that a language model of ours may use; its loss. */
function loss(weights: tf.Tensor[]): tf.Scalar {
  const [embedding, gain, query, key, value, gate, up, down] = weights;
  const random = new Random("parity", "ids");
  const ids = tf.tensor2d(
    Array.from({ length: batch }, () => Array.from({ length: tokens }, () => random.integer(vocabulary))),
    [batch, tokens],
    "int32",
  );
  const norm = (x: tf.Tensor) => x.mul(x.square().mean(-1, true).add(1e-5).rsqrt()).mul(gain);
  const product = (x: tf.Tensor, w: tf.Tensor) =>
    x
      .reshape([-1, x.shape.at(-1)!])
      .matMul(w)
      .reshape([...x.shape.slice(0, -1), w.shape[1]!]);
  const split = (x: tf.Tensor, n: number) => x.reshape([batch, tokens, n, -1]).transpose([0, 2, 1, 3]);
  let x: tf.Tensor = tf.gather(embedding, ids.flatten()).reshape([batch, tokens, width]); // (B, T, D)
  const normed = norm(x);
  const q = split(product(normed, query), heads); // (B, H, T, D/H)
  const rotated = tf.concat([q.slice([0, 0, 0, 2]).neg(), q.slice([0, 0, 0, 0], [-1, -1, -1, 2])], -1);
  const k = split(product(normed, key), 1).tile([1, heads, 1, 1]);
  const v = split(product(normed, value), 1).tile([1, heads, 1, 1]);
  const causal = tf.linalg.bandPart(tf.ones([tokens, tokens]), -1, 0).cast("bool");
  const scores = q.add(rotated).matMul(k, false, true).mul(0.7);
  const masked = tf.where(causal.broadcastTo(scores.shape), scores, tf.fill(scores.shape, -1e9));
  const mixed = tf.softmax(masked).matMul(v).transpose([0, 2, 1, 3]).reshape([batch, tokens, width]);
  x = x.add(mixed);
  const inner = product(norm(x), gate);
  x = x.add(product(inner.mul(inner.sigmoid()).mul(product(norm(x), up)), down));
  const logits = norm(x)
    .reshape([-1, width])
    .matMul(embedding as tf.Tensor2D, false, true); // (B·T, V)
  const observed = tf.oneHot(ids.flatten(), vocabulary).mul(logits).sum(-1);
  return tf.logSumExp(logits, -1).sub(observed).mean().asScalar();
}

/** @returns by name: the loss, each gradient, and products of every kind of transpose and broadcast */
async function results(engine: EngineName): Promise<Map<string, Float32Array>> {
  await startEngine({ engine });
  assert.equal(tf.getBackend(), engine);
  const names = Object.keys(shapes);
  const weights = names.map((name) => drawn(name, shapes[name]));
  const { value, grads } = tf.valueAndGrads((...given: tf.Tensor[]) => loss(given))(weights);
  const found = new Map<string, Float32Array>([["loss", value.dataSync<"float32">()]]);
  names.forEach((name, i) => {
    found.set(`gradient of ${name}`, grads[i].dataSync<"float32">());
  });
  for (const transposeA of [false, true]) {
    for (const transposeB of [false, true]) {
      for (const [outerA, outerB] of [
        [[], []],
        [[4], [4]],
        [[2, 3], [3]],
        [[5], []],
        [[], [5]],
      ]) {
        const a = drawn("a", [...outerA, ...(transposeA ? [6, 5] : [5, 6])]);
        const b = drawn("b", [...outerB, ...(transposeB ? [8, 6] : [6, 8])]);
        const c = tf.matMul(a, b, transposeA, transposeB);
        const name = `[${outerA}]${transposeA ? "ᵀ" : ""} × [${outerB}]${transposeB ? "ᵀ" : ""}`;
        found.set(name, c.dataSync<"float32">());
      }
    }
  }
  return found;
}

/** The largest difference, relative to the largest value. */
function difference(a: Float32Array, b: Float32Array): number {
  assert.equal(a.length, b.length);
  const scale = a.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0) / scale;
}

describe("engines", () => {
  let usual: EngineName;
  let reference: Map<string, Float32Array>;
  before(async () => {
    usual = (await startEngine()).engine;
    reference = await results("cpu");
  });
  after(() => startEngine({ engine: usual }));

  for (const engine of ["wasm", "tensorflow"] as const) {
    it(`give the same loss, gradients and products: ${engine} as cpu`, async function () {
      if (engine === "tensorflow" && findAddons().addons.length === 0) {
        console.log("      tensorflow is not installed here: npx labor-llm engine --install");
        this.skip();
      }
      const found = await results(engine);
      assert.equal(engineInfo()?.engine, engine);
      assert.ok(reference.get("loss")![0] > 1 && found.size === 29);
      for (const [name, values] of reference) {
        const apart = difference(values, found.get(name)!);
        assert.ok(apart < 1e-4, `${name}: ${engine} is ${apart} from cpu`);
      }
    });
  }
});
