/**
 * Rows as columns of text, two spaces apart, each line indented by two.
 * @param right columns, by number, whose text ends in line
 */
export function formatColumns(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  if (rows.length === 0) return "  none\n";
  const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
  return rows
    .map((row) => {
      const cells = row.map((cell, i) =>
        right.includes(i) ? cell.padStart(widths[i]) : cell.padEnd(widths[i]),
      );
      return `  ${cells.join("  ").trimEnd()}\n`;
    })
    .join("");
}
