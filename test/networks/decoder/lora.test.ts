import { strict as assert } from "node:assert";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { readHuggingFaceFolder } from "labor-llm/dist/networks/checkpoints/hugging-face";
import { toVariables } from "labor-llm/dist/networks/checkpoints/parameters";
import { Decoder } from "labor-llm/dist/networks/decoder/decoder";
import { parseDecoderConfig } from "labor-llm/dist/networks/decoder/decoder-config-json";
import { decoderTrainable } from "labor-llm/dist/networks/decoder/decoder-trainable";
import {
  type LoraDecoder,
  loraNames,
  loraWeights,
  mergeLora,
  withLora,
} from "labor-llm/dist/networks/decoder/lora";
import { packRows, toTensors } from "labor-llm/dist/networks/decoder/pack";
import { readPeftAdapter, writePeftAdapter } from "labor-llm/dist/networks/decoder/peft-adapter";
import { TrainingInterrupted, train } from "labor-llm/dist/networks/training/train";
import { variableGradients } from "labor-llm/dist/operations/gradients";
import { expectClose } from "../../support/close";
import { fixture } from "../../support/paths";
import { runPython } from "../../support/python";
import { trainingRun } from "../../support/training-run";

const values = (decoder: Decoder) =>
  [...decoder.parameters].map(([name, v]) => [name, Array.from(v.dataSync())]);

