import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Tokenizer } from "labor-llm/dist/text/tokenizer";
import { fixture } from "./paths";
import { tokenizerTexts } from "./tokenizer-texts";

type Kind = "titles" | "careers" | "hard";
type Published = { texts: string } & Record<string, Record<Kind, string>>;

const digest = (value: unknown) => createHash("sha256").update(JSON.stringify(value)).digest("hex");

/** Asserts that all the texts have the ids that Python's tokenizers give them with a published tokenizer.json. */
export function expectPublishedIds(tokenizer: Tokenizer, name: string): void {
  const published: Published = JSON.parse(readFileSync(fixture("tokenizer", "published.json"), "utf8"));
  const texts = tokenizerTexts();
  assert.equal(digest(texts), published.texts, "the texts have changed: run make_tokenizer_digests.py");
  for (const kind of ["titles", "careers", "hard"] as const) {
    const ids = texts[kind].map((text) => [...tokenizer.encode(text)]);
    assert.equal(digest(ids), published[name][kind], kind);
  }
}
