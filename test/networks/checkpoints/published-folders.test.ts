import { strict as assert } from "node:assert";
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { UserError } from "labor-llm/dist/errors";
import { dataFile } from "labor-llm/dist/files/data-folder";
import type { NamedArray } from "labor-llm/dist/files/safetensors/named-array";
import { resolveBase } from "labor-llm/dist/methods/language/base-models";
import {
  openHuggingFaceFolder,
  readHuggingFaceFolder,
} from "labor-llm/dist/networks/checkpoints/hugging-face";
import { writeHuggingFaceFolder } from "labor-llm/dist/networks/checkpoints/hugging-face-writer";
import { parseDecoderConfig } from "labor-llm/dist/networks/decoder/decoder-config-json";
import { readLanguageModel } from "labor-llm/dist/networks/decoder/language-model";
import { packRows, toTensors } from "labor-llm/dist/networks/decoder/pack";
import { readDecoder } from "labor-llm/dist/networks/decoder/read-decoder";
import { fixture } from "../../support/paths";
import { withScratch, withScratchFolder } from "../../support/scratch";

const base = dirname(dataFile("base-model", "config.json"));
const pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0123\nsize 16822989\n";

function isUserError(message: RegExp) {
  return (error: Error) => {
    assert.ok(error instanceof UserError, error.stack);
    assert.match(error.message, message);
    assert.ok(!error.message.includes("\n"), "one line");
    return true;
  };
}

/** Writes files, by their paths in a folder. */
function write(folder: string, files: Record<string, string | Uint8Array>): void {
  for (const [name, contents] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), contents);
  }
}

function logits(folder: string): Float32Array {
  const decoder = readDecoder(openHuggingFaceFolder(folder), join(folder, "config.json"));
  const ids = Int32Array.from({ length: 12 }, (_, i) => (5 + 7 * i) % decoder.config.vocabularySize);
  const { batch } = toTensors(packRows([ids], decoder.config.width));
  const scored = decoder.logits(decoder.hidden(batch)).dataSync() as Float32Array;
  decoder.dispose();
  return scored;
}

/** The fixture's model with its weights named, and perhaps added to, in another way. */
function renamed(
  folder: string,
  fixtureName: string,
  rename: (name: string) => string | undefined,
  change: { config?: Record<string, unknown>; more?: [string, NamedArray][] } = {},
): void {
  const { config, tensors } = readHuggingFaceFolder(fixture(fixtureName));
  const named = [...tensors].flatMap(([name, array]): [string, NamedArray][] => {
    const other = rename(name);
    return other === undefined ? [] : [[other, array]];
  });
  writeHuggingFaceFolder(folder, {
    config: { ...config, ...change.config },
    tensors: new Map([...named, ...(change.more ?? [])]),
  });
}

