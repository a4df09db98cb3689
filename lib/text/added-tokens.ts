/** A token that is found in the text before it is cut and merged. */
export interface AddedToken {
  id: number;
  content: string;
  special: boolean;
}

interface Node {
  id: number;
  next: Map<number, Node>;
}

/** Finds added tokens in texts: the leftmost first, at one place the longest. */
export class AddedTokenFinder {
  private readonly root: Node = { id: -1, next: new Map() };

  constructor(tokens: Iterable<AddedToken>) {
    for (const { id, content } of tokens) {
      if (content === "") continue;
      let node = this.root;
      for (let i = 0; i < content.length; i++) {
        const unit = content.charCodeAt(i);
        const next = node.next.get(unit) ?? { id: -1, next: new Map() };
        node.next.set(unit, next);
        node = next;
      }
      node.id = id;
    }
  }

  /** Cuts a text at its added tokens: ids of tokens, and the texts between, which are not empty. */
  split(text: string): (number | string)[] {
    const parts: (number | string)[] = [];
    let from = 0;
    for (let at = 0; at < text.length; ) {
      const found = this.longestAt(text, at);
      if (found === undefined) {
        at++;
        continue;
      }
      if (at > from) parts.push(text.slice(from, at));
      parts.push(found.id);
      at = from = found.end;
    }
    if (from < text.length) parts.push(text.slice(from));
    return parts;
  }

  private longestAt(text: string, at: number): { id: number; end: number } | undefined {
    let found: { id: number; end: number } | undefined;
    let node = this.root.next.get(text.charCodeAt(at));
    for (let end = at + 1; node !== undefined; end++) {
      if (node.id >= 0) found = { id: node.id, end };
      node = end < text.length ? node.next.get(text.charCodeAt(end)) : undefined;
    }
    return found;
  }
}
