import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import * as tf from "@tensorflow/tfjs";
import { publishSplit, readSplit } from "labor-llm/dist/careers/published-split";
import { readParquet } from "labor-llm/dist/files/parquet";
import { readSafetensors } from "labor-llm/dist/files/safetensors/safetensors-reader";
import { fitToFolder, methodNamed, openModelFolder, settingsOf } from "labor-llm/dist/methods";
import { readGguf } from "labor-llm/dist/networks/checkpoints/gguf";
import { readHuggingFaceFolder } from "labor-llm/dist/networks/checkpoints/hugging-face";
import { Decoder } from "labor-llm/dist/networks/decoder/decoder";
import { parseDecoderConfig } from "labor-llm/dist/networks/decoder/decoder-config-json";
import { decoderTrainable } from "labor-llm/dist/networks/decoder/decoder-trainable";
import { withLora } from "labor-llm/dist/networks/decoder/lora";
import { readPeftAdapter, writePeftAdapter } from "labor-llm/dist/networks/decoder/peft-adapter";
import { AdamW } from "labor-llm/dist/networks/training/adamw";
import { openCheckpoints } from "labor-llm/dist/networks/training/checkpoints";
import { freshState } from "labor-llm/dist/networks/training/run-state";
import { formatNotebook, notebookFromMarkdown, readNotebook } from "labor-llm/dist/notebook/document";
import { readDistribution, writeDistribution } from "labor-llm/dist/predictions/distribution-file";
import { readNlsy97 } from "labor-llm/dist/surveys/nls";
import { syntheticDownload } from "labor-llm/dist/surveys/nls/synthetic-download";
import {
  type DownloadEnding,
  writeDownloadFiles,
  writeDownloadZip,
} from "labor-llm/dist/surveys/nls/synthetic-files";
import { readPsid } from "labor-llm/dist/surveys/psid";
import { readPsidVariables } from "labor-llm/dist/surveys/psid/variables";
import { readSurvey } from "labor-llm/dist/surveys/read-survey";
import { literalWording } from "labor-llm/dist/text";
import { Tokenizer } from "labor-llm/dist/text/tokenizer";
import { writeTokenizer } from "labor-llm/dist/text/train-tokenizer";
import { fewYoungMen } from "../methods/small-fits";
import { distributionOf } from "../metrics/distributions";
import { fixture } from "../support/paths";
import { inventPersons } from "../support/psid/careers";
import { downloadFiles, type Form, writeDownload } from "../support/psid/download";
import { tinyTokenizer } from "../support/tiny-language-model";
import { trainingRun } from "../support/training-run";

/** A reader of files that users give, or that lie where users can change them. */
export interface FuzzedReader {
  /** Writes files that it reads without complaint, into an empty folder. @returns those to damage */
  write(folder: string): string[] | Promise<string[]>;
  read(folder: string): unknown;
}

const panel = ["person,year,title,gender,weight", ..."abcdef"]
  .map((p, i) =>
    i === 0 ? p : [1980, 1981, 1983].map((y) => `${p},${y},"Cooks, ${y % 3}",female,1.5`).join("\n"),
  )
  .join("\n");

const map = {
  missing: ["", "NA"],
  columns: {
    person: "person",
    year: "year",
    occupation: { column: "title" },
    gender: { column: "gender", words: { female: "female" } },
    state: [{ where: { weight: { below: 1 } }, is: "Unemployed" }],
  },
  rules: { drop: [{ where: { year: ["1983"] }, because: "an odd year" }] },
};

function file(
  name: string,
  contents: () => string | Uint8Array,
  read: (path: string) => unknown,
): FuzzedReader {
  return {
    write(folder) {
      writeFileSync(join(folder, name), contents());
      return [name];
    },
    read: (folder) => read(join(folder, name)),
  };
}

function nls(ending: DownloadEnding, ...others: DownloadEnding[]): FuzzedReader {
  const name = "SYNTHETIC_nlsy97";
  return {
    write(folder) {
      const endings = [ending, ...others];
      writeDownloadFiles(folder, syntheticDownload("nlsy97", { persons: 3, seed: 5 }), endings);
      return endings.map((end) => name + end);
    },
    read(folder) {
      const path = join(folder, name + ending);
      readSurvey(path);
      return readNlsy97(path);
    },
  };
}

function psid(statements: Form["statements"], files: Form["files"] = "merged"): FuzzedReader {
  return {
    write(folder) {
      const all = downloadFiles(inventPersons(2, 4), readPsidVariables(), { statements, files });
      writeDownload(folder, all, false);
      return Object.keys(all);
    },
    read(folder) {
      readSurvey(folder);
      return readPsid(folder, { missingVariables: "accept" });
    },
  };
}

function folder(source: string, names: readonly string[], read: FuzzedReader["read"]): FuzzedReader {
  return {
    write(target) {
      for (const name of names) copyFileSync(join(source, name), join(target, name));
      return [...names];
    },
    read,
  };
}

function readModel(path: string): Decoder {
  const { config, tensors } = readHuggingFaceFolder(path);
  parseDecoderConfig(config, path);
  return [...tensors.values()] as never;
}

const llama = fixture("llama-tiny");

function base(): Decoder {
  const { config, tensors } = readHuggingFaceFolder(llama);
  const variables = [...tensors].map(([name, { shape, values }]): [string, tf.Variable] => [
    name,
    tf.variable(tf.tensor(values as Float32Array, [...shape], "float32"), true),
  ]);
  return new Decoder(parseDecoderConfig(config, llama), new Map(variables), "base");
}

let opened: Decoder | undefined;
const oneBase = () => {
  opened ??= base();
  return opened;
};

