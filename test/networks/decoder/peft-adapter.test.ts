import { strict as assert } from "node:assert";
import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { UserError } from "labor-llm/dist/errors";
import type { NamedArray } from "labor-llm/dist/files/safetensors/named-array";
import { writeSafetensors } from "labor-llm/dist/files/safetensors/safetensors";
import { openHuggingFaceFolder } from "labor-llm/dist/networks/checkpoints/hugging-face";
import type { Decoder } from "labor-llm/dist/networks/decoder/decoder";
import { mergeLora, withLora } from "labor-llm/dist/networks/decoder/lora";
import { packRows, toTensors } from "labor-llm/dist/networks/decoder/pack";
import { readPeftAdapter, writePeftAdapter } from "labor-llm/dist/networks/decoder/peft-adapter";
import { readDecoder } from "labor-llm/dist/networks/decoder/read-decoder";
import { expectClose } from "../../support/close";
import { fixture } from "../../support/paths";
import { withScratchFolder } from "../../support/scratch";

/** As PEFT 0.18 writes it. */
const config = {
  alpha_pattern: {},
  arrow_config: null,
  base_model_name_or_path: "org/base",
  bias: "none",
  exclude_modules: null,
  fan_in_fan_out: false,
  init_lora_weights: true,
  layer_replication: null,
  layers_pattern: null,
  layers_to_transform: null as number | number[] | null,
  loftq_config: {},
  lora_alpha: 8,
  lora_bias: false,
  lora_dropout: 0.05,
  megatron_core: "megatron.core",
  modules_to_save: null,
  peft_type: "LORA",
  qalora_group_size: 16,
  r: 2,
  rank_pattern: {},
  target_modules: ["q_proj", "down_proj"] as unknown,
  target_parameters: null,
  task_type: "CAUSAL_LM",
  trainable_token_indices: null,
  use_dora: false,
  use_rslora: false,
};

function open(name: string): Decoder {
  return readDecoder(openHuggingFaceFolder(fixture(name)), join(fixture(name), "config.json"));
}

const logits = (decoder: Decoder) => {
  const ids = Int32Array.from({ length: 12 }, (_, i) => (5 + 7 * i) % decoder.config.vocabularySize);
  const { batch } = toTensors(packRows([ids], decoder.config.width));
  return decoder.logits(decoder.hidden(batch)).dataSync();
};

/** Matrices of an adapter by PEFT's names, of some layers. */
function matrices(
  base: Decoder,
  layers: number[],
  targets = ["q_proj", "down_proj"],
): Map<string, NamedArray> {
  const adapted = withLora(base, { rank: 2, alpha: 8, targets });
  const found = new Map<string, NamedArray>();
  [...adapted.parameters].forEach(([name, variable], i) => {
    const layer = Number(/layers\.(\d+)/.exec(name)![1]);
    if (!layers.includes(layer)) return;
    const values = Float32Array.from({ length: variable.size }, (_, j) => Math.sin(1 + i + 3 * j) / 4);
    found.set(`base_model.model.${name}`, { dtype: "F32", shape: variable.shape, values });
  });
  adapted.dispose();
  return found;
}

function write(folder: string, tensors: Map<string, NamedArray>, change: object = {}): void {
  writeSafetensors(join(folder, "adapter_model.safetensors"), tensors, { metadata: { format: "pt" } });
  writeFileSync(join(folder, "adapter_config.json"), JSON.stringify({ ...config, ...change }));
}

/** The logits of the base with alpha / r B A added to its weights by hand. */
function byHand(name: string, tensors: Map<string, NamedArray>): Float32Array {
  const base = open(name);
  for (const [key, down] of tensors) {
    if (!key.includes(".lora_A.")) continue;
    const up = tensors.get(key.replace("lora_A", "lora_B"))!;
    const weight = base.parameters.get(key.replace("base_model.model.", "").replace(".lora_A", ""))!;
    tf.tidy(() => {
      const [a, b] = [down, up].map(({ values, shape }) =>
        tf.tensor2d(values as Float32Array, shape as [number, number]),
      );
      weight.assign(weight.add(b.matMul(a).mul(4)));
    });
  }
  const scored = logits(base) as Float32Array;
  base.dispose();
  return scored;
}

