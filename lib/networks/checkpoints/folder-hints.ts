import { readdirSync } from "node:fs";
import { join } from "node:path";
import { isFolder } from "../../files";
import { CONFIG, isShardName, WEIGHTS } from "./hugging-face-files";

/** What published folders hold in place of the files that we read, and what to do about it, the surest sign first. */
const signs: readonly { files: RegExp; remedy: (names: readonly string[], folder: string) => string }[] = [
  {
    files: /^adapter_config\.json$/,
    remedy: () =>
      "It holds an adapter of PEFT. Evaluate it with `--model ADAPTER --base MODEL`, or merge it into its base with PEFT (merge_and_unload, then save_pretrained) and name that folder.",
  },
  {
    files: /\.gguf$/i,
    remedy: (names, folder) => `Name the GGUF file itself: ${join(folder, names[0])}.`,
  },
  {
    files: /^(?:params\.json|consolidated\..*|.*\.pth)$/,
    remedy: () =>
      "It holds weights in the format of Meta or Mistral: take the files that transformers opens, or convert these with its scripts.",
  },
  {
    files: /^pytorch_model.*\.bin(?:\.index\.json)?$/,
    remedy: () => "Its weights are pickled; convert them with transformers: save_pretrained(folder).",
  },
  {
    files: /^(?:tf_model.*\.h5|flax_model.*\.msgpack|.*\.onnx)$/,
    remedy: (names) =>
      `Its weights are in ${names[0]}, for another library: take the ${WEIGHTS} of the same repository.`,
  },
  {
    files: /\.safetensors$/,
    remedy: (names) => `It holds ${names[0]}: give it the name ${WEIGHTS} if it is the whole model.`,
  },
];

/** Files that downloads write to until they are whole. */
const UNFINISHED = /\.(?:incomplete|part|partial|crdownload|download|aria2)$/;

/**
 * What to do about a folder in which config.json or the weights are missing, by the other files in it.
 * @returns undefined where these say nothing
 */
export function folderRemedy(folder: string): string | undefined {
  const names = namesIn(folder);
  const unfinished = [folder, join(folder, ".cache/huggingface/download"), join(folder, "../../blobs")]
    .flatMap((place) => namesIn(place).map((name) => join(place, name)))
    .find((path) => UNFINISHED.test(path));
  if (unfinished !== undefined) return `A download of it was not finished (${unfinished}): start it again.`;
  if (names.some(isShardName) && !names.includes(WEIGHTS)) {
    return "Parts of its weights are there, their index is not: download that too.";
  }
  for (const { files, remedy } of signs) {
    const found = names.filter((name) => files.test(name));
    if (found.length > 0) return remedy(found, folder);
  }
  // Meta's repositories keep their own format beside that of transformers.
  return names.includes("original") && !names.includes(CONFIG)
    ? folderRemedy(join(folder, "original"))
    : undefined;
}

/** Names of a folder's entries, sorted; none where there is no folder. */
function namesIn(folder: string): string[] {
  return isFolder(folder) ? readdirSync(folder).sort() : [];
}
