import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import fs, { cpSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { Random, UserError } from "labor-llm";
import type { Decoder } from "labor-llm/dist/networks/decoder/decoder";
import { decoderTrainable } from "labor-llm/dist/networks/decoder/decoder-trainable";
import type { TrainingText } from "labor-llm/dist/networks/decoder/training-text";
import { learningRateAt } from "labor-llm/dist/networks/training/schedule";
import { meanLoss, TrainingDiverged } from "labor-llm/dist/networks/training/step";
import { type TrainingControl, TrainingInterrupted, train } from "labor-llm/dist/networks/training/train";
import type { Trainable } from "labor-llm/dist/networks/training/trainable";
import { expectClose } from "../../support/close";
import { flipBit } from "../../support/flip-bit";
import { stderrOf } from "../../support/stderr";
import { trainingRun } from "../../support/training-run";

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

  it("ends so many epochs after the least validation loss, with the weights of that epoch, however often it is stopped", async () => {
    // Validation texts count down: what is learnt makes them ever less likely.
    const run = () => {
      const { decoder, data, options } = trainingRun();
      const validation = data.validation.map((text) => Int32Array.from(text).reverse());
      return { decoder, data: { ...data, validation }, options: { ...options, patience: 3 } };
    };
    const { decoder, data, options } = run();
    const result = await train(decoderTrainable(decoder), data, options);
    const losses = result.history.map((epoch) => epoch.validationLoss);
    assert.ok(losses.length < options.epochs, `${losses}`);
    assert.equal(result.bestEpoch, 1 + losses.indexOf(Math.min(...losses)));
    assert.equal(losses.length, result.bestEpoch + 3);
    const stop = new AbortController();
    const stopped = run();
    const onProgress = ({ step }: { step: number }) => step === 10 * losses.length && stop.abort(); // the last step
    const control = { folder, signal: stop.signal, onProgress };
    await assert.rejects(train(decoderTrainable(stopped.decoder), stopped.data, stopped.options, control));
    const again = run();
    const resumed = await train(decoderTrainable(again.decoder), again.data, again.options, { folder });
    assert.deepEqual([resumed, weights(again.decoder)], [result, weights(decoder)]);
    const ended = run(); // nothing is left to do
    assert.deepEqual(
      await train(decoderTrainable(ended.decoder), ended.data, ended.options, { folder }),
      result,
    );
  });

  it("reaches the same weights, to the bit, though killed at 20 random points, losing at most the steps since a checkpoint", async function () {
    this.timeout(120_000);
    const whole = await uninterrupted();
    const script = require.resolve("../../support/train-until-killed");
    const random = new Random("kills");
    let reached = 0;
    for (let kill = 0; kill < 20; kill++) {
      const events = 1 + random.integer(kill % 2 === 0 ? 40 : 160);
      const run = spawnSync(process.execPath, [script, folder, String(events)], { encoding: "utf8" });
      assert.equal(run.signal, "SIGKILL", run.stderr);
      const steps = run.stdout.trim().split("\n").map(Number);
      if (run.stdout === "") continue;
      assert.ok(steps[0] > reached - 3, `step ${steps[0]} came after step ${reached}`);
      reached = Math.max(reached, ...steps);
    }
    assert.ok(reached > 10 && reached < 80, `killed last at step ${reached}`);
    const again = await uninterrupted({ folder });
    assert.deepEqual(again.weights, whole.weights);
    assert.deepEqual(again.result, whole.result);
    const left = readdirSync(folder).map((name) => name.replace(/-.*/, ""));
    assert.deepEqual(left.sort(), ["best", "step"], "nothing half-written is left");
  });

  it("ends with one line where the disk is full, and goes on from the earlier checkpoint once there is room", async () => {
    const whole = await uninterrupted();
    const { writeSync } = fs;
    for (const written of [1, 30, 61]) {
      let calls = 0;
      let full = false;
      const control = {
        folder,
        checkpointEvery: 5,
        onProgress: ({ step }: { step: number }) => {
          full = step % 10 === 0;
        },
      };
      Object.assign(fs, {
        writeSync: (...args: unknown[]) => {
          if (full && ++calls > written) throw Object.assign(new Error("full"), { code: "ENOSPC" });
          return (writeSync as (...args: unknown[]) => unknown)(...args);
        },
      });
      await assert
        .rejects(uninterrupted(control), (error: Error) => {
          assert.ok(error instanceof UserError);
          assert.match(
            error.message,
            /^cannot write .*: the disk is full\. .* The checkpoint of step \d+ is good\.$/,
          );
          return true;
        })
        .finally(() => Object.assign(fs, { writeSync }));
      assert.equal(readdirSync(folder).filter((name) => name.startsWith("step-")).length, 1);
    }
    assert.deepEqual((await uninterrupted({ folder })).weights, whole.weights);
  });

  for (const what of ["loss", "gradient"] as const) {
    it(`stops at the batch whose ${what} is no number, and keeps the last good checkpoint`, async () => {
      const { decoder, data, options } = trainingRun();
      const sound = decoderTrainable(decoder);
      let batches = 0;
      // √(loss - loss) is zero, but its slope is none; √(loss - loss + 1) has the slope zero.
      const [sane, bad] = what === "loss" ? [1, Number.NaN] : [1, 0];
      const spoilt = (loss: tf.Scalar, by: tf.Scalar) =>
        what === "loss"
          ? loss.mul<tf.Scalar>(by)
          : loss.add(loss.sub(loss).add(by).sqrt()).sub<tf.Scalar>(by);
      const diverging: Trainable<TrainingText> = {
        ...sound,
        loss(texts, pass) {
          const loss = sound.loss(texts, pass);
          return pass === undefined || ++batches < 18 ? loss : spoilt(loss, tf.scalar(bad));
        },
        // A graph is made once: what spoils a batch must be among its inputs.
        collation(steps, tokensAtOnce) {
          const collation = sound.collation!(steps, tokensAtOnce)!;
          return {
            key: `${collation.key} ${what}`,
            collate: (texts) => {
              const by = ++batches === 18 ? bad : sane;
              return collation.collate(texts)!.map(({ tensors, layout }) => ({
                tensors: [...tensors, tf.scalar(by)],
                layout,
              }));
            },
            loss: ({ tensors, layout }, seeds) => {
              const loss = collation.loss({ tensors: tensors.slice(0, -1), layout }, seeds);
              return spoilt(loss, tensors[tensors.length - 1] as tf.Scalar);
            },
          };
        },
      };
      await assert.rejects(train(diverging, data, options, { folder, checkpointEvery: 5 }), (error) => {
        assert.ok(error instanceof TrainingDiverged);
        assert.match(
          error.message,
          new RegExp(`^the ${what} became NaN at epoch 2, batch 8\\. The checkpoint of step 15 is good`),
        );
        return true;
      });
      assert.ok(weights(decoder).every(Number.isFinite));
      const whole = await uninterrupted();
      assert.deepEqual((await uninterrupted({ folder })).weights, whole.weights);
    });
  }

  it("stops after so many steps, with the schedule and the validation of a whole run", async () => {
    const { decoder, data, options } = trainingRun();
    let last: { step: number; steps: number } | undefined;
    const short = { ...options, maxSteps: 13, warmupSteps: 5, decay: "inverse-square-root" as const };
    const { history } = await train(decoderTrainable(decoder), data, short, {
      onProgress: (progress) => {
        last = progress;
      },
    });
    assert.equal(history.length, 2);
    assert.deepEqual([last?.step, last?.steps], [13, 13]);
    const rate = (step: number) =>
      learningRateAt(step, { learningRate: 1, warmupSteps: 5, totalSteps: 13, decay: short.decay });
    assert.deepEqual([rate(0), rate(5), rate(20)], [0, 1, 0.5]);
  });

  it("takes the same steps, within rounding, when a batch is taken in parts", async () => {
    const { decoder, data, options } = trainingRun();
    const short = { ...options, epochs: 1 };
    await train(decoderTrainable(decoder), data, { ...short, tokensAtOnce: 20 });
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

  it("goes on from what is sound, or starts anew, and says so, after any bit of a checkpoint is turned over", async function () {
    this.timeout(180_000);
    const short = async (control?: TrainingControl) => {
      const { decoder, data, options } = trainingRun();
      const result = await train(decoderTrainable(decoder), data, { ...options, epochs: 3 }, control);
      return { result, weights: weights(decoder) };
    };
    const whole = await short();
    const random = new Random("flips");
    const abort = new AbortController();
    const onProgress = ({ step }: { step: number }) => step === 25 && abort.abort();
    await assert.rejects(short({ folder, signal: abort.signal, onProgress }), TrainingInterrupted);
    let started = 0;
    const [step] = readdirSync(folder).filter((name) => name.startsWith("step-"));
    const files = [join(step, "state.safetensors"), join(step, "run.json"), "best-2.safetensors"];
    assert.deepEqual(readdirSync(folder).sort(), ["best-2.safetensors", step]);
    for (let i = 0; i < 24; i++) {
      cpSync(folder, `${folder}-copy`, { recursive: true });
      flipBit(join(folder, files[i % files.length]), random);
      let steps = 0;
      let again = whole;
      const lines = await stderrOf(async () => {
        again = await short({ folder, onProgress: () => steps++ });
      });
      assert.deepEqual(again.weights, whole.weights, files[i % files.length]);
      assert.deepEqual(again.result, whole.result);
      assert.ok(lines.length === (steps === 30 ? 1 : 0), lines.join());
      if (steps === 30) {
        started++;
        assert.match(lines[0], /: damaged \(.*\); the fit starts anew$/);
        assert.ok(lines[0].includes(files[i % files.length]));
      } else assert.equal(steps, 30 - 25);
      rmSync(folder, { recursive: true });
      renameSync(`${folder}-copy`, folder);
    }
    assert.ok(started > 12, `${started}`);

    // Of two checkpoints, the earlier is as good.
    const later = join(folder, "step-00000026-3");
    cpSync(join(folder, step), later, { recursive: true });
    flipBit(join(later, "state.safetensors"), random);
    let steps = 0;
    const lines = await stderrOf(async () =>
      assert.deepEqual((await short({ folder, onProgress: () => steps++ })).weights, whole.weights),
    );
    assert.match(lines.join(), new RegExp(`step-00000026-3.*damaged.*; the fit goes on from ${step}$`));
    assert.equal(steps, 30 - 25);
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
      /text 1 has 65 tokens/,
    );
  });
});
