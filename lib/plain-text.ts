// Nothing to do: printable ASCII with single spaces inside.
const plain = /^[!-~]+(?: [!-~]+)*$/;
const spaces = /[\p{Zs}\t]+/gu;
// Soft hyphens, marks of direction, zero-width spaces and joiners of words, byte-order marks.
const invisible = /[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;
// These shape letters of other scripts, and emoji; after a Latin letter they change nothing.
const idleJoiners = /(?<=^|[\p{Script=Latin}\p{ASCII}])[\u200c\u200d]+/gu;

/**
 * Text in the one form in which we compare it, so that what looks the same is the same: Unicode's normal form C, single
 * plain spaces within and none at the ends, and nothing invisible.
 */
export function plainText(text: string): string {
  if (text === "" || plain.test(text)) return text;
  const seen = text.normalize("NFC").replace(invisible, "").replace(idleJoiners, "");
  return seen.replace(spaces, " ").replace(/^ | $/g, "").normalize("NFC");
}

/** JSON with all of its text and keys as `plainText`. */
export function plainJson(value: unknown): unknown {
  if (typeof value === "string") return plainText(value);
  if (Array.isArray(value)) return value.map(plainJson);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [plainText(key), plainJson(one)]));
}
