/** First letter in upper case. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The noun with "a" or "an". */
export function indefinite(noun: string): string {
  const vowel =
    /^(?:[aeio]|u(?!n[i]|[srt][aei]|k)|hour|honest|heir|X-ray)/i.test(noun) && !/^(?:one|eu)/i.test(noun);
  return `${vowel ? "an" : "a"} ${noun}`;
}

/** Plural of a job's name: its head is the last word before "of". */
export function plural(noun: string): string {
  const [head, ...rest] = noun.split(/(?= of )/);
  return pluralHead(head) + rest.join("");
}

function pluralHead(noun: string): string {
  if (/man$/.test(noun)) return noun.replace(/man$/, "men");
  if (/(?:s|x|ch|sh)$/.test(noun)) return `${noun}es`;
  if (/[^aeiou]y$/.test(noun)) return noun.replace(/y$/, "ies");
  return `${noun}s`;
}

/** "a, b and c"; semicolons where an item holds a comma of its own. */
export function enumerate(items: readonly string[], conjunction = "and"): string {
  if (items.length < 2) return items.join("");
  const comma = items.some((item) => item.includes(",")) ? "; " : ", ";
  return `${items.slice(0, -1).join(comma)} ${conjunction} ${items[items.length - 1]}`;
}
