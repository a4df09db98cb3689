/** What one occupation is said to be: some words count more than others. */
export interface WeightedText {
  text: string;
  weight: number;
}

/** The nearest of each occupation: row o spans `from[o]` … `from[o + 1]` of `to` and `similarity`. */
export interface Neighbours {
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Cosine, 0 to 1. */
  readonly similarity: Float64Array;
}

const functionWords = new Set(
  (
    "a an and are as at by for from in into it its of off on or other out over per so such that the their them " +
    "they this to up what when where which who with without not specified elsewhere nec n.e.c except including " +
    "related workers worker occupations occupation misc miscellaneous all types"
  ).split(" "),
);

/** Content words, lower case, without the commonest English endings. */
export function contentWords(text: string): string[] {
  const words = text.toLowerCase().match(/[a-z][a-z.]*[a-z]/g) ?? [];
  return words.filter((word) => !functionWords.has(word)).map(stem);
}

function stem(word: string): string {
  const bare = word.replace(/(?:ies)$/, "y").replace(/(?<=[a-z]{3})(?:ings?|ers?|ors?|ed|es|s)$/, "");
  return bare.replace(/(?<=[a-z]{3})e$/, "").replace(/([a-z])\1$/, "$1");
}

/**
 * The occupations nearest to each in words: `nearest` by their bags of content words.
 * @param count neighbours kept of each
 * @param least similarity below which an occupation is no neighbour
 */
export function wordNeighbours(texts: readonly WeightedText[][], count: number, least: number): Neighbours {
  return nearest(texts.map(bagOf), { count, least });
}

/** Which of the others are neighbours. */
export interface NearestOptions {
  /** Neighbours kept of each. */
  count: number;
  /** Similarity below which another is no neighbour. */
  least: number;
  /** Whether a pair may be neighbours at all. Default: any may. */
  mayBe?: (o: number, y: number) => boolean;
}

/**
 * The nearest to each: cosine of bags of features, each feature weighted by the logarithm of how rare it is among the
 * bags (inverse document frequency).
 * @param bags how often each has each feature; left as they are
 */
export function nearest(
  bags: readonly ReadonlyMap<string, number>[],
  { count, least, mayBe = () => true }: NearestOptions,
): Neighbours {
  const spread = new Map<string, number>();
  for (const bag of bags)
    for (const feature of bag.keys()) spread.set(feature, (spread.get(feature) ?? 0) + 1);
  const units = bags.map((bag) => {
    const weighted = [...bag].map(
      ([feature, n]) => [feature, n * Math.log(bags.length / spread.get(feature)!)] as const,
    );
    const square = weighted.reduce((sum, [, value]) => sum + value ** 2, 0);
    return new Map(weighted.map(([feature, value]) => [feature, value / Math.sqrt(square || 1)]));
  });
  const rows = units.map((unit, o) =>
    units
      .map((other, y) => ({ y, similarity: y === o || !mayBe(o, y) ? 0 : dot(unit, other) }))
      .filter(({ similarity }) => similarity >= least)
      .sort((a, b) => b.similarity - a.similarity || a.y - b.y)
      .slice(0, count)
      .sort((a, b) => a.y - b.y),
  );
  return neighboursOf(rows);
}

/** Neighbours from a row for each, its entries ascending by `y`. */
export function neighboursOf(rows: readonly (readonly { y: number; similarity: number }[])[]): Neighbours {
  const from = new Int32Array(rows.length + 1);
  rows.forEach((row, o) => {
    from[o + 1] = from[o] + row.length;
  });
  const flat = rows.flat();
  return {
    from,
    to: Int32Array.from(flat, ({ y }) => y),
    similarity: Float64Array.from(flat, ({ similarity }) => similarity),
  };
}

function bagOf(texts: readonly WeightedText[]): Map<string, number> {
  const bag = new Map<string, number>();
  for (const { text, weight } of texts) {
    for (const word of contentWords(text)) bag.set(word, (bag.get(word) ?? 0) + weight);
  }
  return bag;
}

function dot(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const [word, value] of a) sum += value * (b.get(word) ?? 0);
  return sum;
}
