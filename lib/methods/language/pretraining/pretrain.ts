import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { startEngine } from "../../../engine";
import { aloneIn, checkOutputFolder, dataFile, type OutputRules, writeFileAtomically } from "../../../files";
import {
  Decoder,
  type DecoderConfig,
  decoderTrainable,
  defaultTraining,
  formatDecoderConfig,
  meanLoss,
  parameterCount,
  type TrainingControl,
  type TrainingOptions,
  toArrays,
  train,
  writeHuggingFaceFolder,
} from "../../../networks";
import { Tokenizer, trainTokenizer, writeTokenizer } from "../../../text";
import { type CorpusPart, corpusDocuments, corpusSources, defaultShares, pretrainingCorpus } from "./corpus";
import { fillModelCard } from "./model-card";

/** The file that tells a folder of a pre-trained model. */
const REPORT = "pretraining.json";

/** What makes a base model: the whole recipe is these numbers and the code that reads them. */
export interface PretrainingRecipe {
  seed: number;
  /** Size of the corpus, in characters. */
  characters: number;
  /** Tokens of the tokenizer. */
  vocabularySize: number;
  shape: Omit<DecoderConfig, "vocabularySize">;
  training: TrainingOptions;
}

/** The recipe of the base model in data/base-model. */
export const baseRecipe: PretrainingRecipe = {
  seed: 1,
  characters: 24e6,
  vocabularySize: 3072,
  shape: {
    width: 192,
    feedForward: 512,
    layers: 4,
    heads: 6,
    keyValueHeads: 2,
    headWidth: 32,
    ropeTheta: 10_000,
    normEpsilon: 1e-5,
    tiedHead: true,
    contextLength: 512,
  },
  training: {
    ...defaultTraining,
    epochs: 2,
    learningRate: 3e-3,
    warmup: 0.03,
    decay: "cosine",
    batch: { tokens: 4096 },
    tokensAtOnce: 8192,
    weightDecay: 0.1,
    seed: 1,
  },
};

/** What the model card says of the run. */
export interface PretrainingReport {
  recipe: PretrainingRecipe;
  parameters: number;
  trainingTokens: number;
  validationTokens: number;
  tokensSeen: number;
  /** Nats per token, after each epoch. */
  history: { epoch: number; trainingLoss: number; validationLoss: number }[];
  /** Nats per token of the finished model on held-out documents, by source. */
  validationLoss: Record<string, number>;
  /** Number format of the committed weights. */
  precision: "F16";
  /** What ran the tensors. */
  engine: string;
}

/**
 * Pre-trains a base model from nothing but the recipe and writes it as a Hugging Face folder, with
 * `pretraining.json`, the report. The same recipe on the same engine and machine gives the same weights.
 * @param out the finished model: nothing is written there before the run's end; `control.folder` holds the run's
 * checkpoints
 * @throws UserError where `out` holds files and no pre-trained model, unless `control.force`; where another process
 * works in one of the two, and as `train`
 */
export async function pretrain(
  recipe: PretrainingRecipe,
  out: string,
  control: TrainingControl & Pick<OutputRules, "force"> = {},
): Promise<PretrainingReport> {
  const { folder, force } = control;
  checkOutputFolder(out, { force, isOurs: () => existsSync(join(out, REPORT)) });
  const work = () => pretrainAlone(recipe, out, control);
  const there = folder === undefined || resolve(folder) === resolve(out);
  return aloneIn(out, there ? work : () => aloneIn(folder, work));
}

async function pretrainAlone(
  recipe: PretrainingRecipe,
  out: string,
  control: TrainingControl,
): Promise<PretrainingReport> {
  const info = await startEngine();
  const { seed, characters } = recipe;
  const files = trainTokenizer(pretrainingCorpus({ seed, characters }), recipe.vocabularySize);
  const tokenizer = new Tokenizer(files);
  const config: DecoderConfig = { ...recipe.shape, vocabularySize: recipe.vocabularySize };
  const encode = (text: string) =>
    Int32Array.from([...tokenizer.encode(text, { addBos: true }), tokenizer.eosId!]).slice(
      0,
      config.contextLength,
    );
  const read = (part: CorpusPart) =>
    [...corpusDocuments({ seed, characters, part })].map(({ source, text }) => ({
      source,
      ids: encode(text),
    }));

  const training = read("training");
  const validation = read("validation");
  const decoder = Decoder.initialise(config, seed);
  const data = { training: training.map(({ ids }) => ids), validation: validation.map(({ ids }) => ids) };
  const trainable = decoderTrainable(decoder);
  const { history } = await train(trainable, data, recipe.training, control);

  const validationLoss: Record<string, number> = {};
  for (const source of corpusSources.filter((name) => defaultShares[name] > 0)) {
    const texts = validation.filter((document) => document.source === source).map(({ ids }) => ids);
    validationLoss[source] = await meanLoss(trainable, texts);
  }
  const count = (texts: readonly Int32Array[]) => texts.reduce((n, text) => n + text.length, 0);
  const report: PretrainingReport = {
    recipe,
    parameters: parameterCount(config),
    trainingTokens: count(data.training),
    validationTokens: count(data.validation),
    tokensSeen: count(data.training) * recipe.training.epochs,
    history,
    validationLoss,
    precision: "F16",
    engine: `${info.engine} ${info.version}`,
  };
  writeTokenizer(out, files);
  writeFileAtomically(join(out, REPORT), `${JSON.stringify(report, null, 2)}\n`);
  const card = readFileSync(dataFile("base-model", "README.md"), "utf8");
  writeFileAtomically(join(out, "README.md"), fillModelCard(card, report));
  writeHuggingFaceFolder(out, {
    config: formatDecoderConfig(config, { bos: tokenizer.bosId!, eos: tokenizer.eosId! }),
    tensors: toArrays(decoder.parameters),
    dtype: "F16",
  });
  decoder.dispose();
  return report;
}
