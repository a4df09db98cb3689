import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "labor-llm";
import type { Decoder } from "labor-llm/dist/models/decoder";
import { decoderTrainable } from "labor-llm/dist/training/decoder-trainable";
import { meanLoss } from "labor-llm/dist/training/step";
import { type TrainingControl, TrainingInterrupted, train } from "labor-llm/dist/training/train";
import { expectClose } from "../support/close";
import { trainingRun } from "../support/training-run";

const weights = (decoder: Decoder) =>
  [...decoder.parameters.values()].flatMap((variable) => Array.from(variable.dataSync()));

describe("train", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "labor-llm-train-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function uninterrupted(control?: TrainingControl) {
    const { decoder, data, options } = trainingRun();
    const result = await train(decoderTrainable(decoder), data, options, control);
    return { decoder, data, result, weights: weights(decoder) };
  }

  it("learns, and leaves the decoder with the epoch of least validation loss", async () => {
    const { decoder, data, result } = await uninterrupted();
    const losses = result.history.map((epoch) => epoch.validationLoss);
    assert.ok(losses[7] < 0.5 * losses[0], `losses ${losses}`);
    assert.equal(result.bestEpoch, 1 + losses.indexOf(Math.min(...losses)));
    assert.ok(
      Math.abs((await meanLoss(decoderTrainable(decoder), data.validation)) - Math.min(...losses)) < 1e-6,
    );
  });

  it("reaches the same weights, to the bit, after it was killed and run again, and again", async () => {
    const whole = await uninterrupted();
    const script = join(__dirname, "..", "support", "train-until-killed.js");
    for (const steps of [2, 7, 13]) {
      const { signal, stderr } = spawnSync(process.execPath, [script, folder, String(steps)], {
        encoding: "utf8",
      });
      assert.equal(signal, "SIGKILL", stderr);
    }
    const again = await uninterrupted({ folder });
    assert.deepEqual(again.weights, whole.weights);
    assert.deepEqual(again.result, whole.result);
  });

  it("takes the same steps, within rounding, when a batch is taken in parts", async () => {
    const { decoder, data, options } = trainingRun();
    const short = { ...options, epochs: 1 };
    await train(decoderTrainable(decoder), data, { ...short, piecesAtOnce: 20 });
    const other = trainingRun();
    await train(decoderTrainable(other.decoder), other.data, short);
    expectClose(weights(decoder), weights(other.decoder), 1e-4);
  });

  it("stops on a signal with a checkpoint, and goes on from there", async () => {
    const whole = await uninterrupted();
    const abort = new AbortController();
    let seen = 0;
    await assert.rejects(
      uninterrupted({ folder, signal: abort.signal, onProgress: () => ++seen === 17 && abort.abort() }),
      TrainingInterrupted,
    );
    let rest = 0;
    const again = await uninterrupted({ folder, onProgress: () => rest++ });
    assert.equal(rest, 80 - 17);
    assert.deepEqual(again.weights, whole.weights);
  });

  it("does not take up another run's folder", async () => {
    await uninterrupted({ folder });
    const { decoder, data, options } = trainingRun();
    await assert.rejects(
      train(decoderTrainable(decoder), data, { ...options, learningRate: 0.02 }, { folder }),
      UserError,
    );
    assert.equal(
      readdirSync(folder).filter((name) => name.startsWith("step-")).length,
      1,
      "one checkpoint is kept",
    );
  });

  it("names an impossible option, an empty set and a text too long for the model", async () => {
    const { decoder, data, options } = trainingRun();
    await assert.rejects(train(decoderTrainable(decoder), data, { ...options, epochs: 0 }), /epochs is 0/);
    await assert.rejects(
      train(decoderTrainable(decoder), { ...data, validation: [] }, options),
      /validation set is empty/,
    );
    const long = [new Int32Array(65)];
    await assert.rejects(
      train(decoderTrainable(decoder), { ...data, training: long }, options),
      /text 1 has 65 pieces/,
    );
  });
});
