import { strict as assert } from "node:assert";
import { chmodSync, cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "labor-llm/dist/errors";
import { writeSafetensors } from "labor-llm/dist/files/safetensors/safetensors";
import { readHuggingFaceFolder } from "labor-llm/dist/networks/checkpoints/hugging-face";
import { writeHuggingFaceFolder } from "labor-llm/dist/networks/checkpoints/hugging-face-writer";
import { fixture } from "../../support/paths";
import { runPython } from "../../support/python";
import { withScratchFolder } from "../../support/scratch";

const fixtures = fixture();
const tiny = join(fixtures, "llama-tiny");
const tokenizerFolder = join(fixtures, "tokenizer/sentencepiece");

describe("a Hugging Face folder", () => {
  it("written from what was read holds the same model, and the tokenizer", () => {
    withScratchFolder((folder) => {
      const model = readHuggingFaceFolder(tiny);
      writeHuggingFaceFolder(folder, { ...model, tokenizerFolder, generationConfig: { do_sample: true } });
      assert.deepEqual(readHuggingFaceFolder(folder), model);
      assert.deepEqual(
        readFileSync(join(folder, "model.safetensors")),
        readFileSync(join(tiny, "model.safetensors")),
      );
      assert.deepEqual(
        readFileSync(join(folder, "tokenizer.json")),
        readFileSync(join(tokenizerFolder, "tokenizer.json")),
      );
      assert.deepEqual(readdirSync(folder).sort(), [
        "config.json",
        "generation_config.json",
        "model.safetensors",
        "tokenizer.json",
        "tokenizer_config.json",
      ]);
    });
  });

  it("may hold its weights in shards", () => {
    withScratchFolder((folder) => {
      const model = readHuggingFaceFolder(tiny);
      cpSync(join(tiny, "config.json"), join(folder, "config.json"));
      const entries = [...model.tensors];
      const map: Record<string, string> = {};
      for (const [i, part] of [entries.slice(0, 5), entries.slice(5)].entries()) {
        const shard = `model-0000${i + 1}-of-00002.safetensors`;
        writeSafetensors(join(folder, shard), new Map(part));
        for (const [name] of part) map[name] = shard;
      }
      const index = join(folder, "model.safetensors.index.json");
      writeFileSync(index, JSON.stringify({ metadata: { total_size: 1 }, weight_map: map }));
      assert.deepEqual(readHuggingFaceFolder(folder), model);

      const cases: [unknown, RegExp][] = [
        [{ ...map, more: "model-00001-of-00002.safetensors" }, /no tensor "more", which .* places there/],
        [{ ...map, more: "model-00003-of-00002.safetensors" }, /00003-of-00002\.safetensors: no such file/],
        [{ ...map, more: "../secret" }, /"\.\.\/secret", which is no file name/],
        [{ ...map, more: 3 }, /which is no file name/],
        [undefined, /no weight_map/],
      ];
      for (const [weight_map, message] of cases) {
        writeFileSync(index, JSON.stringify({ weight_map }));
        assert.throws(() => readHuggingFaceFolder(folder), isUserError(message));
      }
    });
  });

  it("that is missing a file or holds a malformed one is refused in one line", () => {
    withScratchFolder((folder) => {
      const path = (name: string) => join(folder, name);
      assert.throws(() => readHuggingFaceFolder(path("none")), isUserError(/none: no such folder/));
      assert.throws(() => readHuggingFaceFolder(folder), isUserError(/config\.json: no such file/));
      writeFileSync(path("config.json"), "{");
      assert.throws(() => readHuggingFaceFolder(folder), isUserError(/config\.json: not valid JSON/));
      writeFileSync(path("config.json"), "[]");
      assert.throws(() => readHuggingFaceFolder(folder), isUserError(/config\.json: holds no JSON object/));
      writeFileSync(path("config.json"), "{}");
      assert.throws(() => readHuggingFaceFolder(folder), isUserError(/no model\.safetensors/));
      writeFileSync(path("pytorch_model.bin"), "");
      assert.throws(() => readHuggingFaceFolder(folder), isUserError(/pickled/));
      writeFileSync(path("model.safetensors"), "");
      assert.throws(() => readHuggingFaceFolder(folder), isUserError(/model\.safetensors: cut short/));
    });
  });

  it("is no checkpoint after a write that failed half-way over an older one", () => {
    withScratchFolder((folder) => {
      const model = readHuggingFaceFolder(tiny);
      writeHuggingFaceFolder(folder, model);
      const before = readFileSync(join(folder, "model.safetensors"));
      const tensors = new Map([["w", { shape: [1], values: Float32Array.of(1e9) }]]);
      const write = () => writeHuggingFaceFolder(folder, { config: {}, tensors, dtype: "F16" });
      assert.throws(write, isUserError(/too large for half precision/));
      assert.deepEqual(readFileSync(join(folder, "model.safetensors")), before);
      assert.throws(() => readHuggingFaceFolder(folder), isUserError(/config\.json: no such file/));
    });
  });

  it("is left as it was where the tokenizer is missing", () => {
    withScratchFolder((folder) => {
      const model = readHuggingFaceFolder(tiny);
      writeHuggingFaceFolder(folder, model);
      const write = () => writeHuggingFaceFolder(folder, { ...model, tokenizerFolder: tiny });
      assert.throws(write, isUserError(/tokenizer\.json: no such file/));
      assert.deepEqual(readHuggingFaceFolder(folder), model);
    });
  });

  it("that cannot be written is named", () => {
    withScratchFolder((folder) => {
      writeFileSync(join(folder, "file"), "");
      const model = readHuggingFaceFolder(tiny);
      const inFile = () => writeHuggingFaceFolder(join(folder, "file"), model);
      assert.throws(inFile, isUserError(/cannot write .*file/));
      if (process.getuid?.() === 0) return; // root may write anywhere
      chmodSync(folder, 0o500);
      assert.throws(() => writeHuggingFaceFolder(folder, model), isUserError(/cannot write .*no permission/));
      chmodSync(folder, 0o700);
    });
  });

  it("that we wrote is the same model to transformers", function () {
    this.timeout(120_000);
    withScratchFolder((folder) => {
      const model = readHuggingFaceFolder(tiny);
      for (const [dtype, tolerance] of [
        ["F32", 0],
        ["BF16", 0.5],
      ] as const) {
        writeHuggingFaceFolder(folder, { ...model, dtype });
        const program = `
import sys, torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM
model = AutoModelForCausalLM.from_pretrained(sys.argv[1], attn_implementation="eager")
expected = load_file(sys.argv[2] + "/expected.safetensors")
print(model.dtype, float((model(expected["input_ids"]).logits.float() - expected["logits"]).abs().max()))`;
        const answer = runPython(["torch", "transformers", "safetensors"], program, folder, tiny);
        if (answer === undefined) return this.skip();
        const [type, distance] = answer.trim().split(" ");
        assert.equal(type, dtype === "F32" ? "torch.float32" : "torch.bfloat16");
        assert.ok(Number(distance) <= tolerance + 1e-5, distance);
      }
    });
  });
});

function isUserError(message: RegExp) {
  return (error: Error) => {
    assert.ok(error instanceof UserError, error.stack);
    assert.match(error.message, message);
    assert.ok(!error.message.includes("\n"));
    return true;
  };
}