function checkpoint() {
  const { decoder, data, options } = trainingRun();
  const trainable = decoderTrainable(decoder);
  const small = { training: data.training.slice(0, 2), validation: data.validation.slice(0, 1) };
  const optimiser = new AdamW(trainable.parameters, options);
  return (path: string) => openCheckpoints(path, trainable as never, optimiser, small as never, options);
}

let openRun: ReturnType<typeof checkpoint> | undefined;
const run = (path: string) => {
  openRun ??= checkpoint();
  return openRun(path);
};

/** Each reader by its name. */
export const fuzzedReaders: Record<string, FuzzedReader> = {
  csv: file(
    "panel.csv",
    () => panel,
    (path) => readSurvey(path),
  ),
  gz: file(
    "panel.csv.gz",
    () => gzipSync(panel),
    (path) => readSurvey(path),
  ),
  parquet: file(
    "panel.parquet",
    () => readFileSync(fixture("parquet", "zstd.parquet")),
    (path) => readParquet(path, { keep: (header) => header.filter((name) => name !== "jobs") }),
  ),
  map: {
    write(target) {
      writeFileSync(join(target, "panel.csv"), panel);
      writeFileSync(join(target, "panel.map.json"), JSON.stringify(map, null, 1));
      return ["panel.map.json"];
    },
    read: (target) => readSurvey(join(target, "panel.csv")),
  },
  zip: {
    write(target) {
      writeDownloadZip(join(target, "nlsy97.zip"), syntheticDownload("nlsy97", { persons: 3, seed: 5 }));
      return ["nlsy97.zip"];
    },
    read: (target) => readSurvey(join(target, "nlsy97.zip")),
  },
  "nls-csv": nls(".csv", ".sdf", ".NLSY97", "-value-labels.do"),
  "nls-dat": nls(".dat", ".sdf"),
  "nls-tagset": nls(".dat", ".NLSY97"),
  "nls-dct": nls(".dct"),
  "psid-do": psid("do"),
  "psid-sps": psid("sps"),
  "psid-csv": psid("csv", "one family file"),
  safetensors: file(
    "model.safetensors",
    () => readFileSync(fixture("safetensors", "formats.safetensors")),
    readSafetensors,
  ),
  "hugging-face": folder(llama, ["config.json", "model.safetensors"], readModel),
  shards: {
    write(target) {
      const shard = "model-00001-of-00001.safetensors";
      copyFileSync(join(llama, "config.json"), join(target, "config.json"));
      copyFileSync(join(llama, "model.safetensors"), join(target, shard));
      const names = [...readHuggingFaceFolder(llama).tensors.keys()];
      const index = { metadata: {}, weight_map: Object.fromEntries(names.map((name) => [name, shard])) };
      writeFileSync(join(target, "model.safetensors.index.json"), JSON.stringify(index, null, 1));
      return ["model.safetensors.index.json", "config.json"];
    },
    read: readModel,
  },
  tokenizer: {
    write(target) {
      writeTokenizer(target, tinyTokenizer(fewYoungMen().train, 300));
      return ["tokenizer.json", "tokenizer_config.json"];
    },
    read: (target) => Tokenizer.fromFolder(target).encode("1980: Cooks\n"),
  },
  gguf: file(
    "model.gguf",
    () => readFileSync(fixture("gguf", "gemma-3.gguf")),
    (path) => {
      const { config, tensors, tokenizer } = readGguf(path);
      parseDecoderConfig(config, path);
      for (const name of tensors.shapes.keys()) tensors.read(name);
      return new Tokenizer(tokenizer, path).encode("1980: Cooks\n");
    },
  ),
  peft: {
    write(target) {
      writePeftAdapter(
        target,
        withLora(oneBase(), { rank: 2, alpha: 4, targets: ["q_proj"], dropout: 0, seed: 1 }),
      );
      return ["adapter_config.json", "adapter_model.safetensors"];
    },
    read: (target) => readPeftAdapter(target, oneBase()).dispose(),
  },
  "model-folder": {
    async write(target) {
      const { train, validation } = fewYoungMen();
      const markov = methodNamed("markov");
      const settings = settingsOf(markov, {});
      await fitToFolder(markov, { train, validation, settings, wording: literalWording, seed: 1 }, target);
      return ["labor-llm.json", "fitted.json", "fitted.safetensors"];
    },
    read: openModelFolder,
  },
  distribution: {
    write(target) {
      const rows = {
        titles: 2,
        person: [0, 1],
        observed: [0, 1],
        previous: [-1, -1],
        logProbability: [-1, -1, -1, -1],
      };
      writeDistribution(join(target, "distribution.safetensors"), distributionOf(rows));
      return ["distribution.safetensors"];
    },
    read: (target) => readDistribution(join(target, "distribution.safetensors")),
  },
  checkpoint: {
    write(target) {
      run(target).save({ ...freshState(), step: 1, stepInEpoch: 1 });
      return ["step-00000001-1/run.json", "step-00000001-1/state.safetensors"];
    },
    read: (target) => run(target).resume(),
  },
  notebook: file(
    "a.ipynb",
    () => formatNotebook(notebookFromMarkdown("# Title\n\n```ts\nlet a = 1;\n```\nText\n")),
    (path) => formatNotebook(readNotebook(path)),
  ),
  split: {
    write(target) {
      publishSplit(fewYoungMen().train, { seed: 1, folder: target, name: "split" });
      return ["split.json"];
    },
    read: (target) => readSplit(join(target, "split.json")),
  },
};

/** A fresh folder with the reader's files. @returns their bytes, by name */
export async function pristine(reader: FuzzedReader, target: string): Promise<Map<string, Buffer>> {
  mkdirSync(target, { recursive: true });
  const names = await reader.write(target);
  return new Map(names.map((name) => [name, readFileSync(join(target, name))]));
}
