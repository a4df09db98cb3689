import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { readSafetensors } from "labor-llm/dist/checkpoints/safetensors";
import { type EngineName, engineInfo, startEngine } from "labor-llm/dist/engine";
import { Decoder } from "labor-llm/dist/models/decoder";
import { parseDecoderConfig } from "labor-llm/dist/models/decoder-config";
import { toVariables } from "labor-llm/dist/models/parameters";
import { variableGradients } from "labor-llm/dist/operations/gradients";
import { packRows, toTensors } from "labor-llm/dist/training/pack";
import { expectClose } from "../support/close";
import { fixture } from "../support/paths";

function load(name: string): Decoder {
  const path = join(fixture(name), "config.json");
  const config = parseDecoderConfig(JSON.parse(readFileSync(path, "utf8")), path);
  return new Decoder(config, toVariables(readSafetensors(join(fixture(name), "model.safetensors")).tensors));
}

describe("Decoder", () => {
  after(() => startEngine({ engine: fastest }));
  let fastest: EngineName;
  before(() => {
    fastest = engineInfo()!.engine;
  });

  const cases = ["llama-tiny", "llama-tiny-tied"].flatMap((name) =>
    (["tensorflow", "wasm", "cpu"] as const).map((engine) => ({ name, engine })),
  );
  for (const { name, engine } of cases) {
    it(`gives the logits, loss and gradients of Hugging Face transformers: ${name} on ${engine}`, async function () {
      if (engine === "tensorflow" && fastest !== "tensorflow") {
        console.log("      TensorFlow's native library is not there: labor-llm engine --install gets it");
        this.skip();
      }
      await startEngine({ engine });
      const decoder = load(name);
      const expected = readSafetensors(join(fixture(name), "expected.safetensors")).tensors;
      const ids = expected.get("input_ids")!;
      const [rows, length] = ids.shape;
      const texts = Array.from({ length: rows }, (_, row) =>
        Int32Array.from(ids.values.slice(row * length, (row + 1) * length)),
      );
      const { batch, at, targets } = toTensors(packRows(texts, decoder.config.width));
      // Whether in one row or in two, two texts of one length fill the first cells in order.
      const logits = tf.gather(decoder.logits(decoder.hidden(batch)), tf.range(0, rows * length, 1, "int32"));
      expectClose(logits.dataSync(), expected.get("logits")!.values, 1e-4);

      const variables = [...decoder.parameters.values()];
      const { value, grads } = variableGradients(() => decoder.loss(batch, at, targets), variables);
      expectClose(value.dataSync(), expected.get("loss")!.values, 1e-5);
      for (const [parameter, variable] of decoder.parameters) {
        const gradient = expected.get(`gradient.${parameter}`)!.values;
        const scale = Math.max(...Array.from(gradient, Math.abs));
        expectClose(grads[variable.name].dataSync(), gradient, 1e-4 * scale);
      }
      decoder.dispose();
    });
  }

  it("gives a text the same loss whatever it is packed with", () => {
    const decoder = load("llama-tiny");
    const texts = [9, 14, 3, 11, 5, 21].map((n, t) =>
      Int32Array.from({ length: n }, (_, i) => (7 * t + 3 * i) % 97),
    );
    const loss = (some: Int32Array[]) =>
      tf.tidy(() => {
        const { batch, at, targets } = toTensors(packRows(some, decoder.config.width));
        return decoder.loss(batch, at, targets).dataSync()[0];
      });
    const alone = texts.reduce((sum, text) => sum + loss([text]) * (text.length - 1), 0);
    const pieces = texts.reduce((sum, text) => sum + text.length - 1, 0);
    assert.ok(packRows(texts, 48).rows < texts.length, "the texts share rows");
    expectClose([loss(texts)], [alone / pieces], 1e-5);
    decoder.dispose();
  });

  it("continues a text from kept keys and values as if it read it whole", () => {
    const decoder = load("llama-tiny");
    const text = Int32Array.from({ length: 16 }, (_, i) => (5 * i + 2) % 97);
    const whole = toTensors(packRows([text], 1e9)).batch;
    const full = decoder.run(whole).hidden; // (16, D)
    const head = decoder.run(toTensors(packRows([text.slice(0, 10)], 1e9)).batch);
    const bias = tf.slice(whole.bias, [0, 0, 10, 0], [1, 1, 6, 16]) as tf.Tensor4D;
    const rest = decoder.run(
      {
        ids: tf.slice(whole.ids, 10, 6),
        positions: tf.slice(whole.positions, 10, 6),
        bias,
        rows: 1,
      },
      head.present,
    ).hidden;
    expectClose(rest.dataSync(), tf.slice(full, [10, 0], [6, -1]).dataSync(), 1e-4);
    decoder.dispose();
  });

  it("computes the same where an heir makes each map by itself", () => {
    const plain = load("llama-tiny");
    const maps: string[] = [];
    class Heir extends Decoder {
      protected override project(x: tf.Tensor2D, name: string, gain?: tf.Tensor1D): tf.Tensor2D {
        maps.push(name);
        return super.project(x, name, gain);
      }
    }
    const heir = new Heir(plain.config, plain.parameters);
    const variables = [...plain.parameters.values()];
    const text = Int32Array.from({ length: 20 }, (_, i) => (11 * i + 3) % 97);
    const { batch, at, targets } = toTensors(packRows([text, text.slice(3, 9)], 48));
    const [expected, actual] = [plain, heir].map((decoder) =>
      variableGradients(() => decoder.loss(batch, at, targets), variables),
    );
    expectClose(actual.value.dataSync(), expected.value.dataSync(), 1e-6);
    for (const { name } of variables) {
      expectClose(actual.grads[name].dataSync(), expected.grads[name].dataSync(), 1e-6);
    }
    const logits = [plain, heir].map((decoder) => decoder.logits(decoder.hidden(batch)).dataSync());
    expectClose(logits[1], logits[0], 1e-5);
    assert.deepEqual(
      new Set(maps),
      new Set([...plain.parameters.keys()].filter((name) => /_proj|lm_head/.test(name))),
    );
    plain.dispose();
  });
});
