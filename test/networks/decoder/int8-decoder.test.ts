import { strict as assert } from "node:assert";
import * as tf from "@tensorflow/tfjs";
import { engineInfo, startEngine } from "labor-llm/dist/engine";
import { dataFile } from "labor-llm/dist/files/data-folder";
import { trainingTexts } from "labor-llm/dist/methods/language/fine-tune";
import { decoderTrainable } from "labor-llm/dist/networks/decoder/decoder-trainable";
import { quantiseInt8 } from "labor-llm/dist/networks/decoder/int8-decoder";
import { readLanguageModel } from "labor-llm/dist/networks/decoder/language-model";
import { meanLoss } from "labor-llm/dist/networks/training/step";
import { fromInt8, linearInt8, rowsFromInt8, toInt8 } from "labor-llm/dist/operations/int8";
import { Random } from "labor-llm/dist/random";
import type { EngineName } from "labor-llm/dist/session";
import { readNlsyYoungMen } from "labor-llm/dist/surveys/nlsy-young-men";
import { expectClose } from "../../support/close";

describe("8-bit weights", () => {
  after(() => startEngine({ engine: fastest }));
  let fastest: EngineName;
  before(() => {
    fastest = engineInfo()!.engine;
  });

  for (const engine of ["tensorflow", "wasm"] as const) {
    it(`are each row's numbers to within half a step, whole, by rows and in products, on ${engine}`, async function () {
      if (engine === "tensorflow" && fastest !== "tensorflow") {
        console.log("      TensorFlow's native library is not there: labor-llm engine --install gets it");
        this.skip();
      }
      await startEngine({ engine });
      const random = new Random("int8");
      for (const [rows, columns] of [
        [8, 5],
        [10, 3],
        [1, 7],
      ] as [number, number][]) {
        const values = Float32Array.from({ length: rows * columns }, () => random.normal());
        values.fill(0, 0, columns > 5 ? 0 : columns); // a row of zeros
        const matrix = toInt8(values, [rows, columns]);
        const decoded = fromInt8(matrix);
        decoded.dataSync().forEach((value, i) => {
          const row = values.subarray(Math.floor(i / columns) * columns).subarray(0, columns);
          const step = Math.max(...row.map(Math.abs)) / 127;
          assert.ok(Math.abs(value - values[i]) <= 0.5001 * step, `${value} for ${values[i]}`);
        });
        const ids = tf.tensor1d(
          Array.from({ length: rows }, (_, i) => rows - 1 - i),
          "int32",
        );
        expectClose(rowsFromInt8(matrix, ids).dataSync(), tf.gather(decoded, ids).dataSync(), 1e-6);
        const x = tf.tensor2d(
          Float32Array.from({ length: 2 * columns }, () => random.normal()),
          [2, columns],
        );
        expectClose(linearInt8(x, matrix).dataSync(), x.matMul(decoded, false, true).dataSync(), 1e-5);
      }
    });
  }

  it("take about a quarter of the memory and cost little loss", async () => {
    await startEngine({ engine: fastest });
    const { decoder, tokenizer } = readLanguageModel(dataFile("base-model"));
    const panel = readNlsyYoungMen();
    const texts = trainingTexts({ ...panel, careers: panel.careers.slice(0, 8) }, { decoder, tokenizer }, {});
    const whole = await meanLoss(decoderTrainable(decoder), texts);
    const bytes = [...decoder.parameters.values()].reduce((n, { size }) => n + 4 * size, 0);
    const before = tf.memory().numBytes;
    const rounded = quantiseInt8(decoder);
    assert.equal(tf.memory().numBytes - before, rounded.bytes);
    assert.ok(rounded.bytes < 0.27 * bytes, `${rounded.bytes} of ${bytes} bytes`);
    const loss = await meanLoss(decoderTrainable(rounded), texts);
    console.log(`      ${whole.toFixed(4)} nats a token in float32, ${loss.toFixed(4)} in 8 bits`);
    assert.ok(Math.abs(loss - whole) < 0.01);
    const kept = tf.memory().numBytes;
    rounded.dispose();
    assert.equal(kept - tf.memory().numBytes, rounded.bytes);
  });
});
