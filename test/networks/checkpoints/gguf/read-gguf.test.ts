import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readGgufModel } from "labor-llm/dist/methods/language/base-models/resolve-base";
import { readGguf, writeGgufAsFolder } from "labor-llm/dist/networks/checkpoints/gguf";
import { GgufFile } from "labor-llm/dist/networks/checkpoints/gguf/gguf-file";
import { readLanguageModel } from "labor-llm/dist/networks/decoder/language-model";
import { Tokenizer } from "labor-llm/dist/text/tokenizer";
import { expectClose } from "../../../support/close";
import { nextLogProbabilities } from "../../../support/next-log-probabilities";
import { fixture } from "../../../support/paths";
import { runPython } from "../../../support/python";
import { withScratchFolder } from "../../../support/scratch";

interface Expected {
  config: Record<string, unknown>;
  tensors: Record<string, [shape: number[], sha256: string]>;
  strings: [text: string, ids: number[]][];
  text: string;
  logProbabilities: number[];
}

const models = ["llama-2", "llama-3", "gemma-3"] as const;
const path = (name: string) => fixture("gguf", `${name}.gguf`);
const expectedOf = (name: string): Expected =>
  JSON.parse(readFileSync(fixture("gguf", `${name}.json`), "utf8"));

function sha256(values: ArrayLike<number>): string {
  const bytes = new Uint8Array((values as Float32Array).buffer);
  return createHash("sha256").update(bytes).digest("hex");
}