describe("a published folder", () => {
  it("whose weights are named as AutoModel names them is the same model", () => {
    for (const [name, prefixes] of [
      ["llama-tiny-tied", ["", "model."]],
      ["gemma-3-tiny", ["", "language_model.", "model.language_model.", "language_model.model."]],
    ] as const) {
      const expected = logits(fixture(name));
      for (const prefix of prefixes) {
        withScratchFolder((folder) => {
          renamed(folder, name, (weight) => weight.replace(/^model\./, prefix));
          assert.deepEqual(logits(folder), expected, `${name}, "${prefix}"`);
        });
      }
    }
    withScratchFolder((folder) => {
      const withoutHead = (weight: string) =>
        weight === "lm_head.weight" ? undefined : weight.replace("model.", "");
      renamed(folder, "llama-tiny", withoutHead);
      assert.throws(() => logits(folder), isUserError(/without its head.*AutoModelForCausalLM/));
    });
  });

  it("with a head beside tied embeddings uses it, as transformers 5 does", () => {
    const { config, tensors } = readHuggingFaceFolder(fixture("llama-tiny"));
    const same = (weight: string) => weight;
    withScratchFolder((folder) => {
      // The file's head counts, whatever config.json says of it.
      renamed(folder, "llama-tiny", same, { config: { tie_word_embeddings: true } });
      assert.deepEqual(logits(folder), logits(fixture("llama-tiny")));
    });
    withScratchFolder((folder) => {
      const tied = readHuggingFaceFolder(fixture("llama-tiny-tied")).tensors;
      const copy: [string, NamedArray] = ["lm_head.weight", tied.get("model.embed_tokens.weight")!];
      renamed(folder, "llama-tiny-tied", same, { more: [copy] });
      assert.deepEqual(logits(folder), logits(fixture("llama-tiny-tied")));
      const decoder = readDecoder(openHuggingFaceFolder(folder), join(folder, "config.json"));
      assert.equal(decoder.config.tiedHead, true);
      decoder.dispose();
    });
    assert.ok(config.tie_word_embeddings !== true && tensors.has("lm_head.weight"), "the fixture has a head");
  });

  it("of the hub's cache stands for the snapshot that refs/main names, and has the repository's name", async () => {
    const hash = "0123456789abcdef";
    const files = ["config.json", "model.safetensors", "tokenizer.json"];
    const named: Record<string, string>[] = [{ "refs/main": `${hash}\n` }, {}];
    for (const refs of named) {
      await withScratch(async (scratch) => {
        const repository = join(scratch, "models--org--small");
        write(repository, { "blobs/x": "", [`snapshots/${hash}/x`]: "", ...refs });
        for (const name of files) cpSync(join(base, name), join(repository, "blobs", name));
        for (const name of files)
          symlinkSync(`../../blobs/${name}`, join(repository, "snapshots", hash, name));
        const found = await resolveBase(repository);
        assert.deepEqual([found.name, found.path], ["small", join(repository, "snapshots", hash)]);
        assert.equal((await resolveBase(found.path)).name, "small");
        readLanguageModel(repository).decoder.dispose();
      });
    }
    await withScratch(async (scratch) => {
      const repository = join(scratch, "models--org--small");
      write(repository, { "snapshots/a/x": "", "snapshots/b/x": "", "refs/main": "c" });
      assert.throws(() => readLanguageModel(repository), isUserError(/2 snapshots.*Name one of them: /));
      rmSync(join(repository, "snapshots", "b"), { recursive: true });
      symlinkSync("../../blobs/gone", join(repository, "snapshots", "a", "config.json"));
      assert.throws(
        () => readLanguageModel(repository),
        isUserError(/a link to a file that is not there.*cp -rL/),
      );
    });
  });

  it("that lacks what we read is refused by what it holds, with what to do", () => {
    const config = readFileSync(join(base, "config.json"));
    const cases: [Record<string, string | Uint8Array>, RegExp][] = [
      [{ "config.json": config, "pytorch_model-00001-of-00002.bin": "" }, /pickled; convert them/],
      [{ "params.json": "{}", "consolidated.00.pth": "" }, /format of Meta or Mistral/],
      [{ "original/params.json": "{}", "original/consolidated.00.pth": "" }, /format of Meta or Mistral/],
      [{ "config.json": config, "consolidated.safetensors": "" }, /format of Meta or Mistral/],
      [{ "config.json": config, "tf_model.h5": "" }, /tf_model\.h5, for another library/],
      [{ "config.json": config, "small.safetensors": "" }, /holds small\.safetensors: give it the name/],
      [{ "small-q4.gguf": "", "README.md": "" }, /Name the GGUF file itself: .*small-q4\.gguf/],
      [{ "adapter_config.json": "{}" }, /adapter of PEFT\. Evaluate it with .* or merge it/],
      [{ "config.json": config, "model-00001-of-00002.safetensors": "" }, /their index is not/],
      [
        { "config.json": config, ".cache/huggingface/download/ab.incomplete": "" },
        /download of it was not finished \(.*ab\.incomplete\)/,
      ],
      [{ "config.json": pointer }, /config\.json: a pointer of Git LFS.*git lfs pull/],
      [{ "config.json": config, "model.safetensors": pointer }, /safetensors: a pointer of Git LFS/],
      [{ "config.json": config, "model.safetensors": "<!DOCTYPE html><title>Log in" }, /a web page/],
    ];
    for (const [files, message] of cases) {
      withScratchFolder((folder) => {
        write(folder, files);
        assert.throws(() => readLanguageModel(folder), isUserError(message), Object.keys(files).join());
      });
    }
  });

  it("without tokenizer.json says what its tokenizer is in, and how to write it", async () => {
    for (const [file, message] of [
      [
        "tokenizer.model",
        /tokenizer\.json: no such file\. Its tokenizer is in tokenizer\.model alone; write/,
      ],
      ["vocab.json", /is in vocab\.json alone/],
      ["README.md", /A model needs its tokenizer\.json; copy it again/],
    ] as const) {
      await withScratch(async (folder) => {
        for (const name of ["config.json", "model.safetensors"]) cpSync(join(base, name), join(folder, name));
        write(folder, { [file]: "" });
        const found = await resolveBase(folder);
        for (const use of [
          () => readLanguageModel(folder),
          () => found.digest(),
          () => found.writeTokenizer(join(folder, "copy")),
        ]) {
          assert.throws(use, isUserError(message));
        }
      });
    }
  });

  it("may name its begin-of-text token in config.json or special_tokens_map.json alone, and must name it somewhere", () => {
    // The base model's tokenizer with other names of its special tokens, which nobody can guess.
    const text = readFileSync(join(base, "tokenizer.json"), "utf8")
      .replaceAll("<|begin|>", "<first>")
      .replaceAll("<|end|>", "<last>");
    const {
      bos_token_id: _,
      eos_token_id: __,
      ...config
    } = JSON.parse(readFileSync(join(base, "config.json"), "utf8"));
    const ids = (more: Record<string, string>) =>
      withScratchFolder((folder) => {
        cpSync(join(base, "model.safetensors"), join(folder, "model.safetensors"));
        write(folder, { "config.json": JSON.stringify(config), "tokenizer.json": text, ...more });
        const { decoder, tokenizer } = readLanguageModel(folder);
        decoder.dispose();
        return [tokenizer.bosId, tokenizer.eosId];
      });
    const json = JSON.stringify;
    const cases: [Record<string, string>, number[]][] = [
      [{ "config.json": json({ ...config, bos_token_id: 0, eos_token_id: [1, 0] }) }, [0, 1]],
      [
        { "special_tokens_map.json": json({ bos_token: { content: "<first>" }, eos_token: "<last>" }) },
        [0, 1],
      ],
      [
        {
          "config.json": json({ ...config, bos_token_id: 5 }),
          "tokenizer_config.json": json({ bos_token: "<first>", eos_token: "<last>" }),
        },
        [0, 1],
      ],
    ];
    for (const [files, expected] of cases) assert.deepEqual(ids(files), expected, Object.keys(files).join());
    assert.throws(() => ids({}), isUserError(/no begin-of-text token.*bos_token/));
  });

  it("of quantized weights, or of scalings and families that we do not compute, is refused by their names", () => {
    const config = JSON.parse(readFileSync(join(base, "config.json"), "utf8"));
    for (const [change, message] of [
      [
        { quantization_config: { quant_method: "gptq" } },
        /quantized \(gptq\)\. Take the model as it was before/,
      ],
      [{ quantization: { bits: 4 } }, /the weights are quantized\./],
      [{ rope_scaling: { type: "yarn", factor: 4 } }, /type is "yarn", not .*"llama3"\. We compute no other/],
      [{ model_type: "qwen2" }, /model_type is "qwen2"\. We read models of type llama, gemma3_text, gemma3/],
      [{ model_type: "gpt2" }, /"gpt2"/],
    ] as const) {
      assert.throws(() => parseDecoderConfig({ ...config, ...change }, "config.json"), isUserError(message));
    }
  });
});
