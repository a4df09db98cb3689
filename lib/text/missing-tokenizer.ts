import { existsSync } from "node:fs";
import { join } from "node:path";

/** Files in which other libraries keep a tokenizer. */
const others = ["tokenizer.model", "spiece.model", "tekken.json", "vocab.json", "vocab.txt"];

/** What to do where a folder has no tokenizer.json, by what else is there. */
export function tokenizerRemedy(folder: string): string {
  const other = others.find((name) => existsSync(join(folder, name)));
  if (other === undefined) return "A model needs its tokenizer.json; copy it again.";
  return (
    `Its tokenizer is in ${other} alone; write tokenizer.json with transformers: ` +
    "AutoTokenizer.from_pretrained(folder).save_pretrained(folder)."
  );
}
