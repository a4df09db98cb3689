/** A token that is found in the text before it is cut and merged; its rules are those of Hugging Face's tokenizers. */
export interface AddedToken {
  id: number;
  content: string;
  special: boolean;
  /** Whether it is found in the normalized text, as normalized itself. */
  normalized?: boolean;
  /** Whether it takes the white space before it, and after it, with it. */
  lstrip?: boolean;
  rstrip?: boolean;
  /** Whether it is left alone where a letter or digit stands beside it. */
  single_word?: boolean;
}

interface Node {
  token: AddedToken | undefined;
  next: Map<number, Node>;
}

/** Finds added tokens in texts: the leftmost first, at one place the longest. */
export class AddedTokenFinder {
  private readonly root: Node = { token: undefined, next: new Map() };

  constructor(tokens: Iterable<AddedToken>) {
    for (const token of tokens) {
      if (token.content === "") continue;
      let node = this.root;
      for (let i = 0; i < token.content.length; i++) {
        const unit = token.content.charCodeAt(i);
        const next = node.next.get(unit) ?? { token: undefined, next: new Map() };
        node.next.set(unit, next);
        node = next;
      }
      node.token = token;
    }
  }

  /** Cuts a text at its added tokens: ids of tokens, and the texts between, which are not empty. */
  split(text: string): (number | string)[] {
    if (this.root.next.size === 0) return text === "" ? [] : [text];
    const parts: (number | string)[] = [];
    let from = 0;
    for (let at = 0; at < text.length; ) {
      const token = this.longestAt(text, at);
      if (token === undefined) {
        at++;
        continue;
      }
      const end = at + token.content.length;
      if (!token.single_word || standsAlone(text, at, end)) {
        const start = token.lstrip ? Math.max(from, at - spacesBefore(text, at)) : at;
        if (start > from) parts.push(text.slice(from, start));
        parts.push(token.id);
        from = token.rstrip ? end + spacesAfter(text, end) : end;
      }
      // White space that went with a token may begin the next one all the same.
      at = end;
    }
    if (from < text.length) parts.push(text.slice(from));
    return parts;
  }

  private longestAt(text: string, at: number): AddedToken | undefined {
    let found: AddedToken | undefined;
    let node = this.root.next.get(text.charCodeAt(at));
    for (let end = at + 1; node !== undefined; end++) {
      found = node.token ?? found;
      node = end < text.length ? node.next.get(text.charCodeAt(end)) : undefined;
    }
    return found;
  }
}

// What Rust's regular expressions call a part of a word, and white space.
const word = "[\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}]";
const [endsInWord, beginsWithWord] = [new RegExp(`${word}$`, "u"), new RegExp(`^${word}`, "u")];

function standsAlone(text: string, start: number, end: number): boolean {
  // Two units hold any character.
  return (
    !endsInWord.test(text.slice(Math.max(0, start - 2), start)) &&
    !beginsWithWord.test(text.slice(end, end + 2))
  );
}

const space = /\p{White_Space}/u;

function spacesBefore(text: string, at: number): number {
  let start = at;
  while (start > 0 && space.test(text[start - 1])) start--;
  return at - start;
}

function spacesAfter(text: string, at: number): number {
  let end = at;
  while (end < text.length && space.test(text[end])) end++;
  return end - at;
}
