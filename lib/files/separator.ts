const comma = ",";
const others = [";", "\t", "|"] as const;

/**
 * What parts the cells of a file, by its header line: commas if it has any; without any, semicolons, tabs or bars,
 * whichever it has most of. In a file whose name ends in `.tsv` or `.tab`, tabs if the header has any.
 */
export function separatorOf(header: string, path = ""): string {
  const bare = header.replace(/"(?:[^"]|"")*"/g, "");
  if (/\.(tsv|tab)(\.gz)?$/i.test(path) && bare.includes("\t")) return "\t";
  if (bare.includes(comma)) return comma;
  const count = (one: string) => bare.split(one).length - 1;
  return [comma, ...others].reduce((best, one) => (count(one) > count(best) ? one : best));
}

/** Excel's first line `sep=;`, which names the separator: that, and where the line ends; undefined without one. */
export function separatorLine(bytes: Buffer): { separator: string; end: number } | undefined {
  const [line, separator] = /^"?sep=([ -~\t])"?(?:\r\n|\n|\r)/i.exec(bytes.toString("latin1", 0, 16)) ?? [];
  return separator === undefined ? undefined : { separator, end: line!.length };
}
