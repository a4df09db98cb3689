import { setImmediate } from "node:timers/promises";
import * as tf from "@tensorflow/tfjs";
import { UserError } from "../../../errors";
import type { Decoder, KeyValues } from "../../../networks";
import { stage } from "../../../stages";
import { type BegunCareer, gatherRows, readCareers, type SharedPrefix, tokensToRead } from "./career-pass";
import { Opening } from "./opening";
import { checkScoringOptions, type ScoringCost, type ScoringOptions } from "./options";
import type { TitleTrie } from "./title-trie";
import { tokenLogProbabilities } from "./token-probabilities";
import { isObserved, type PersonYear, type Query, readRows, TreeRow } from "./tree-rows";

/** Trie nodes that a pass reads after one career, about: more wastes attention, fewer wastes calls. */
const QUERIES_PER_ROW = 64;
/** Trie nodes that a pass reads in all, about. */
const QUERIES_PER_PASS = 1024;
/** Trie nodes of person-years that are listed at a time, about. */
const QUERIES_LISTED = 200_000;
/** Attention weights of a layer in memory at a time, 24 MB. */
const WEIGHTS_AT_ONCE = 6e6;

/** A career to be scored. */
export interface ScoredCareer extends BegunCareer {
  /** Observations before this one are read but not scored; 0 by default. */
  first?: number;
  /** The titles that happened, by index, where the text words them otherwise than the trie. */
  reworded?: ArrayLike<number>;
}

export interface TitleScores {
  /** For each career (observations, J) row-major, natural logarithms; zero where not scored. */
  logProbability: Float64Array[];
  /** For each career (observations): probability left unopened; zero in exact mode. */
  neglected: Float64Array[];
  cost: ScoringCost;
}

/**
 * Log-probability of every title for every person-year of some careers, un-normalised over the titles. One causal
 * pass over the careers keeps keys and values, and tells all that is asked along the titles that happened. Further
 * passes read the trie's other nodes from there, each node seeing the career up to its line's colon and its own
 * ancestors: all of them (exact), or level by level those that are likely enough (bounded).
 *
 * Where the text words its titles otherwise, it tells of them only as far as the words begin alike.
 *
 * In bounded mode the titles of an unopened branch share its probability equally. For any set of titles, the sum
 * of their probabilities is then off by at most the person-year's neglected mass.
 * @param trie of J titles
 * @param prefix what the texts begin with, where several do alike
 * @throws UserError for a title that happened and is not in the trie, or an option that is none
 */
export async function scoreTitles(
  decoder: Decoder,
  careers: readonly ScoredCareer[],
  trie: TitleTrie,
  options: ScoringOptions = {},
  prefix?: SharedPrefix,
): Promise<TitleScores> {
  checkScoringOptions(options);
  stage("reading careers with the model", careers.length, "texts");
  const scorer = new TitleScorer(decoder, careers, trie, options);
  const pass = tf.tidy(() => {
    const read = readCareers(decoder, careers, prefix);
    scorer.takeCareers(read.hidden, read.shared, read.length);
    return { present: read.present };
  });
  try {
    for (const rows of scorer.firstRows()) {
      tf.tidy(() => {
        const reach = Math.max(...rows.map((row) => row.reach(trie)));
        const careers = rows.map(({ career }) => career);
        scorer.read(rows, gatherRows(pass.present, careers, reach), reach);
      });
      await setImmediate();
    }
  } finally {
    tf.dispose(pass.present);
  }
  return scorer.scores();
}

/** A query of bounded mode, with what its branch may leave unopened. */
interface BudgetedQuery extends Query {
  budget: number;
}

/** The state of one batch of careers. */
class TitleScorer {
  private readonly years: PersonYear[] = [];
  /** (years, nodes): log-probability of each prefix; NaN where not known. */
  private readonly logPrefix: Float64Array;
  private readonly neglected: Float64Array;
  private readonly opening: Opening | undefined;
  private readonly cost: ScoringCost = { positions: 0, padding: 0, plainPositions: 0, naivePositions: 0 };

