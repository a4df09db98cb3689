import { dataFile, readCsv } from "../files";
import type { TitleSet } from "../occupations";
import { TitleWording } from "./titles";

/** Ways to put a title in other words; data/perturbations/README.md says how each goes. */
export const perturbations = ["synonym", "abbreviation", "typing error", "case", "order"] as const;
export type Perturbation = (typeof perturbations)[number];

const rules: Record<Perturbation, (title: string) => string> = {
  synonym: (title) => replaceWords(title, "synonym"),
  abbreviation: (title) => replaceWords(title, "abbreviation"),
  "typing error": exchangeLetters,
  case: (title) => title.toUpperCase(),
  order: exchangeParts,
};

/** A title by one rule; the same where the rule has nothing to change. */
export function perturbTitle(title: string, kind: Perturbation): string {
  return rules[kind](title);
}

/**
 * All titles of a set by one rule.
 * @throws UserError if two titles become equal
 */
export function perturbedTitles(titleSet: TitleSet, kind: Perturbation): TitleWording {
  return new TitleWording(
    titleSet,
    titleSet.titles.map((title) => perturbTitle(title, kind)),
  );
}

type WordList = Map<string, string>;
let lists: Record<"synonym" | "abbreviation", WordList> | undefined;

function wordLists(): NonNullable<typeof lists> {
  if (lists === undefined) {
    const table = readCsv(dataFile("perturbations", "words.csv"));
    const word = table.columnOf("word");
    const list = (column: string): WordList => {
      const at = table.columnOf(column);
      return new Map(table.rows.filter((row) => row[at] !== "").map((row) => [row[word], row[at]]));
    };
    lists = { synonym: list("synonym"), abbreviation: list("abbreviation") };
  }
  return lists;
}

/** Letters, with an apostrophe among them. */
const WORD = /[A-Za-z]+(?:'[A-Za-z]+)*/g;

function replaceWords(title: string, column: "synonym" | "abbreviation"): string {
  const list = wordLists()[column];
  return title.replace(WORD, (word) => {
    const other = list.get(word.toLowerCase());
    if (other === undefined) return word;
    return word[0] === word[0].toUpperCase() ? other[0].toUpperCase() + other.slice(1) : other;
  });
}

function exchangeLetters(title: string): string {
  const words = [...title.matchAll(WORD)];
  if (words.length === 0) return title;
  const longest = words.reduce((best, word) => (word[0].length > best[0].length ? word : best));
  const letters = [...longest[0]];
  const middle = Math.floor(letters.length / 2) - 1;
  const places = letters.map((_, i) => (middle + i) % letters.length);
  const at = places.find(
    (i) => i >= 0 && i + 1 < letters.length && letters[i].toLowerCase() !== letters[i + 1].toLowerCase(),
  );
  if (at === undefined) return title;
  [letters[at], letters[at + 1]] = [letters[at + 1], letters[at]];
  return title.slice(0, longest.index) + letters.join("") + title.slice(longest.index + longest[0].length);
}

function exchangeParts(title: string): string {
  const parts = /^(.+?),? (and|or) (.+)$/.exec(title);
  if (parts !== null) return `${capital(parts[3])} ${parts[2]} ${lower(parts[1])}`;
  const last = title.lastIndexOf(" ");
  return last < 0 ? title : `${capital(title.slice(last + 1))}, ${lower(title.slice(0, last))}`;
}

const capital = (words: string) => words[0].toUpperCase() + words.slice(1);
const lower = (words: string) =>
  /^[A-Z][a-z]/.test(words) ? words[0].toLowerCase() + words.slice(1) : words;
