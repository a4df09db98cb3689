import { Random } from "../../../random";
import { capital, enumerate, indefinite } from "./english";
import type { Synset } from "./wordnet";

/** Looks up a neighbour of a synset, where its gloss was clean. */
export type Lookup = (partOfSpeech: Synset["partOfSpeech"], offset: string) => Synset | undefined;

/** One synset as a dictionary's paragraph: definition, then some of synonyms, examples, kind and kinds. */
export function dictionaryText(synset: Synset, lookup: Lookup, seed: number): string {
  const random = new Random("dictionary text", seed, synset.partOfSpeech, synset.offset);
  const sentences = [definition(synset, random)];
  const [word, ...synonyms] = synset.lemmas;
  if (synonyms.length > 0 && random.uniform() < 0.6) {
    sentences.push(
      random.choice([
        `Also: ${synonyms.slice(0, 4).join(", ")}.`,
        `Another word for ${word} is ${synonyms[0]}.`,
        `${capital(enumerate(synset.lemmas.slice(0, 4)))} mean the same.`,
      ]),
    );
  }
  sentences.push(...synset.examples.slice(0, 3).map(example));
  if (synset.partOfSpeech === "noun") sentences.push(...kinship(synset, lookup, random));
  // An abbreviation at a sentence's end brings its own period.
  return `${sentences.join(" ").replace(/(?<!\.)\.\.(?!\.)/g, ".")}\n`;
}

/** WordNet does not say which nouns take an article; a definition that starts with one is a fair sign. */
function countable({ definition, partOfSpeech, instance, lemmas: [word] }: Synset): boolean {
  return (
    partOfSpeech === "noun" &&
    !instance &&
    /^(?:an? |one |someone )/.test(definition) &&
    /^[a-z].*[^s]$/.test(word)
  );
}

function definition(synset: Synset, random: Random): string {
  const { lemmas, definition, partOfSpeech } = synset;
  const [word] = lemmas;
  const plain = `${word}: ${definition}.`;
  if (countable(synset)) {
    return random.choice([
      plain,
      `${capital(indefinite(word))} is ${definition}.`,
      `${capital(indefinite(word))} is ${definition}.`,
      `What is ${indefinite(word)}? It is ${definition}.`,
    ]);
  }
  if (partOfSpeech === "verb")
    return random.choice([plain, `To ${word} is to ${definition}.`, `to ${word}: ${definition}.`]);
  return random.choice([plain, plain, `${capital(word)} means ${definition}.`]);
}

/** An example is a sentence of its own, or a phrase that needs an introduction. */
function example(text: string): string {
  if (/[.!?]$/.test(text)) return capital(text);
  if (/^[A-Z]/.test(text) || text.split(" ").length >= 5) return `${capital(text)}.`;
  return `As in: ${text}.`;
}

/** What the noun is a kind of, and what is a kind of it: this puts similar occupations near each other. */
function kinship(synset: Synset, lookup: Lookup, random: Random): string[] {
  const sentences: string[] = [];
  const [word] = synset.lemmas;
  const general = synset.hypernyms.flatMap((offset) => lookup("noun", offset)?.lemmas[0] ?? []);
  if (general.length > 0 && random.uniform() < 0.5) {
    const kind = countable(synset)
      ? `${capital(indefinite(word))} is a kind of ${general[0]}.`
      : `Kind of ${general[0]}: ${word}.`;
    sentences.push(synset.instance && !/s$/.test(word) ? `${word} is ${indefinite(general[0])}.` : kind);
  }
  const special = synset.hyponyms.flatMap((offset) => lookup("noun", offset)?.lemmas[0] ?? []);
  if (special.length > 1 && random.uniform() < 0.5) {
    const some = Array.from(random.permutation(special.length).slice(0, 6), (k) => special[k]);
    sentences.push(
      random.choice([
        `Kinds of ${word}: ${some.join(", ")}.`,
        `Among the kinds of ${word} are ${enumerate(some)}.`,
      ]),
    );
  }
  return sentences;
}