  constructor(
    private readonly decoder: Decoder,
    private readonly careers: readonly ScoredCareer[],
    private readonly trie: TitleTrie,
    options: ScoringOptions,
  ) {
    careers.forEach(({ ids, titles, first = 0, reworded }, career) => {
      titles.slice(first).forEach(({ start, end }, n) => {
        const tokens = ids.subarray(start, end);
        const path = reworded === undefined ? trie.path(tokens) : trie.common(tokens);
        if (path === undefined) throw new UserError("a title of the careers is not in the trie of titles");
        const happened = reworded === undefined ? path : trie.pathOf(reworded[first + n]);
        this.years.push({ index: this.years.length, career, colon: start - 1, path, happened });
      });
    });
    this.logPrefix = new Float64Array(this.years.length * trie.nodes.length).fill(NaN);
    for (const { index } of this.years) this.logPrefix[index * trie.nodes.length] = 0;
    this.neglected = new Float64Array(this.years.length);
    if (options.mode === "bounded") this.opening = new Opening(trie, options);
  }

  /** Takes from the pass over the careers what follows each colon and each token of the titles that happened. */
  takeCareers(hidden: tf.Tensor2D, shared: number, length: number): void {
    const states: Query[] = this.years.flatMap((year) =>
      year.path.filter((node) => this.trie.nodes[node].children.length > 0).map((node) => ({ year, node })),
    );
    const cells = states.map(
      ({ year, node }) => year.career * length + year.colon + this.trie.nodes[node].depth - shared,
    );
    this.takeEdges(hidden, states, cells);
    this.cost.positions += this.careers.reduce((n, career) => n + tokensToRead(career) - shared, 0);
    this.cost.padding += this.careers.reduce((n, career) => n + length + shared - tokensToRead(career), 0);
    this.cost.plainPositions += this.careers.reduce((n, { ids }) => n + ids.length, 0);
    const ends = this.trie.nodes.reduce((n, { titles, depth }) => n + titles.length * depth, 0);
    for (const { colon } of this.years) this.cost.naivePositions += (colon + 1) * this.trie.titleCount + ends;
  }

  /** What is to be read after the careers, in batches; some person-years at a time, so that lists stay short. */
  *firstRows(): Generator<TreeRow[]> {
    const branches = this.trie.branches(QUERIES_PER_ROW);
    const size = Math.ceil(QUERIES_LISTED / this.trie.nodes.length);
    for (let from = 0; from < this.years.length; from += size) {
      const rows: TreeRow[] = [];
      const listed = this.years.slice(from, from + size);
      for (const career of new Set(listed.map((year) => year.career))) {
        const years = listed.filter((year) => year.career === career);
        const units = years.flatMap((year) => {
          if (this.opening !== undefined) return this.open(year, year.path, this.opening.budget);
          const unknown = (node: number) => !isObserved(this.trie, year, node);
          return branches.map(({ inner }) => inner.filter(unknown).map((node) => ({ year, node })));
        });
        rows.push(...pack(units).map((queries) => new TreeRow(career, queries)));
      }
      yield* this.batches(rows);
    }
  }

  /** Rows of like length and reach, as many as a pass takes. */
  private batches<Row extends TreeRow>(rows: readonly Row[]): Row[][] {
    const size = (row: TreeRow) => Math.ceil(row.queries.length / 4);
    const reaches = new Map(rows.map((row) => [row, row.reach(this.trie)]));
    const order = [...rows].sort((a, b) => size(b) - size(a) || reaches.get(b)! - reaches.get(a)!);
    const batches: Row[][] = [];
    let widest = 0;
    let farthest = 0;
    for (const row of order) {
      const batch = batches.at(-1);
      const wide = Math.max(widest, row.queries.length);
      const far = Math.max(farthest, reaches.get(row)!);
      const cells = ((batch?.length ?? 0) + 1) * wide;
      const weights = cells * (far + 2 * wide) * this.decoder.config.heads;
      // Short rows wait for a pass of their own where this one is worth its calls without them.
      const wasteful = row.queries.length < 0.6 * wide && cells > QUERIES_PER_PASS / 4;
      const fits = cells <= QUERIES_PER_PASS && weights <= WEIGHTS_AT_ONCE;
      if (batch !== undefined && fits && !wasteful) {
        batch.push(row);
        [widest, farthest] = [wide, far];
      } else {
        batches.push([row]);
        [widest, farthest] = [row.queries.length, reaches.get(row)!];
      }
    }
    return batches;
  }

  private readonly step = stage("asking the model for titles, passes", undefined, "");
  private passes = 0;

