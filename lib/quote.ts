/** Characters of somebody's text that a message shows at most by default. */
const usual = 80;

// Controls, formatting that nobody sees, line and paragraph separators, halves of surrogate pairs.
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/**
 * Somebody's text as a message may show it: in double quotes, on one line, with what cannot be seen written out
 * (`\u200b`), and cut after so many characters.
 */
export function quote(text: string, most = usual): string {
  const characters = Array.from(text.slice(0, 4 * most));
  const cut = text.length > 4 * most || characters.length > most;
  const shown = JSON.stringify(cut ? `${characters.slice(0, most - 1).join("")}…` : text);
  return shown.replace(unseen, (one) =>
    Array.from(
      { length: one.length },
      (_, i) => `\\u${one.charCodeAt(i).toString(16).padStart(4, "0")}`,
    ).join(""),
  );
}

/** `quote` without the quotes. */
export function clip(text: string, most = usual): string {
  return quote(text, most).slice(1, -1);
}

/** A library's message that quotes somebody's text: on one line, cut after 240 characters, its own quotes as they are. */
export function plainly(message: string): string {
  return clip(message, 240).replace(/\\(["\\])/g, "$1");
}

/** Names in a message, the first few of many; each as `clip` shows it. */
export function listed(names: readonly string[], shown = 8): string {
  const some = names.slice(0, shown).map((name) => clip(name));
  const rest = names.length - some.length;
  return some.join(", ") + (rest > 0 ? ` and ${rest.toLocaleString("en-US")} more` : "");
}

/** Of many names, those that may have been meant: the nearest by letters, upper or lower case alike. */
export function nearest(name: string, names: readonly string[], shown = 3): string[] {
  const wanted = bare(name);
  return names
    .filter((one) => one.length <= usual)
    .map((one) => ({ one, far: distance(wanted, bare(one)) }))
    .filter(({ one, far }) => far <= Math.max(1, Math.floor(Math.max(wanted.length, one.length) / 3)))
    .sort((a, b) => a.far - b.far)
    .slice(0, shown)
    .map(({ one }) => one);
}

function bare(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");
}

/** Letters to add, take away or change (Levenshtein); 0 where one name begins with the other. */
function distance(a: string, b: string): number {
  const [short, long] = a.length < b.length ? [a, b] : [b, a];
  if (short.length >= 3 && long.startsWith(short)) return 0;
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}
