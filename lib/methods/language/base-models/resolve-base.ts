import { createHash } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { UserError } from "../../../errors";
import {
  asReadError,
  checkOutputFolder,
  dataFile,
  dataFolder,
  fileDigest,
  isFolder,
  readJsonObject,
} from "../../../files";
import {
  copyTokenizer,
  type LanguageModel,
  modelName,
  openHuggingFaceFolder,
  parseDecoderConfig,
  readDecoder,
  readGguf,
  readHuggingFaceFolder,
  readLanguageModel,
  snapshotFolder,
  tokenizerFolderOf,
  writeGgufAsFolder,
  writeHuggingFaceFolder,
} from "../../../networks";
import {
  checkBegin,
  checkEndOfLine,
  checkTokenizerFits,
  Tokenizer,
  tokenizerRemedy,
  writeTokenizer,
} from "../../../text";
import { type KnownBase, knownBases } from "./known-bases";
import { downloadUnlessSound, isDownloaded, packagedFile } from "./packaged-model";
import { agreeToTerms, type TermsOptions } from "./terms";

/** A base model that was found, and is read when it is asked for. */
export interface BaseModel {
  /** As it was asked for: "gemma-3-270m", or the last part of a path; of the hub's cache, the repository's name. */
  name: string;
  /** The folder, or the GGUF file. */
  path: string;
  /** Undefined where nothing says. */
  license?: string;
  /** Reads decoder and tokenizer. @throws UserError where the model is damaged or of a kind that we do not read */
  read(): LanguageModel;
  /** Writes a Hugging Face folder that `transformers` opens too. Numbers are F32 by default. @throws as `read` */
  writeFolder(folder: string, dtype?: "F32" | "F16" | "BF16"): void;
  /** SHA-256 of the model's files, hexadecimal. */
  digest(): string;
  /** Writes the tokenizer alone, as a Hugging Face folder holds it. */
  writeTokenizer(folder: string): void;
}

/** How the user is told of terms and of a download, and asked. */
export type ResolveOptions = TermsOptions;

/**
 * Finds a base model: one that is known by name (`knownBases`), which is downloaded into the user's cache where it is
 * not there yet; a Hugging Face folder; or a GGUF file. A known name goes before a path of that name.
 * @throws UserError where there is no such model, its terms are not agreed to, or it cannot be downloaded
 */
export async function resolveBase(nameOrPath: string, options: ResolveOptions = {}): Promise<BaseModel> {
  const known = knownNamed(nameOrPath);
  if (known !== undefined) return resolveKnown(known, options);
  const path = resolve(nameOrPath);
  if (isFolder(nameOrPath)) return folderBase(modelName(path), snapshotFolder(path));
  if (isThere(nameOrPath)) return ggufBase(basename(path).replace(/\.gguf$/i, ""), path);
  throw new UserError(
    `there is no base model ${JSON.stringify(nameOrPath)}`,
    `Name ${knownBases.map(({ name }) => name).join(", ")}, a Hugging Face folder, or a GGUF file.`,
  );
}

function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    throw asReadError(path, error, "Name a base model, a Hugging Face folder, or a GGUF file.");
  }
}

/** Where `resolveBase` would find a base model, there or not: no output may go there. */
export function baseInputs(nameOrPath: string): string[] {
  const known = knownNamed(nameOrPath);
  if (known === undefined) return [nameOrPath];
  return [
    known.download === undefined ? join(dataFolder(), "base-model") : packagedFile(known, known.download),
  ];
}

function knownNamed(nameOrPath: string): KnownBase | undefined {
  return knownBases.find(({ name }) => name === nameOrPath || `google/${name}` === nameOrPath);
}

async function resolveKnown(known: KnownBase, options: ResolveOptions): Promise<BaseModel> {
  const { name, license, download } = known;
  if (download === undefined)
    return { ...folderBase(name, resolve(dataFile("base-model", "config.json"), "..")), license };
  await agreeToTerms(known, options);
  const say = options.say ?? ((line: string) => void process.stderr.write(`${line}\n`));
  await downloadUnlessSound(known, download, say);
  return { ...ggufBase(name, packagedFile(known, download)), license, digest: () => download.sha256 };
}

/** Whether a known base model can be used without a download. */
export function isAvailable(base: KnownBase): boolean {
  return base.download === undefined || isDownloaded(base, base.download);
}

function folderBase(name: string, path: string): BaseModel {
  return {
    name,
    path,
    read: () => readLanguageModel(path),
    writeFolder: (folder, dtype) => {
      checkOutputFolder(folder, { inputs: [path], force: true });
      writeHuggingFaceFolder(folder, { ...readHuggingFaceFolder(path), tokenizerFolder: path, dtype });
    },
    digest: () => digestOf(folderFiles(path)),
    writeTokenizer: (folder) => {
      checkOutputFolder(folder, { inputs: [path], force: true });
      copyTokenizer(path, folder);
    },
  };
}

function ggufBase(name: string, path: string): BaseModel {
  return {
    name,
    path,
    read: () => readGgufModel(path),
    writeFolder: (folder, dtype) => writeGgufAsFolder(path, folder, dtype),
    digest: () => digestOf([path]),
    writeTokenizer: (folder) => writeTokenizer(folder, readGguf(path).tokenizer),
  };
}

/**
 * Opens a GGUF file as a model. Tensors pass one by one from the file to the engine.
 * @throws UserError as `readGguf`, and where configuration, tensors and tokenizer do not fit each other
 */
export function readGgufModel(path: string): LanguageModel {
  const { config, tensors, tokenizer: files } = readGguf(path);
  const tokenizer = new Tokenizer(files, path);
  checkTokenizerFits(tokenizer, parseDecoderConfig(config, path).vocabularySize);
  checkEndOfLine(tokenizer, path);
  checkBegin(tokenizer, path);
  return { decoder: readDecoder({ config, tensors }, path), tokenizer };
}

function digestOf(paths: readonly string[]): string {
  const digests = paths.map(fileDigest);
  return digests.length === 1 ? digests[0] : createHash("sha256").update(digests.join()).digest("hex");
}

/** What a model's numbers are a function of: its configuration, weights and tokenizer. */
function folderFiles(path: string): string[] {
  const { tensors } = openHuggingFaceFolder(path);
  const folder = tokenizerFolderOf(path);
  const tokenizer = join(folder, "tokenizer.json");
  // Said here, where the file is first asked for.
  if (!existsSync(tokenizer)) readJsonObject(tokenizer, tokenizerRemedy(folder));
  const weights = new Set([...tensors.shapes.keys()].map((name) => tensors.fileOf(name)));
  return [join(path, "config.json"), ...[...weights].sort(), tokenizer];
}
