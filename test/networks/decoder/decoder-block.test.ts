import * as tf from "@tensorflow/tfjs";
import { Random } from "labor-llm";
import { Decoder } from "labor-llm/dist/networks/decoder/decoder";
import { type DecoderConfig, parameterShapes } from "labor-llm/dist/networks/decoder/decoder-config";
import { packRows, toTensors } from "labor-llm/dist/networks/decoder/pack";
import { expectClose } from "../../support/close";

const llama: DecoderConfig = {
  vocabularySize: 11,
  width: 10,
  feedForward: 14,
  layers: 1,
  heads: 4,
  keyValueHeads: 2,
  headWidth: 6,
  ropeTheta: 100,
  normEpsilon: 1e-3,
  tiedHead: true,
  contextLength: 64,
};
const configs: Record<string, DecoderConfig> = {
  Llama: llama,
  "Gemma 3, a global layer": { ...llama, family: "gemma3", queryScale: 0.3 },
  "Gemma 3, a local layer": {
    ...llama,
    family: "gemma3",
    local: { layers: [true], window: 3, ropeTheta: 10 },
  },
};

type Matrix = number[][];
const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i], 0);
const map = (x: Matrix, weight: Matrix) => x.map((row) => weight.map((out) => dot(row, out)));
const add = (x: Matrix, y: Matrix) => x.map((row, t) => row.map((value, i) => value + y[t][i]));
const silu = (x: number) => x / (1 + Math.exp(-x));
const gelu = (x: number) => (x / 2) * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
const rotary = (x: Matrix, theta: number) =>
  x.map((row, t) => {
    const half = row.length / 2;
    return row.map((value, i) => {
      const angle = t * theta ** (-(i % half) / half);
      return value * Math.cos(angle) + (i < half ? -row[i + half] : row[i - half]) * Math.sin(angle);
    });
  });

/** The block as the papers write it, number by number and in double precision: (T, D) of one text to (T, D). */
function plainBlock(x: Matrix, parameter: (name: string) => Matrix, config: DecoderConfig): Matrix {
  const { heads, keyValueHeads, headWidth: h, normEpsilon, queryScale = 1 / Math.sqrt(h), local } = config;
  const gemma = config.family === "gemma3";
  const { ropeTheta, window } = local ?? { ropeTheta: config.ropeTheta, window: Number.POSITIVE_INFINITY };
  const norm = (rows: Matrix, name: string) => {
    const [gain] = parameter(name); // counted from one in Gemma
    const scale = (row: number[]) => 1 / Math.sqrt(dot(row, row) / row.length + normEpsilon);
    return rows.map((row) => row.map((value, i) => value * scale(row) * (gain[i] + (gemma ? 1 : 0))));
  };
  const postNorm = (rows: Matrix, name: string) => (gemma ? norm(rows, name) : rows);

  const normed = norm(x, "input_layernorm");
  const headOf = (letter: string, head: number) =>
    map(normed, parameter(`self_attn.${letter}_proj`).slice(head * h, (head + 1) * h));
  const attended: Matrix = x.map(() => []);
  for (let head = 0; head < heads; head++) {
    const shared = Math.floor((head * keyValueHeads) / heads);
    const [q, k] = [headOf("q", head), headOf("k", shared)].map((rows, i) =>
      rotary(postNorm(rows, `self_attn.${"qk"[i]}_norm`), ropeTheta),
    );
    const v = headOf("v", shared);
    q.forEach((query, t) => {
      const seen = k.map((_, s) => s).filter((s) => s <= t && s > t - window);
      const weights = seen.map((s) => Math.exp(queryScale * dot(query, k[s])));
      const total = weights.reduce((sum, weight) => sum + weight, 0);
      const mean = (i: number) => seen.reduce((sum, s, n) => sum + weights[n] * v[s][i], 0) / total;
      for (let i = 0; i < h; i++) attended[t].push(mean(i));
    });
  }
  const output = map(attended, parameter("self_attn.o_proj"));
  const middle = add(x, postNorm(output, "post_attention_layernorm"));
  const inner = norm(middle, gemma ? "pre_feedforward_layernorm" : "post_attention_layernorm");
  const up = map(inner, parameter("mlp.up_proj"));
  const gated = map(inner, parameter("mlp.gate_proj")).map((row, t) =>
    row.map((gate, i) => (gemma ? gelu : silu)(gate) * up[t][i]),
  );
  return add(middle, postNorm(map(gated, parameter("mlp.down_proj")), "post_feedforward_layernorm"));
}

/** A decoder of one layer whose gains and weights are all random, and of a size that makes attention uneven. */
function randomDecoder(config: DecoderConfig): Decoder {
  const parameters = new Map<string, tf.Variable>();
  for (const [name, shape] of parameterShapes(config)) {
    const random = new Random("block", name);
    const values = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => 0.5 * random.normal());
    parameters.set(name, tf.variable(tf.tensor(values, shape), true));
  }
  return new Decoder(config, parameters);
}

/** Makes each linear map by itself, so that none is fused with others. */
class Apart extends Decoder {
  protected override project(...args: Parameters<Decoder["project"]>): tf.Tensor2D {
    return super.project(...args);
  }
}

describe("decoderBlock", () => {
  // With few tokens gains are multiplied into the activations, with many into the weights.
  for (const [name, config] of Object.entries(configs)) {
    for (const length of [4, 30]) {
      it(`computes what the papers write, whether or not maps are fused: ${name}, texts of ${length} tokens`, () => {
        const fused = randomDecoder(config);
        const parameter = (part: string) => {
          const value = fused.parameters.get(`model.layers.0.${part}.weight`)!;
          return (value.rank === 1 ? value.expandDims(0) : value).arraySync() as Matrix;
        };
        const texts = [1, 2].map((step) => Int32Array.from({ length }, (_, i) => (5 + step * i) % 11));
        const { batch, at, targets } = toTensors(packRows(texts, config.width));
        for (const decoder of [fused, new Apart(config, fused.parameters)]) {
          const { embed, layers } = decoder.stages(batch, at, targets);
          const [x, hidden] = tf.tidy(() => [embed(), layers[0](embed())]);
          // Whether in one row or in two, two texts of one length fill the first cells in order.
          const rows = (tensor: tf.Tensor2D, t: number) =>
            tensor.arraySync().slice(t * length, (t + 1) * length);
          for (const t of texts.keys()) {
            const expected = plainBlock(rows(x, t), parameter, config).flat();
            expectClose(rows(hidden, t).flat(), expected, 1e-5 * Math.max(...expected.map(Math.abs)));
          }
        }
        fused.dispose();
      });
    }
  }
});