describe("LoRA", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "labor-llm-lora-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function load(name: string): Decoder {
    const { config, tensors } = readHuggingFaceFolder(fixture(name));
    return new Decoder(parseDecoderConfig(config, name), toVariables(tensors), name);
  }
  function scramble(adapted: LoraDecoder): LoraDecoder {
    for (const variable of adapted.parameters.values()) {
      tf.tidy(() => variable.assign(tf.randomNormal(variable.shape, 0, 0.1, "float32", 3)));
    }
    return adapted;
  }
  const text = (decoder: Decoder) =>
    Int32Array.from({ length: 12 }, (_, i) => (5 + 7 * i) % decoder.config.vocabularySize);
  const logits = (decoder: Decoder) => {
    const { batch } = toTensors(packRows([text(decoder)], decoder.config.width));
    return decoder.logits(decoder.hidden(batch)).dataSync();
  };

  for (const name of ["llama-tiny", "llama-tiny-tied", "gemma-3-tiny"]) {
    it(`computes, and has the gradients of, the model with the product added to its weights: ${name}`, () => {
      const base = load(name);
      const before = logits(base);
      const adapted = withLora(base, { rank: 2, alpha: 6 });
      expectClose(logits(adapted), before, 1e-5);
      scramble(adapted);
      // The gradient of W + s B A tells those of A and B by the chain rule.
      const merged = new Map([...base.parameters].map(([n, v]) => [n, tf.variable(v.clone(), true)]));
      for (const weight of loraWeights(base, adapted.lora.targets).keys()) {
        const [down, up] = loraNames(weight).map((n) => adapted.parameters.get(n) as unknown as tf.Tensor2D);
        merged.get(weight)!.assign(merged.get(weight)!.add(up.matMul(down).mul(3)));
      }
      const whole = new Decoder(base.config, merged);
      const texts = [text(base)];
      const gradients = (decoder: Decoder) =>
        variableGradients(() => decoderTrainable(decoder).loss(texts), [...decoder.parameters.values()]);
      const [own, expected] = [gradients(adapted), gradients(whole)];
      expectClose(own.value.dataSync(), expected.value.dataSync(), 1e-5);
      for (const weight of loraWeights(base, adapted.lora.targets).keys()) {
        const [a, b] = loraNames(weight).map((n) => adapted.parameters.get(n)! as tf.Variable);
        const dWeight = expected.grads[merged.get(weight)!.name] as tf.Tensor2D;
        expectClose(
          own.grads[a.name].dataSync(),
          (b as unknown as tf.Tensor2D).mul<tf.Tensor2D>(3).matMul(dWeight, true).dataSync(),
          2e-5,
          { relative: true },
        );
        expectClose(
          own.grads[b.name].dataSync(),
          dWeight
            .mul<tf.Tensor2D>(3)
            .matMul(a as unknown as tf.Tensor2D, false, true)
            .dataSync(),
          2e-5,
          { relative: true },
        );
      }
      const scored = logits(adapted);
      expectClose(logits(mergeLora(adapted)), scored, 1e-4);
    });
  }

  it("trains the adapter alone, keeps the adapter alone in checkpoints, and resumes to the same to the bit", async () => {
    const run = async (control = {}) => {
      const { decoder, data, options } = trainingRun();
      const frozen = values(decoder);
      const adapted = withLora(decoder, { rank: 2, alpha: 4, dropout: 0.1 });
      const result = await train(decoderTrainable(adapted), data, { ...options, epochs: 3 }, control);
      assert.deepEqual(values(decoder), frozen);
      return { result, adapter: values(adapted) };
    };
    const whole = await run();
    assert.ok(whole.result.history[2].validationLoss < whole.result.history[0].validationLoss - 0.02);
    const abort = new AbortController();
    let steps = 0;
    const control = { folder, signal: abort.signal, onProgress: () => ++steps === 14 && abort.abort() };
    await assert.rejects(run(control), TrainingInterrupted);
    const kept = readdirSync(folder).find((name) => name.startsWith("step-"))!;
    const adapter = whole.adapter.reduce((n, [, numbers]) => n + numbers.length, 0);
    const bytes = statSync(join(folder, kept, "state.safetensors")).size;
    assert.ok(bytes < 3 * 4 * adapter + 6000, `${bytes} bytes for an adapter of ${adapter} numbers`);
    assert.deepEqual(await run({ folder }), whole);
  });

  const program = `
import json, sys, torch
from transformers import AutoModelForCausalLM
from peft import LoraConfig, PeftModel, get_peft_model
base, ours, theirs, ids = sys.argv[1], sys.argv[2], sys.argv[3], json.loads(sys.argv[4])
load = lambda: AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32).eval()
score = lambda model: model(torch.tensor([ids])).logits[0].flatten().tolist()
opened = score(PeftModel.from_pretrained(load(), ours).eval())
torch.manual_seed(1)
model = get_peft_model(load(), LoraConfig(r=3, lora_alpha=7, target_modules=["q_proj", "v_proj", "down_proj"], task_type="CAUSAL_LM", init_lora_weights=False)).eval()
written = score(model)
model.save_pretrained(theirs)
print(json.dumps([opened, written]))
`;
  for (const name of ["llama-tiny", "gemma-3-tiny"]) {
    it(`adapters are opened by PEFT, and its by us, and score the same: ${name}`, function () {
      this.timeout(120_000);
      const base = load(name);
      const adapted = scramble(withLora(base, { rank: 2, alpha: 6 }));
      const [ours, theirs] = [join(folder, "ours"), join(folder, "theirs")];
      writePeftAdapter(ours, adapted);
      const ids = JSON.stringify(Array.from(text(base)));
      const output = runPython(["torch", "transformers", "peft"], program, fixture(name), ours, theirs, ids);
      if (output === undefined) return this.skip();
      const [opened, written] = JSON.parse(output.trim().split("\n").at(-1)!);
      expectClose(logits(adapted), opened, 1e-4);
      expectClose(logits(readPeftAdapter(ours, base)), opened, 1e-4);
      expectClose(logits(readPeftAdapter(theirs, base)), written, 1e-4);
    });
  }

  it("of another base model, of another kind, or with impossible options is an error that says so", () => {
    const adapted = withLora(load("llama-tiny"), { rank: 2, alpha: 6 });
    writePeftAdapter(folder, adapted);
    assert.throws(
      () => readPeftAdapter(folder, trainingRun().decoder),
      /belongs to another base model: .* has shape/,
    );
    const changed = load("llama-tiny");
    const gain = changed.parameters.get("model.layers.0.input_layernorm.weight")!;
    gain.assign(gain.mul(1.5));
    assert.throws(() => readPeftAdapter(folder, changed), /belongs to another base model: .* other weights/);
    writeFileSync(
      join(folder, "adapter_config.json"),
      JSON.stringify({ peft_type: "IA3", r: 2, lora_alpha: 6 }),
    );
    assert.throws(() => readPeftAdapter(folder, load("llama-tiny")), /peft_type is "IA3"/);
    assert.throws(() => readPeftAdapter(join(folder, "none"), adapted.base), /adapter_config.json/);
    assert.throws(() => withLora(adapted.base, { rank: 0, alpha: 1 }), /rank is 0/);
    assert.throws(
      () => withLora(adapted.base, { rank: 1, alpha: 1, targets: ["embed_tokens"] }),
      /cannot adapt "embed_tokens"/,
    );
  });
});
