/** A node of the trie: a prefix of titles, as pieces. */
export interface TrieNode {
  /** Piece that leads here; -1 at the root. */
  piece: number;
  /** Index of the parent; -1 at the root. Parents come before their children. */
  parent: number;
  /** Pieces read since the root. */
  depth: number;
  /** Titles that end here. */
  titles: number[];
  children: number[];
}

/**
 * Titles that begin alike share their beginning: each piece is predicted once per distinct prefix, not once
 * per title. Titles carry their boundary space and their line's end, so that none is a prefix of another.
 */
export class TitleTrie {
  readonly nodes: TrieNode[] = [{ piece: -1, parent: -1, depth: 0, titles: [], children: [] }];

  /** @param titles pieces of each title, in the order of the title set */
  constructor(titles: readonly ArrayLike<number>[]) {
    titles.forEach((pieces, title) => {
      let node = 0;
      for (let i = 0; i < pieces.length; i++) node = this.child(node, pieces[i]);
      this.nodes[node].titles.push(title);
    });
  }

  /** Nodes, besides the root, after which a further piece must be predicted: each takes one model position. */
  get inner(): number[] {
    return this.nodes.flatMap((node, i) => (i > 0 && node.children.length > 0 ? [i] : []));
  }

  private child(parent: number, piece: number): number {
    const known = this.nodes[parent].children.find((i) => this.nodes[i].piece === piece);
    if (known !== undefined) return known;
    const depth = this.nodes[parent].depth + 1;
    const index = this.nodes.push({ piece, parent, depth, titles: [], children: [] }) - 1;
    this.nodes[parent].children.push(index);
    return index;
  }
}
