import { strict as assert } from "node:assert";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { UserError } from "labor-llm/dist/errors";
import { dataFile } from "labor-llm/dist/files/data-folder";
import { type NamedArray, sourceOf } from "labor-llm/dist/files/safetensors/named-array";
import { readSafetensors } from "labor-llm/dist/files/safetensors/safetensors-reader";
import {
  openHuggingFaceFolder,
  readHuggingFaceFolder,
} from "labor-llm/dist/networks/checkpoints/hugging-face";
import { writeHuggingFaceFolder } from "labor-llm/dist/networks/checkpoints/hugging-face-writer";
import { toArrays } from "labor-llm/dist/networks/checkpoints/parameters";
import type { Decoder } from "labor-llm/dist/networks/decoder/decoder";
import { formatDecoderConfig, parseDecoderConfig } from "labor-llm/dist/networks/decoder/decoder-config-json";
import { readLanguageModel, writeLanguageModel } from "labor-llm/dist/networks/decoder/language-model";
import { packRows, toTensors } from "labor-llm/dist/networks/decoder/pack";
import { readDecoder } from "labor-llm/dist/networks/decoder/read-decoder";
import { expectClose } from "../../support/close";
import { fixture } from "../../support/paths";
import { runPython } from "../../support/python";
import { withScratchFolder } from "../../support/scratch";

const families = ["llama-2-tiny", "llama-3-tiny", "gemma-3-tiny"];

function open(folder: string): Decoder {
  return readDecoder(openHuggingFaceFolder(folder), join(folder, "config.json"));
}

function write(
  folder: string,
  { config, parameters }: Decoder,
  options: Parameters<typeof writeLanguageModel>[3],
) {
  const json = formatDecoderConfig(config, { bos: 1, eos: 2 });
  writeHuggingFaceFolder(folder, { config: json, tensors: toArrays(parameters), ...options });
}

/** Logits of the fixture's texts, (2 · T, V). */
function logits(decoder: Decoder, name: string): Float32Array {
  const ids = readSafetensors(join(fixture(name), "expected.safetensors")).tensors.get("input_ids")!;
  const [rows, length] = ids.shape;
  const texts = Array.from({ length: rows }, (_, row) =>
    Int32Array.from(ids.values.slice(row * length, (row + 1) * length)),
  );
  return tf.tidy(() => {
    const hidden = decoder.hidden(toTensors(packRows(texts, 1e9)).batch);
    return decoder.logits(hidden).dataSync() as Float32Array;
  });
}

function isUserError(message: RegExp) {
  return (error: Error) => {
    assert.ok(error instanceof UserError, error.stack);
    assert.match(error.message, message);
    assert.ok(!error.message.includes("\n"), "one line");
    return true;
  };
}

