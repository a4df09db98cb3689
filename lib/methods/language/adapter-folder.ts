import { join } from "node:path";
import { writeFileAtomically } from "../../files";
import {
  type LanguageModel,
  mergeLora,
  readPeftAdapter,
  type StoredAdapter,
  writePeftAdapter,
} from "../../networks";
import { type BaseModel, knownBases } from "./base-models";
import { writeBaseReference } from "./base-reference";

/**
 * Writes what LoRA learnt, without the base model: the files of PEFT, a card for readers, and the base model's name
 * and digest.
 * @param asked the name or path that the base model was found by
 * @throws UserError where the folder cannot be written
 */
export function writeAdapter(folder: string, adapter: StoredAdapter, asked: string, base: BaseModel): void {
  writeBaseReference(folder, asked, base);
  const known = knownBases.find(({ name }) => asked === name || asked === `google/${name}`);
  // PEFT looks for a folder or a name on the hub; of the GGUF file of one that was downloaded it knows nothing.
  const baseModel = known?.download === undefined ? base.path : `google/${known.name}`;
  writePeftAdapter(folder, adapter, { baseModel });
  writeFileAtomically(join(folder, "README.md"), card(adapter, known?.name ?? base.path, base));
}

function card({ lora, parameters }: StoredAdapter, named: string, base: BaseModel): string {
  const { rank, alpha, targets } = lora;
  return `---
library_name: peft
base_model: ${JSON.stringify(named)}
---

# A LoRA adapter for careers as text

- Base model: ${named}, SHA-256 ${base.digest()}${base.license === undefined ? "" : `, under ${base.license}`}. It is not in this folder.
- Adapter: rank ${rank}, alpha ${alpha}, on ${targets.join(", ")}; ${parameters.toLocaleString("en-US")} trained parameters.
- Survey, titles and settings: labor-llm.json.
- To read it: \`labor-llm evaluate --model FOLDER --survey SURVEY\` or \`labor-llm score\`, with \`--base\` where the base model was moved; or
  \`peft.PeftModel.from_pretrained(base, FOLDER)\`.
`;
}

/** A base model with what an adapter adds to its weights. @throws UserError as `readPeftAdapter` */
export function withAdapter(folder: string, base: BaseModel): LanguageModel {
  const language = base.read();
  mergeLora(readPeftAdapter(folder, language.decoder));
  return language;
}
