import type { ScoringOptions } from "./options";
import type { TitleTrie } from "./title-trie";

/** A branch that may be opened: its first node, and the probability of its prefix. */
export interface Bud {
  node: number;
  probability: number;
}

/** Of what is left to a branch, so much is spent on its own children, the rest on theirs. */
const SPENT_AT_ONCE = 0.85;

/** Chooses the branches of a trie that are worth their cost. */
export class Opening {
  constructor(
    private readonly trie: TitleTrie,
    private readonly options: ScoringOptions,
  ) {}

  /** What a person-year may leave unopened. */
  get budget(): number {
    return this.options.neglect ?? 1e-4;
  }

  /**
   * The branches to open, each with what it may leave in its turn. The choice is each parent's own: it depends on
   * nothing that is scored beside it. Left are those with the least probability for the nodes that they hold.
   * @param budget probability that all of them, and what is below, may leave
   * @param happened whether a node leads to the title that happened: its branch is opened however improbable, and may
   *   then leave as much as if it had not been
   */
  choose(
    buds: readonly Bud[],
    budget: number,
    happened: (node: number) => boolean = () => false,
  ): { opened: (Bud & { budget: number })[]; left: number } {
    const chosen = this.affordable(buds, budget);
    const missed = buds.find(({ node }) => happened(node) && !chosen.opened.some((bud) => bud.node === node));
    if (missed === undefined) return chosen;
    return {
      opened: [...chosen.opened, { ...missed, budget: missed.probability }],
      left: chosen.left - missed.probability,
    };
  }

  private affordable(
    buds: readonly Bud[],
    budget: number,
  ): { opened: (Bud & { budget: number })[]; left: number } {
    const { epsilon } = this.options;
    if (epsilon !== undefined) {
      const opened = buds.filter(({ probability }) => probability >= epsilon);
      const left = buds.reduce((sum, bud) => sum + (bud.probability >= epsilon ? 0 : bud.probability), 0);
      return { opened: opened.map((bud) => ({ ...bud, budget: 0 })), left };
    }
    const price = ({ node, probability }: Bud) => probability / this.trie.innerBelow[node];
    const order = [...buds].sort((a, b) => price(a) - price(b) || a.node - b.node);
    const opened: Bud[] = [];
    let left = 0;
    for (const bud of order) {
      if (left + bud.probability <= budget * SPENT_AT_ONCE) left += bud.probability;
      else opened.push(bud);
    }
    const mass = opened.reduce((sum, { probability }) => sum + probability, 0);
    return {
      opened: opened.map((bud) => ({ ...bud, budget: ((budget - left) * bud.probability) / mass })),
      left,
    };
  }
}
