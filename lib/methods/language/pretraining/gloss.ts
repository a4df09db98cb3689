/**
 * Takes a WordNet gloss apart: definition without asides, and examples without those that quote an author.
 * @returns undefined where brackets or quotes do not match or nothing is left
 */
export function splitGloss(gloss: string): { definition: string; examples: string[] } | undefined {
  const quotes = gloss.split('"').length - 1;
  if (quotes % 2 !== 0) return undefined;
  const examples: string[] = [];
  const rest = gloss.replace(
    /"([^"]*)"(\s*(?:-|by\s)[^;"]*)?/g,
    (_whole, example: string, author?: string) => {
      const text = tidy(example);
      if (author === undefined && text !== undefined && text.length > 3) examples.push(text);
      return ";";
    },
  );
  const definition = tidy(rest);
  return definition === undefined || definition.length < 4 ? undefined : { definition, examples };
}

/** Without bracketed asides, doubled marks and spaces; undefined where a bracket has no partner. */
function tidy(text: string): string | undefined {
  let without = text;
  for (let before = ""; before !== without; ) {
    before = without;
    without = without.replace(/\([^()]*\)|\[[^[\]]*\]/g, " ");
  }
  if (/[()[\]]/.test(without)) return undefined;
  return without
    .replace(/`/g, "'")
    .replace(/--+/g, " - ")
    .replace(/\s+/g, " ")
    .replace(/\s+([,.;:!?])/g, "$1")
    .replace(/([,;:])(?:\s*[,;:])+/g, "$1")
    .replace(/^[\s,;:.-]+|[\s,;:.-]+$/g, "");
}
