import { rmSync } from "node:fs";
import { join } from "node:path";
import { checkOutputFolder, type WritableArray } from "../../../files";
import { writeTokenizer } from "../../../text";
import { writeHuggingFaceFolder } from "../hugging-face-writer";
import { readGguf } from "./read-gguf";

/**
 * Writes a GGUF file's model as a Hugging Face folder that `transformers` opens: config.json, model.safetensors and
 * the tokenizer. One tensor at a time is in memory.
 * @param dtype format of the numbers. Default F32: exactly what the file's blocks say
 * @throws UserError where the file cannot be read (as `readGguf`) or the folder cannot be written
 */
export function writeGgufAsFolder(path: string, folder: string, dtype: "F32" | "F16" | "BF16" = "F32"): void {
  checkOutputFolder(folder, { inputs: [path], force: true });
  const { config, tensors, tokenizer } = readGguf(path);
  const lazy = new Map<string, WritableArray>();
  for (const [name, shape] of tensors.shapes) {
    lazy.set(name, {
      dtype: "F32",
      shape,
      get values() {
        return tensors.read(name).values;
      },
    });
  }
  // Without it the folder is no checkpoint, until the last of the new files is there.
  rmSync(join(folder, "config.json"), { force: true });
  writeTokenizer(folder, tokenizer);
  writeHuggingFaceFolder(folder, { config, tensors: lazy, dtype });
}