describe("an adapter that PEFT wrote", () => {
  it("is read whatever its unset options and rules of layers say, and computes the sum of base and product", () => {
    for (const name of ["llama-tiny", "gemma-3-tiny"]) {
      const base = open(name);
      const all = Array.from({ length: base.config.layers }, (_, i) => i);
      const regex = ".*\\.(q_proj|down_proj)$";
      const cases: [number[], Record<string, unknown>][] = [
        [all, { modules_to_save: [], fan_in_fan_out: true, init_lora_weights: "gaussian" }],
        [all, { target_modules: regex }],
        [all, { target_modules: "(?P<name>q_proj|down_proj)" }],
        [[1], { layers_to_transform: [1] }],
        [[1], { layers_to_transform: 1 }],
        [[0, 1], { layers_to_transform: [0, 1], layers_pattern: "layers" }],
        [all.slice(1), { exclude_modules: "model\\.layers\\.0\\..*" }],
        [all, { target_modules: ["q_proj", "k_proj", "down_proj"], exclude_modules: ["k_proj"] }],
      ];
      for (const [layers, change] of cases) {
        withScratchFolder((folder) => {
          const tensors = matrices(base, layers);
          write(folder, tensors, change);
          const expected = byHand(name, tensors);
          const adapted = readPeftAdapter(folder, base);
          expectClose(logits(adapted), expected, 1e-5);
          // Written again and merged it is the same.
          writePeftAdapter(join(folder, "again"), adapted);
          const again = readPeftAdapter(join(folder, "again"), base);
          expectClose(logits(again), expected, 1e-5);
          again.dispose();
          adapted.dispose();
          const merged = open(name);
          expectClose(logits(mergeLora(readPeftAdapter(folder, merged))), expected, 1e-4);
          merged.dispose();
        });
      }
      base.dispose();
    }
  });

  it("may bring the base's own embeddings and head along, and no others", () => {
    for (const name of ["llama-tiny", "llama-tiny-tied"]) {
      const base = open(name);
      const embedding = base.parameters.get("model.embed_tokens.weight")!;
      const head = base.parameters.get("lm_head.weight") ?? embedding;
      const along = (
        variable: tf.Tensor,
        change: (values: Float32Array) => Float32Array = (v) => v,
      ): NamedArray => ({
        dtype: "F32",
        shape: variable.shape,
        values: change(variable.dataSync() as Float32Array),
      });
      const tensors = matrices(base, [0, 1, 2].slice(0, base.config.layers));
      const expected = byHand(name, tensors);
      withScratchFolder((folder) => {
        const own: [string, NamedArray][] = [
          ["base_model.model.model.embed_tokens.weight", along(embedding)],
          ["base_model.model.lm_head.weight", along(head)],
        ];
        write(folder, new Map([...tensors, ...own]));
        const adapted = readPeftAdapter(folder, base);
        expectClose(logits(adapted), expected, 1e-5);
        const other = along(embedding, (values) => values.map((v, i) => (i === 7 ? v + 1 : v)));
        for (const [key, array, message] of [
          [
            "model.embed_tokens.weight",
            other,
            /holds model\.embed_tokens\.weight, which the base model has otherwise/,
          ],
          [
            "lm_head.base_layer.weight",
            other,
            /lm_head\.base_layer\.weight, which the base model has otherwise/,
          ],
          ["lm_head.lora_A.weight", other, /it adapts lm_head, beyond the layers/],
        ] as const) {
          write(folder, new Map([...tensors, [`base_model.model.${key}`, array]]));
          refused(folder, base, message);
          refused(folder, base, /merge_and_unload/);
        }
      });
      base.dispose();
    }
  });

  it("that computes more than LoRA on the layers is refused by the option's name, with what to do", () => {
    const base = open("llama-tiny");
    const tensors = matrices(
      base,
      Array.from({ length: base.config.layers }, (_, i) => i),
    );
    const cases: [Record<string, unknown>, RegExp][] = [
      [{ modules_to_save: ["lm_head"] }, /modules_to_save is \["lm_head"\]/],
      [{ use_dora: true }, /use_dora is true/],
      [{ bias: "all" }, /bias is "all"/],
      [{ bias: "lora_only" }, /bias is "lora_only"/],
      [{ lora_bias: true }, /lora_bias/],
      [{ rank_pattern: { q_proj: 8 } }, /rank_pattern is \{"q_proj":8\}/],
      [{ alpha_pattern: { q_proj: 8 } }, /alpha_pattern/],
      [{ layer_replication: [[0, 1]] }, /layer_replication/],
      [{ trainable_token_indices: [1] }, /trainable_token_indices/],
      [{ target_parameters: ["w"] }, /target_parameters/],
      [{ peft_type: "IA3" }, /peft_type is "IA3"/],
      [
        { init_lora_weights: "pissa" },
        /init_lora_weights is "pissa", which changes the base model's weights/,
      ],
      [{ init_lora_weights: "olora" }, /"olora"/],
      [{ init_lora_weights: "loftq" }, /"loftq"/],
    ];
    for (const [change, message] of cases) {
      withScratchFolder((folder) => {
        write(folder, tensors, change);
        refused(folder, base, message);
        refused(folder, base, /adapter_config\.json.*merge_and_unload/);
      });
    }
    withScratchFolder((folder) => {
      const named = [...tensors].map(([key, array]): [string, NamedArray] => [
        key.replace(/(lora_[AB])/, "$1.default"),
        array,
      ]);
      write(folder, new Map(named));
      refused(folder, base, /lora_A\.default\.weight is named as in PEFT's memory.*save_pretrained/);
      write(folder, tensors, { target_modules: "all-linear" });
      refused(folder, base, /another base model: .*k_proj.* is missing\. .*trained on: "org\/base"/);
      write(folder, tensors, { layers_to_transform: [0] });
      refused(folder, base, /it adapts model\.layers\.1\./);
      renameSync(join(folder, "adapter_model.safetensors"), join(folder, "adapter_model.bin"));
      refused(
        folder,
        base,
        /no adapter_model\.safetensors.*pickled, in adapter_model\.bin; .*save_pretrained/,
      );
    });
    base.dispose();
  });

  it("of all linear layers is read by that name", () => {
    const base = open("llama-tiny");
    const seven = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];
    withScratchFolder((folder) => {
      const tensors = matrices(
        base,
        Array.from({ length: base.config.layers }, (_, i) => i),
        seven,
      );
      write(folder, tensors, { target_modules: "all-linear" });
      const adapted = readPeftAdapter(folder, base);
      assert.equal(adapted.parameters.size, tensors.size);
      expectClose(logits(adapted), byHand("llama-tiny", tensors), 1e-5);
      adapted.dispose();
    });
    base.dispose();
  });
});

function refused(folder: string, base: Decoder, message: RegExp): void {
  assert.throws(
    () => readPeftAdapter(folder, base),
    (error: Error) => {
      assert.ok(error instanceof UserError, error.stack);
      assert.match(error.message, message);
      assert.ok(!error.message.includes("\n"), "one line");
      return true;
    },
  );
}
