/** What a column holds: text of its own, or numbers, codes and identifiers, where words stand for nothing else. */
export type ColumnKind = "text" | "number";

const letters = Array.from("abcdefghijklmnopqrstuvwxyz", (letter) => `.${letter}`);

/** How R, pandas, Stata, SAS, SQL and Excel write a missing value, where a file's map does not say. */
const missingWords = [
  ...["", "NA", "N/A", "n/a", "<NA>", "#N/A", "#NA", "#N/A N/A", "NA_character_", "NA_integer_", "NA_real_"],
  ...["NaN", "nan", "-NaN", "-nan", "1.#IND", "-1.#IND", "1.#QNAN", "-1.#QNAN", "NaT", "NULL", "null"],
  ...[".", "._", ...letters, ...letters.map((word) => word.toUpperCase()), "-", "--"],
];

/** Words that programs write for a missing value and that may be a value of a text, such as "no schooling". */
const doubtfulWords = ["None", "none"];

const usual: Record<ColumnKind, ReadonlySet<string>> = {
  text: new Set(missingWords),
  number: new Set([...missingWords, ...doubtfulWords]),
};

/** Which cells of a column mean "missing". */
export class Missing {
  private readonly words: ReadonlySet<string>;
  private readonly isUsual: boolean;

  /**
   * @param told the words of the whole file, in place of the usual ones
   * @param own words of this column besides
   */
  constructor(
    private readonly kind: ColumnKind,
    told: readonly string[] | undefined,
    private readonly own: readonly string[] = [],
  ) {
    this.isUsual = told === undefined;
    this.words = new Set([...(told ?? usual[kind]), ...own]);
  }

  has(cell: string): boolean {
    return this.words.has(cell);
  }

  /** A word that is taken as missing although nobody said so. */
  isAssumed(cell: string): boolean {
    return this.isUsual && cell !== "" && this.words.has(cell) && !this.own.includes(cell);
  }

  /** A word that is taken as text although programs write it for a missing value. */
  isDoubtful(cell: string): boolean {
    return this.isUsual && this.kind === "text" && doubtfulWords.includes(cell) && !this.words.has(cell);
  }
}