describe("a GGUF file", () => {
  it("gives the numbers of Python's gguf, to the bit, in every block format", () => {
    const file = new GgufFile(path("blocks"));
    const order: [string, number[]][] = JSON.parse(readFileSync(fixture("gguf", "blocks.json"), "utf8"));
    const bytes = new Uint8Array(readFileSync(fixture("gguf", "blocks.expected.f32")));
    const expected = new Float32Array(bytes.buffer);
    let at = 0;
    for (const [name, shape] of order) {
      assert.deepEqual(file.tensors.get(name)!.shape, shape);
      assert.equal(file.tensors.get(name)!.type.name, name);
      const values = file.read(name);
      assert.deepEqual(values, expected.slice(at, at + values.length), name);
      at += values.length;
    }
    assert.equal(at, expected.length);
    const { metadata } = file;
    assert.deepEqual(
      ["a", "b", "c", "d", "f"].map((key) => metadata.get(`test.${key}`)),
      ["text", Int32Array.of(1, 2, 3), ["x", "é", ""], true, Float32Array.of(0.5, -1)],
    );
  });

  it("reads the same as version 2", () => {
    withScratchFolder((folder) => {
      const bytes = readFileSync(path("llama-3"));
      bytes.writeUInt32LE(2, 4);
      writeFileSync(join(folder, "2.gguf"), bytes);
      const [second, third] = [join(folder, "2.gguf"), path("llama-3")].map((file) => readGguf(file));
      assert.deepEqual(second.config, third.config);
      for (const name of third.tensors.shapes.keys()) {
        assert.deepEqual(second.tensors.read(name), third.tensors.read(name));
      }
    });
  });

  it("whose special tokens are unset is the same model, as in llama.cpp", () => {
    const whole = readFileSync(path("gemma-3"));
    const told = readFileSync(path("llama-2"));
    const set = (file: Buffer, token: string, id: number) => {
      const key = `tokenizer.ggml.${token}_token_id`;
      const bytes = Buffer.from(file);
      bytes.writeUInt32LE(id, bytes.indexOf(key) + key.length + 4);
      return bytes;
    };
    const NONE = 2 ** 32 - 1; // -1
    const cases: [Buffer, string, (number | undefined)[]][] = [
      [set(whole, "padding", NONE), "gemma-3", [2, 1]],
      [set(whole, "padding", 10 ** 6), "gemma-3", [2, 1]],
      [set(told, "bos", NONE), "llama-2", [1, 2]],
      [set(told, "eos", NONE), "llama-2", [1, 2]],
    ];
    for (const [bytes, name, ids] of cases) {
      withScratchFolder((folder) => {
        const file = join(folder, "unset.gguf");
        writeFileSync(file, bytes);
        writeGgufAsFolder(file, join(folder, "model"));
        const { text, logProbabilities } = expectedOf(name);
        for (const model of [readGgufModel(file), readLanguageModel(join(folder, "model"))]) {
          assert.deepEqual([model.tokenizer.bosId, model.tokenizer.eosId], ids);
          const encoded = model.tokenizer.encode(text);
          expectClose(nextLogProbabilities(model.decoder, encoded), logProbabilities, 1e-4);
          model.decoder.dispose();
        }
        // transformers takes config.json's padding for a row of the embedding.
        const { pad_token_id: pad = 0 } = JSON.parse(readFileSync(join(folder, "model/config.json"), "utf8"));
        assert.ok(pad < 2 ** 31 && pad !== 10 ** 6, String(pad));
      });
    }
  });

  for (const name of models) {
    const expected = expectedOf(name);

    it(`gives back the Hugging Face folder that llama.cpp's converter was given: ${name}`, () => {
      const { config, tensors } = readGguf(path(name));
      const held = [...tensors.shapes].map(([key, shape]) => [
        key,
        [shape, sha256(tensors.read(key).values)],
      ]);
      assert.deepEqual(Object.fromEntries(held), expected.tensors);
      const { rope_parameters: rope, ...rest } = expected.config as {
        rope_parameters: Record<string, never>;
      };
      const shared = Object.keys(rest).filter((key) => key in config && !key.startsWith("rope"));
      assert.ok(shared.length > 12, shared.join());
      for (const key of shared) assert.deepEqual(config[key], rest[key as never], key);
      if (name === "gemma-3") {
        assert.equal(config.rope_theta, (rope.full_attention as { rope_theta: number }).rope_theta);
        assert.equal(
          config.rope_local_base_freq,
          (rope.sliding_attention as { rope_theta: number }).rope_theta,
        );
      } else {
        const { rope_theta: theta, ...scaling } = rope as Record<string, unknown>;
        assert.equal(config.rope_theta, theta);
        if (scaling.rope_type === "default") assert.equal(config.rope_scaling, null);
        else assert.deepEqual(config.rope_scaling, scaling);
      }
    });

    it(`holds the tokenizer that Python's tokenizers make of the same vocabulary: ${name}`, () => {
      const tokenizer = new Tokenizer(readGguf(path(name)).tokenizer);
      for (const [text, ids] of expected.strings) {
        assert.deepEqual([...tokenizer.encode(text)], ids, JSON.stringify(text));
      }
      assert.equal(tokenizer.bosId, expected.config.bos_token_id);
      assert.equal(tokenizer.eosId, expected.config.eos_token_id);
    });

    it(`is a model that answers as transformers does, read directly or written as a folder: ${name}`, () => {
      withScratchFolder((folder) => {
        writeGgufAsFolder(path(name), join(folder, "model"));
        for (const model of [readGgufModel(path(name)), readLanguageModel(join(folder, "model"))]) {
          const ids = model.tokenizer.encode(expected.text);
          expectClose(nextLogProbabilities(model.decoder, ids), expected.logProbabilities, 1e-4);
          model.decoder.dispose();
        }
      });
    });
  }

  it("as a folder is opened by transformers, tokenizer and all", function () {
    withScratchFolder((folder) => {
      for (const name of models) writeGgufAsFolder(path(name), join(folder, name));
      const program = `
import json, sys, torch
from transformers import AutoModelForCausalLM, AutoTokenizer
answers = []
for name in ["llama-2", "llama-3", "gemma-3"]:
    text = json.load(open(f"{sys.argv[2]}/{name}.json"))["text"]
    model = AutoModelForCausalLM.from_pretrained(f"{sys.argv[1]}/{name}", attn_implementation="eager")
    tokenizer = AutoTokenizer.from_pretrained(f"{sys.argv[1]}/{name}")
    ids = torch.tensor([tokenizer(text, add_special_tokens=False).input_ids])
    logits = model(input_ids=ids).logits[0].log_softmax(-1)
    answers.append([logits[i, t].item() for i, t in enumerate(ids[0, 1:].tolist())])
print(json.dumps(answers))`;
      const answers = runPython(["torch", "transformers"], program, folder, fixture("gguf"));
      if (answers === undefined) return this.skip();
      const got: number[][] = JSON.parse(answers);
      models.forEach((name, i) => {
        expectClose(got[i], expectedOf(name).logProbabilities, 1e-4);
      });
    });
  });

  it("is written as a folder in half precision too, and again over an older one", () => {
    withScratchFolder((folder) => {
      writeGgufAsFolder(path("gemma-3"), folder);
      writeGgufAsFolder(path("llama-2"), folder, "F16");
      assert.equal(JSON.parse(readFileSync(join(folder, "config.json"), "utf8")).dtype, "float16");
      assert.ok(existsSync(join(folder, "tokenizer_config.json")));
      const { decoder, tokenizer } = readLanguageModel(folder);
      const { text, logProbabilities } = expectedOf("llama-2");
      expectClose(nextLogProbabilities(decoder, tokenizer.encode(text)), logProbabilities, 0.02);
      decoder.dispose();
    });
  });
});
