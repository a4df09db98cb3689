import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { engineInfo, startEngine } from "labor-llm/dist/engine";
import { readSafetensors } from "labor-llm/dist/files/safetensors/safetensors-reader";
import { toVariables } from "labor-llm/dist/networks/checkpoints/parameters";
import { Decoder } from "labor-llm/dist/networks/decoder/decoder";
import { parseDecoderConfig } from "labor-llm/dist/networks/decoder/decoder-config-json";
import type { OutputOrder } from "labor-llm/dist/networks/decoder/head-order";
import { blocksToTensors, packRows, toTensors } from "labor-llm/dist/networks/decoder/pack";
import type { KeyValues } from "labor-llm/dist/networks/decoder/prefix-cache";
import { HIDDEN } from "labor-llm/dist/networks/decoder/sight";
import { variableGradients } from "labor-llm/dist/operations/gradients";
import type { EngineName } from "labor-llm/dist/session";
import { expectClose } from "../../support/close";
import { fixture } from "../../support/paths";

function load(name: string): Decoder {
  const path = join(fixture(name), "config.json");
  const config = parseDecoderConfig(JSON.parse(readFileSync(path, "utf8")), path);
  return new Decoder(config, toVariables(readSafetensors(join(fixture(name), "model.safetensors")).tensors));
}

/** Some text of the model's tokens. */
function tokensOf(decoder: Decoder, length: number, seed: number): Int32Array {
  return Int32Array.from({ length }, (_, i) => (7 * seed + 3 * i + seed * i) % decoder.config.vocabularySize);
}

describe("Decoder", () => {
  after(() => startEngine({ engine: fastest }));
  let fastest: EngineName;
  before(() => {
    fastest = engineInfo()!.engine;
  });

  const families = ["llama-tiny", "llama-tiny-tied", "llama-2-tiny", "llama-3-tiny", "gemma-3-tiny"];
  const cases = families.flatMap((name) =>
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

  for (const name of families) {
    it(`gives a text the same loss whatever it is packed with: ${name}`, () => {
      const decoder = load(name);
      const texts = [9, 14, 3, 11, 5, 21].map((n, t) => tokensOf(decoder, n, t));
      const loss = (some: Int32Array[]) =>
        tf.tidy(() => {
          const { batch, at, targets } = toTensors(packRows(some, decoder.config.width));
          return decoder.loss(batch, at, targets).dataSync()[0];
        });
      const alone = texts.reduce((sum, text) => sum + loss([text]) * (text.length - 1), 0);
      const tokens = texts.reduce((sum, text) => sum + text.length - 1, 0);
      assert.ok(packRows(texts, 48).rows < texts.length, "the texts share rows");
      expectClose([loss(texts)], [alone / tokens], 1e-5);
      const inBlocks = tf.tidy(() => {
        const rows = [texts.slice(0, 2), texts.slice(2)].map((some) => packRows(some, 48));
        const { batches, at, targets } = blocksToTensors(rows);
        return decoder.loss(batches, at, targets).dataSync()[0];
      });
      expectClose([inBlocks], [alone / tokens], 1e-5);
      decoder.dispose();
    });

    it(`continues texts from kept keys and values as if it read each whole: ${name}`, () => {
      const decoder = load(name);
      const texts = [tokensOf(decoder, 26, 1), tokensOf(decoder, 26, 4)];
      const whole = toTensors(packRows(texts, 1e9)).batch;
      assert.deepEqual([whole.rows, whole.ids.size], [2, 52]);
      const full = decoder.run(whole).hidden.reshape([2, 26, -1]); // (2, 26, D)
      /** Places from one up to another of both texts. */
      const part = (from: number, to: number) => {
        const cut = (x: tf.Tensor1D) => tf.slice(x.reshape([2, 26]), [0, from], [2, to - from]).flatten();
        return {
          ids: cut(whole.ids),
          positions: cut(whole.positions),
          mask: tf.slice(whole.mask, [0, 0, from, 0], [-1, 1, to - from, to]) as tf.Tensor4D,
          rows: 2,
        };
      };
      let past: KeyValues[] | undefined;
      for (const [from, to] of [
        [0, 3],
        [3, 15],
        [15, 16],
        [16, 26],
      ]) {
        const { hidden, present } = decoder.run(part(from, to), past);
        const expected = tf.slice(full, [0, from, 0], [2, to - from, -1]);
        expectClose(hidden.dataSync(), expected.dataSync(), 1e-4);
        past = present;
      }
      decoder.dispose();
    });

    it(`reads branches that do not see each other from one past, as if each were a text: ${name}`, () => {
      const decoder = load(name);
      const stem = tokensOf(decoder, 18, 2);
      const branches = [5, 3].map((n, b) => tokensOf(decoder, n, 7 + b));
      const { present } = decoder.run(toTensors(packRows([stem], 1e9)).batch);
      const mask = new Float32Array(8 * 26).fill(HIDDEN);
      for (let query = 0; query < 8; query++) {
        mask.fill(0, query * 26, query * 26 + 18);
        mask.fill(0, query * 26 + (query < 5 ? 18 : 23), query * 26 + 18 + query + 1);
      }
      const together = decoder.run(
        {
          ids: tf.tensor1d([...branches[0], ...branches[1]], "int32"),
          positions: tf.tensor1d([18, 19, 20, 21, 22, 18, 19, 20], "int32"),
          mask: tf.tensor4d(mask, [1, 1, 8, 26]),
          rows: 1,
        },
        present,
      ).hidden;
      const apart = branches.map((branch) => {
        const text = Int32Array.from([...stem, ...branch]);
        return tf.slice(decoder.hidden(toTensors(packRows([text], 1e9)).batch), [18, 0]);
      });
      expectClose(together.dataSync(), tf.concat(apart).dataSync(), 1e-4);
      decoder.dispose();
    });
  }

  for (const name of ["llama-tiny", "gemma-3-tiny"]) {
    it(`computes the same where an heir makes each map by itself: ${name}`, () => {
      const plain = load(name);
      const maps: string[] = [];
      class Heir extends Decoder {
        protected override project(
          x: tf.Tensor2D,
          name: string,
          gain?: tf.Tensor1D,
          order?: OutputOrder,
        ): tf.Tensor2D {
          maps.push(name);
          return super.project(x, name, gain, order);
        }
      }
      const heir = new Heir(plain.config, plain.parameters);
      const variables = [...plain.parameters.values()];
      const text = Int32Array.from({ length: 20 }, (_, i) => (11 * i + 3) % 61);
      const { batch, at, targets } = toTensors(packRows([text, text.slice(3, 9)], 48));
      const [expected, actual] = [plain, heir].map((decoder) =>
        variableGradients(() => decoder.loss(batch, at, targets), variables),
      );
      expectClose(actual.value.dataSync(), expected.value.dataSync(), 1e-6);
      for (const { name: id } of variables) {
        const gradient = expected.grads[id].dataSync();
        const scale = Math.max(...Array.from(gradient, Math.abs));
        expectClose(actual.grads[id].dataSync(), gradient, 1e-5 * scale);
      }
      const logits = [plain, heir].map((decoder) => decoder.logits(decoder.hidden(batch)).dataSync());
      expectClose(logits[1], logits[0], 1e-5);
      assert.deepEqual(
        new Set(maps),
        new Set(
          [...plain.parameters.keys()]
            .filter((name) => /_proj|lm_head/.test(name))
            .concat(plain.config.tiedHead ? "model.embed_tokens.weight" : []),
        ),
      );
      plain.dispose();
    });
  }
});