  /** Reads some rows, and in bounded mode what opens after them. */
  read(rows: readonly TreeRow[], past: KeyValues[], reach: number): void {
    const { hidden, present, queriesPerRow } = readRows(this.decoder, this.trie, rows, past, reach);
    this.step(++this.passes);
    const queries = rows.flatMap((row) => row.queries);
    const cells = rows.flatMap((row, r) => row.queries.map((_, q) => r * queriesPerRow + q));
    this.cost.positions += cells.length;
    this.cost.padding += rows.length * queriesPerRow - cells.length;
    this.takeEdges(hidden, queries, cells);
    hidden.dispose();
    if (this.opening === undefined) return;
    const next = new Map<TreeRow, number>(); // and the row of `present` that it goes on from
    rows.forEach((row, r) => {
      const units = (row.queries as BudgetedQuery[]).flatMap(({ year, node, budget }) =>
        this.open(year, [node], budget),
      );
      for (const more of pack(units)) next.set(row.continued(more), r);
    });
    for (const batch of this.batches([...next.keys()])) {
      const from = batch.map((row) => next.get(row)!);
      tf.tidy(() => this.read(batch, gatherRows(present, from), reach));
    }
  }

  /** Branches to open after some nodes of a person-year, each as the queries of its chain. */
  private open(year: PersonYear, parents: readonly number[], budget: number): BudgetedQuery[][] {
    const { nodes } = this.trie;
    const at = year.index * nodes.length;
    const buds = parents
      .flatMap((parent) => nodes[parent].children)
      .filter((node) => nodes[node].children.length > 0 && !isObserved(this.trie, year, node))
      // A chain's later nodes were read with its first.
      .filter((node) => Number.isNaN(this.logPrefix[at + nodes[node].children[0]]))
      .map((node) => ({ node, probability: Math.exp(this.logPrefix[at + node]) }));
    const happened = (node: number) => year.happened[nodes[node].depth] === node;
    const { opened, left } = this.opening!.choose(buds, budget, happened);
    this.neglected[year.index] += left;
    return opened.map((bud) => this.trie.chain(bud.node).map((node) => ({ year, node, budget: bud.budget })));
  }

  /**
   * Chain rule: a prefix's log-probability is its parent's and its last token's.
   * @param states whose next tokens are asked, ancestors before their descendants
   * @param cells their rows in `hidden`
   */
  private takeEdges(hidden: tf.Tensor2D, states: readonly Query[], cells: readonly number[]): void {
    const { nodes } = this.trie;
    const rows: number[] = [];
    const tokens: number[] = [];
    states.forEach(({ node }, row) => {
      for (const child of nodes[node].children) {
        rows.push(row);
        tokens.push(nodes[child].token);
      }
    });
    const chosen = tf.tidy(() => tf.gather(hidden, tf.tensor1d(cells as number[], "int32")));
    const edges = tokenLogProbabilities(this.decoder, chosen, { rows, tokens });
    chosen.dispose();
    if (edges.some(Number.isNaN)) {
      throw new UserError("the model's probabilities are no numbers", "Check its weights: some are damaged.");
    }
    let e = 0;
    for (const { year, node } of states) {
      const at = year.index * nodes.length;
      for (const child of nodes[node].children)
        this.logPrefix[at + child] = this.logPrefix[at + node] + edges[e++];
    }
  }

  scores(): TitleScores {
    const { nodes, titlesBelow, titleCount: J } = this.trie;
    const logProbability = this.careers.map(({ titles }) => new Float64Array(titles.length * J));
    const neglected = this.careers.map(({ titles }) => new Float64Array(titles.length));
    const next = this.careers.map(({ first = 0 }) => first);
    for (const { index, career } of this.years) {
      const prefix = this.logPrefix.subarray(index * nodes.length, (index + 1) * nodes.length);
      const row = next[career]++;
      neglected[career][row] = this.neglected[index];
      for (let node = 1; node < nodes.length; node++) {
        const { parent, titles } = nodes[node];
        // Below an unopened node, its titles have equal shares.
        if (Number.isNaN(prefix[node])) {
          prefix[node] = prefix[parent] + Math.log(titlesBelow[node] / titlesBelow[parent]);
        }
        for (const title of titles) logProbability[career][row * J + title] = prefix[node];
      }
    }
    return { logProbability, neglected, cost: this.cost };
  }
}

/** Units that are read together, put into rows of about `QUERIES_PER_ROW`, in their order. */
function pack<T extends Query>(units: readonly (readonly T[])[]): T[][] {
  const rows: T[][] = [];
  for (const unit of units) {
    if (unit.length === 0) continue;
    const row = rows.at(-1);
    if (row !== undefined && row.length + unit.length <= QUERIES_PER_ROW) row.push(...unit);
    else rows.push([...unit]);
  }
  return rows;
}
