/**
 * A sparse design matrix X, (N, K), in factors: each row is the sum of one pattern from every block, and few
 * patterns are shared by many rows. A product with weights costs one pass over the patterns and then one addition
 * a block, not one a feature.
 */
export interface Design {
  /** N. */
  readonly rows: number;
  /** K. */
  readonly features: number;
  readonly blocks: readonly DesignBlock[];
}

/** M patterns in compressed rows, and which of them each row has. */
export interface DesignBlock {
  /** (N) */
  readonly pattern: Int32Array;
  /** (M + 1): pattern m has the entries starts[m] … starts[m + 1] - 1. */
  readonly starts: Int32Array;
  readonly feature: Int32Array;
  readonly value: Float64Array;
}

/** Some entries of a row. */
export interface Entry {
  feature: number;
  value: number;
}

/**
 * Gathers a block. Patterns are numbered in an order that does not depend on the rows', so that fits do not either.
 * @param rows for each row a key, equal where the entries are
 * @param entries of a row
 */
export function designBlock(
  rows: readonly string[],
  entries: (row: number) => readonly Entry[],
): DesignBlock {
  const first = new Map<string, number>();
  rows.forEach((key, n) => {
    if (!first.has(key)) first.set(key, n);
  });
  const keys = [...first.keys()].sort();
  const index = new Map(keys.map((key, m) => [key, m]));
  const lists = keys.map((key) => entries(first.get(key)!));
  const starts = new Int32Array(keys.length + 1);
  lists.forEach((list, m) => {
    starts[m + 1] = starts[m] + list.length;
  });
  const flat = lists.flat();
  return {
    pattern: Int32Array.from(rows, (key) => index.get(key)!),
    starts,
    feature: Int32Array.from(flat, ({ feature }) => feature),
    value: Float64Array.from(flat, ({ value }) => value),
  };
}

/** Some of the rows, in the order given. */
export function selectRows(design: Design, rows: ArrayLike<number>): Design {
  return {
    ...design,
    rows: rows.length,
    blocks: design.blocks.map((block) => ({
      ...block,
      pattern: Int32Array.from(rows, (n) => block.pattern[n]),
    })),
  };
}

/**
 * table = B W: what each pattern adds to a row's logits.
 * @param weights (K, J)
 * @param table (M, J), overwritten
 */
export function patternTable(
  block: DesignBlock,
  weights: Float64Array,
  J: number,
  table: Float64Array,
): void {
  const { starts, feature, value } = block;
  table.fill(0);
  for (let m = 0; m + 1 < starts.length; m++) {
    for (let e = starts[m]; e < starts[m + 1]; e++) {
      const [from, to, scale] = [feature[e] * J, m * J, value[e]];
      for (let j = 0; j < J; j++) table[to + j] += scale * weights[from + j];
    }
  }
}

/**
 * gradient += Bᵀ table.
 * @param table (M, J)
 * @param gradient (K, J)
 */
export function addPatternGradient(
  block: DesignBlock,
  table: Float64Array,
  J: number,
  gradient: Float64Array,
): void {
  const { starts, feature, value } = block;
  for (let m = 0; m + 1 < starts.length; m++) {
    for (let e = starts[m]; e < starts[m + 1]; e++) {
      const [to, from, scale] = [feature[e] * J, m * J, value[e]];
      for (let j = 0; j < J; j++) gradient[to + j] += scale * table[from + j];
    }
  }
}

/** (K): sum over rows of the squared feature. */
export function squaredFeatures(design: Design): Float64Array {
  const squares = new Float64Array(design.features);
  for (const { pattern, starts, feature, value } of design.blocks) {
    const count = new Float64Array(starts.length - 1);
    for (const m of pattern) count[m]++;
    for (let m = 0; m < count.length; m++) {
      for (let e = starts[m]; e < starts[m + 1]; e++) squares[feature[e]] += count[m] * value[e] ** 2;
    }
  }
  return squares;
}
