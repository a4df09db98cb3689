/** A node of the trie: a prefix of titles, as tokens. */
export interface TrieNode {
  /** Token that leads here; -1 at the root. */
  token: number;
  /** Index of the parent; -1 at the root. Parents come before their children. */
  parent: number;
  /** Tokens read since the root. */
  depth: number;
  /** Titles that end here. */
  titles: number[];
  children: number[];
}

/** A part of the trie that can be read without the rest. */
export interface Branch {
  /** Nodes to read, besides the root; the ancestors of each are among them. */
  inner: number[];
  /** Ends of the branch's edges, whose beginnings are the root or inner. */
  nodes: number[];
}

/**
 * Titles that begin alike share their beginning: each token is predicted once per distinct prefix, not once
 * per title. Titles carry their boundary space and their line's end, so that none is a prefix of another.
 */
export class TitleTrie {
  readonly nodes: TrieNode[] = [{ token: -1, parent: -1, depth: 0, titles: [], children: [] }];

  /** J. */
  readonly titleCount: number;
  /** (nodes): nodes of the subtree, itself among them, after which a further token must be predicted. */
  readonly innerBelow: Int32Array;
  /** (nodes): titles that begin with the node's prefix. */
  readonly titlesBelow: Int32Array;
  /** (J): the node where each title ends. */
  private readonly ends: Int32Array;

  /** @param titles tokens of each title, in the order of the title set */
  constructor(titles: readonly ArrayLike<number>[]) {
    this.ends = new Int32Array(titles.length);
    titles.forEach((tokens, title) => {
      let node = 0;
      for (let i = 0; i < tokens.length; i++) node = this.child(node, tokens[i]);
      this.nodes[node].titles.push(title);
      this.ends[title] = node;
    });
    this.titleCount = titles.length;
    this.innerBelow = new Int32Array(this.nodes.length);
    this.titlesBelow = new Int32Array(this.nodes.length);
    for (let i = this.nodes.length - 1; i >= 0; i--) {
      const { parent, children, titles: own } = this.nodes[i];
      if (i > 0 && children.length > 0) this.innerBelow[i]++;
      this.titlesBelow[i] += own.length;
      if (i === 0) continue;
      this.innerBelow[parent] += this.innerBelow[i];
      this.titlesBelow[parent] += this.titlesBelow[i];
    }
  }

  /** Nodes, besides the root, after which a further token must be predicted: each takes one model position. */
  get inner(): number[] {
    return this.nodes.flatMap((node, i) => (i > 0 && node.children.length > 0 ? [i] : []));
  }

  /** Nodes that lead from the root to the end of a title, the root first; undefined where no title has these tokens. */
  path(tokens: ArrayLike<number>): number[] | undefined {
    const nodes = this.common(tokens);
    const whole = nodes.length === tokens.length + 1 && this.nodes[nodes.at(-1)!].titles.length > 0;
    return whole ? nodes : undefined;
  }

  /** Nodes that lead from the root to the end of a title, the root first. */
  pathOf(title: number): number[] {
    const nodes: number[] = [];
    for (let node = this.ends[title]; node >= 0; node = this.nodes[node].parent) nodes.unshift(node);
    return nodes;
  }

  /** Nodes that lead from the root as far as any title begins with these tokens, the root first. */
  common(tokens: ArrayLike<number>): number[] {
    const nodes = [0];
    for (let i = 0; i < tokens.length; i++) {
      const next = this.nodes[nodes[i]].children.find((child) => this.nodes[child].token === tokens[i]);
      if (next === undefined) break;
      nodes.push(next);
    }
    return nodes;
  }

  /** An inner node and those below it up to where titles part again: if the first is read, the others follow at once. */
  chain(node: number): number[] {
    const nodes = [node];
    for (let { children } = this.nodes[node]; children.length === 1; ) {
      const [child] = children;
      children = this.nodes[child].children;
      if (children.length > 0) nodes.push(child);
    }
    return nodes;
  }

  /**
   * The trie in parts of about so many inner nodes. Each edge is in one part, with all that leads to it: nodes of
   * different parts never look at each other, so that a long list of titles costs no square of its length.
   */
  branches(innerNodes: number): Branch[] {
    const parts: { inner: Set<number>; nodes: number[] }[] = [];
    /** Puts a subtree, or its first edge alone, where there is room. */
    const place = (root: number, path: readonly number[], whole: boolean) => {
      const subtree = whole ? this.subtree(root) : [root];
      const own = whole ? subtree.filter((i) => this.nodes[i].children.length > 0) : [];
      const inner = [...path, ...own];
      let part = parts.at(-1);
      const added = inner.filter((i) => !part?.inner.has(i)).length;
      if (part === undefined || part.inner.size + added > innerNodes) {
        part = { inner: new Set(), nodes: [] };
        parts.push(part);
      }
      for (const i of inner) part.inner.add(i);
      part.nodes.push(...subtree);
    };
    const visit = (root: number, path: readonly number[]) => {
      const whole = path.length + this.innerBelow[root] <= innerNodes;
      place(root, path, whole);
      if (!whole) for (const child of this.nodes[root].children) visit(child, [...path, root]);
    };
    for (const child of this.nodes[0].children) visit(child, []);
    return parts.map(({ inner, nodes }) => ({ inner: [...inner].sort((a, b) => a - b), nodes }));
  }

  private subtree(root: number): number[] {
    const nodes = [root];
    for (let i = 0; i < nodes.length; i++) nodes.push(...this.nodes[nodes[i]].children);
    return nodes;
  }

  private child(parent: number, token: number): number {
    const known = this.nodes[parent].children.find((i) => this.nodes[i].token === token);
    if (known !== undefined) return known;
    const depth = this.nodes[parent].depth + 1;
    const index = this.nodes.push({ token, parent, depth, titles: [], children: [] }) - 1;
    this.nodes[parent].children.push(index);
    return index;
  }
}