describe("A language model's folder", () => {
  for (const name of families) {
    it(`written in one file or in shards is read to the same model: ${name}`, () => {
      withScratchFolder((folder) => {
        const model = open(fixture(name));
        for (const [shardBytes, files] of [
          [undefined, ["config.json", "model.safetensors"]],
          [20_000, undefined],
          [undefined, ["config.json", "model.safetensors"]],
        ] as const) {
          write(folder, model, { shardBytes });
          if (files !== undefined) assert.deepEqual(readdirSync(folder), files);
          else assert.ok(readdirSync(folder).filter((file) => /-of-/.test(file)).length > 2);
          const back = open(folder);
          assert.deepEqual(back.config, model.config);
          assert.deepEqual(toArrays(back.parameters), toArrays(model.parameters));
          back.dispose();
        }
        model.dispose();
      });
    });
  }

  it("scores the same in transformers, whatever the family, the number format and the shards", function () {
    this.timeout(180_000);
    withScratchFolder((folder) => {
      const cases = families.flatMap((name) =>
        (["F32", "BF16", "F16"] as const).map((dtype) => ({
          name,
          dtype,
          folder: join(folder, name, dtype),
        })),
      );
      for (const { name, dtype, folder: out } of cases) {
        const model = open(fixture(name));
        write(out, model, { dtype, shardBytes: dtype === "BF16" ? 12_000 : undefined });
        cpSync(join(fixture(name), "expected.safetensors"), join(out, "expected"));
        model.dispose();
      }
      const program = `
import sys, torch
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM
for folder in sys.argv[1:]:
    model, report = AutoModelForCausalLM.from_pretrained(
        folder, attn_implementation="eager", dtype=torch.float32, output_loading_info=True)
    assert not report["missing_keys"] and not report["unexpected_keys"], report
    logits = model(load_file(folder + "/expected")["input_ids"]).logits.detach()
    save_file({"logits": logits.contiguous()}, folder + "/logits")`;
      const ran = runPython(["torch", "transformers", "safetensors"], program, ...cases.map((c) => c.folder));
      if (ran === undefined) return this.skip();
      for (const { name, dtype, folder: out } of cases) {
        const model = open(out);
        const ours = logits(model, name);
        expectClose(ours, readSafetensors(join(out, "logits")).tensors.get("logits")!.values, 1e-4);
        const exact = readSafetensors(join(fixture(name), "expected.safetensors")).tensors.get("logits")!;
        expectClose(ours, exact.values, { F32: 1e-4, F16: 0.02, BF16: 0.2 }[dtype]);
        model.dispose();
      }
    });
  });

  it("may be that of a model which also reads images: its text part is read, the rest left", () => {
    withScratchFolder((folder) => {
      const { config, tensors } = readHuggingFaceFolder(fixture("gemma-3-tiny"));
      const plain = open(fixture("gemma-3-tiny"));
      for (const prefix of ["language_model.model.", "model.language_model."]) {
        const renamed = [...tensors].map(([name, array]): [string, NamedArray] => [
          name.replace(/^model\./, prefix),
          array,
        ]);
        const image: NamedArray = { dtype: "F32", shape: [1], values: Float32Array.of(Number.NaN) };
        writeHuggingFaceFolder(folder, {
          config: { model_type: "gemma3", text_config: config, vision_config: {} },
          tensors: new Map([...renamed, ["vision_tower.weight", image]]),
        });
        const model = open(folder);
        assert.deepEqual(model.config, plain.config);
        assert.deepEqual(toArrays(model.parameters), toArrays(plain.parameters));
        model.dispose();
      }
      plain.dispose();
    });
  });

  it("may be a subfolder of a repository that holds several, with the tokenizer above them", () => {
    withScratchFolder((folder) => {
      const base = dataFile("base-model");
      const model = readLanguageModel(base);
      const repository = join(folder, "repository");
      for (const name of ["ckpt_10", "ckpt_3"]) {
        writeLanguageModel(join(repository, name), model, base, { dtype: "F16" });
        for (const file of ["tokenizer.json", "tokenizer_config.json"]) rmSync(join(repository, name, file));
      }
      assert.throws(
        () => readLanguageModel(join(repository, "ckpt_3")),
        isUserError(/ckpt_3\/tokenizer\.json: no such file/),
      );
      for (const file of ["tokenizer.json", "tokenizer_config.json"]) {
        cpSync(join(base, file), join(repository, file));
      }
      const read = readLanguageModel(join(repository, "ckpt_3"));
      assert.deepEqual(toArrays(read.decoder.parameters), toArrays(model.decoder.parameters));
      assert.equal(read.tokenizer.bosId, model.tokenizer.bosId);
      // What is written from it has a tokenizer of its own.
      writeLanguageModel(join(folder, "out"), read, join(repository, "ckpt_3"));
      readLanguageModel(join(folder, "out")).decoder.dispose();
      for (const wrong of [repository, join(repository, "ckpt_4")]) {
        assert.throws(
          () => readLanguageModel(wrong),
          isUserError(/(config\.json|such folder).*\/ckpt_3, .*\/ckpt_10\./),
        );
      }
      read.decoder.dispose();
      model.decoder.dispose();
    });
  });

  it("that lacks a shard or has another's shapes is refused, and what is wrong is named", () => {
    withScratchFolder((folder) => {
      const model = open(fixture("llama-3-tiny"));
      write(folder, model, { shardBytes: 20_000 });
      const path = (file: string) => join(folder, file);
      const shard = "model-00002-of-00003.safetensors";
      const kept = readFileSync(path(shard));
      rmSync(path(shard));
      assert.throws(
        () => open(folder),
        isUserError(/model-00002-of-00003\.safetensors: no such file.*download/),
      );
      writeFileSync(path(shard), kept);

      const index = "model.safetensors.index.json";
      const json = JSON.parse(readFileSync(path(index), "utf8"));
      const lacking = structuredClone(json);
      delete lacking.weight_map["model.norm.weight"];
      writeFileSync(path(index), JSON.stringify(lacking));
      assert.throws(() => open(folder), isUserError(/model\.norm\.weight is missing/));
      json.weight_map["model.layers.7.mlp.up_proj.weight"] = shard;
      writeFileSync(path(index), JSON.stringify(json));
      assert.throws(
        () => open(folder),
        isUserError(/00002-of-00003.*no tensor "model\.layers\.7\.mlp\.up_proj/),
      );

      write(folder, model, {});
      const config = JSON.parse(readFileSync(path("config.json"), "utf8"));
      writeFileSync(path("config.json"), JSON.stringify({ ...config, intermediate_size: 48 }));
      assert.throws(
        () => open(folder),
        isUserError(/mlp\.gate_proj\.weight has shape \(40, 24\), where config\.json asks for \(48, 24\)/),
      );
      model.dispose();
    });
  });

  it("with numbers that are not finite is refused, and the tensor is named", () => {
    const { config, tensors } = readHuggingFaceFolder(fixture("gemma-3-tiny"));
    const name = "model.layers.1.self_attn.k_norm.weight";
    const before = tf.memory().numTensors;
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      const array = tensors.get(name)!;
      const values = Float32Array.from(array.values);
      values[5] = wrong;
      const damaged = new Map(tensors).set(name, { ...array, values });
      assert.throws(
        () => readDecoder({ config, tensors: sourceOf(damaged, "weights") }, "config.json"),
        isUserError(new RegExp(`weights: "${name.replaceAll(".", "\\.")}" holds 1 numbers .* ${wrong}`)),
      );
    }
    assert.equal(tf.memory().numTensors, before, "what was read is freed");
  });

  it("whose tokenizer has no end of a line is refused", () => {
    withScratchFolder((folder) => {
      const base = dataFile("base-model");
      const { config, tensors } = readHuggingFaceFolder(base);
      writeHuggingFaceFolder(folder, { config, tensors });
      // A vocabulary of words: as large as the model's, without a line break.
      const vocab = Object.fromEntries(
        Array.from({ length: 3072 }, (_, i) => [i === 0 ? "[UNK]" : i === 1 ? "Cook" : `word${i}`, i]),
      );
      const tokenizer = {
        added_tokens: [{ id: 0, content: "[UNK]", special: true }],
        normalizer: null,
        pre_tokenizer: { type: "BertPreTokenizer" },
        decoder: { type: "WordPiece", prefix: "##", cleanup: true },
        model: {
          type: "WordPiece",
          unk_token: "[UNK]",
          continuing_subword_prefix: "##",
          max_input_chars_per_word: 100,
          vocab,
        },
      };
      writeFileSync(join(folder, "tokenizer.json"), JSON.stringify(tokenizer));
      assert.throws(
        () => readLanguageModel(folder),
        isUserError(/tokenizer\.json: no token for the end of a line/),
      );
    });
  });
});

describe("config.json", () => {
  const json = (name: string) => JSON.parse(readFileSync(join(fixture(name), "config.json"), "utf8"));
  const parse = (config: Record<string, unknown>) => parseDecoderConfig(config, "m/config.json");

  it("means the same in the words of older releases", () => {
    const { rope_parameters: llama, ...plain } = json("llama-3-tiny");
    const { rope_theta, ...rope_scaling } = llama;
    assert.deepEqual(parse({ ...plain, rope_theta, rope_scaling }), parse(json("llama-3-tiny")));
    const linear = { ...plain, rope_theta, rope_scaling: { type: "linear", factor: 2 } };
    assert.deepEqual(parse(linear).ropeScaling, { type: "linear", factor: 2 });
    assert.equal(parse({ ...plain, rope_theta: 7, rope_scaling: null }).ropeTheta, 7);

    const { rope_parameters: gemma, layer_types: _, ...rest } = json("gemma-3-tiny");
    const older = {
      ...rest,
      rope_theta: gemma.full_attention.rope_theta,
      rope_local_base_freq: gemma.sliding_attention.rope_theta,
      rope_scaling: { rope_type: "linear", factor: 4 },
      sliding_window_pattern: 2,
    };
    assert.deepEqual(parse(older), parse(json("gemma-3-tiny")));
  });

  it("of published Gemmas leaves out what is usual", () => {
    const text_config = {
      hidden_size: 2560,
      intermediate_size: 10240,
      num_hidden_layers: 34,
      sliding_window: 1024,
    };
    const config = parse({ model_type: "gemma3", text_config });
    assert.deepEqual(
      [config.heads, config.keyValueHeads, config.headWidth, config.vocabularySize, config.tiedHead],
      [8, 4, 256, 262_208, true],
    );
    assert.deepEqual([config.ropeTheta, config.local?.ropeTheta, config.queryScale], [1e6, 1e4, 1 / 16]);
    const isLocal = config.local!.layers.map((local, i) => (local ? -1 : i)).filter((i) => i >= 0);
    assert.deepEqual(isLocal, [5, 11, 17, 23, 29]);
  });

  it("with an unknown architecture or an impossible value is refused, and the value is named", () => {
    const cases: [string, Record<string, unknown>, RegExp][] = [
      [
        "llama-3-tiny",
        { model_type: "mamba" },
        /model_type is "mamba"\. We read .*llama, gemma3_text, gemma3/,
      ],
      ["llama-3-tiny", { model_type: undefined }, /model_type is undefined/],
      ["llama-3-tiny", { model_type: "toString" }, /model_type is "toString"/],
      ["llama-3-tiny", { vocab_size: 0 }, /vocab_size is 0, not a whole number from 1/],
      ["llama-3-tiny", { hidden_size: -4 }, /hidden_size is -4/],
      ["llama-3-tiny", { num_hidden_layers: 1e12 }, /num_hidden_layers is 1000000000000/],
      ["llama-3-tiny", { num_hidden_layers: "2" }, /num_hidden_layers is "2"/],
      ["llama-3-tiny", { num_key_value_heads: 3 }, /num_attention_heads, 4, is no multiple of .*, 3/],
      ["llama-3-tiny", { head_dim: 7 }, /head_dim is odd, 7/],
      ["llama-3-tiny", { head_dim: undefined, hidden_size: 25 }, /head_dim is 6\.25/],
      ["llama-3-tiny", { rms_norm_eps: -1 }, /rms_norm_eps is -1, not a positive number/],
      ["llama-3-tiny", { hidden_act: "relu" }, /hidden_act is "relu", not "silu"/],
      ["llama-3-tiny", { attention_bias: true }, /attention_bias is not supported/],
      ["llama-3-tiny", { tie_word_embeddings: "yes" }, /tie_word_embeddings is "yes"/],
      ["llama-3-tiny", { rope_parameters: 8 }, /rope_parameters is 8, not an object/],
      ["llama-3-tiny", { rope_parameters: { rope_theta: 0 } }, /rope_parameters\.rope_theta is 0/],
      ["llama-3-tiny", { rope_parameters: { rope_type: "yarn" } }, /rope_type is "yarn", not .*"llama3"/],
      ["llama-3-tiny", { rope_parameters: { rope_type: "linear" } }, /rope_parameters\.factor is missing/],
      [
        "llama-3-tiny",
        { rope_parameters: { ...json("llama-3-tiny").rope_parameters, low_freq_factor: 4 } },
        /low_freq_factor is 4, not below high_freq_factor, 4/,
      ],
      ["gemma-3-tiny", { hidden_activation: "relu" }, /hidden_activation is "relu"/],
      ["gemma-3-tiny", { attn_logit_softcapping: 50 }, /attn_logit_softcapping is not supported/],
      ["gemma-3-tiny", { layer_types: ["full_attention"] }, /layer_types is .*3 times sliding_attention or/],
      ["gemma-3-tiny", { layer_types: Array(3).fill("chunked_attention") }, /layer_types is/],
      ["gemma-3-tiny", { sliding_window: 0 }, /sliding_window is 0/],
      ["gemma-3-tiny", { query_pre_attn_scalar: 0 }, /query_pre_attn_scalar is 0/],
      ["gemma-3-tiny", { model_type: "gemma3" }, /text_config is missing/],
    ];
    for (const [name, change, message] of cases) {
      assert.throws(() => parse({ ...json(name), ...change }), isUserError(message), JSON.stringify(change));
      assert.throws(() => parse({ ...json(name), ...change }), /^UserError: m\/config\.json: /);
    }
  });
});
