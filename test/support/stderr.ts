/** What standard error gets while some work is done, which then is not seen. */
export async function stderrOf(work: () => unknown): Promise<string[]> {
  const { write } = process.stderr;
  const lines: string[] = [];
  process.stderr.write = ((text: string) => lines.push(...text.trimEnd().split("\n")) > 0) as typeof write;
  try {
    await work();
  } finally {
    process.stderr.write = write;
  }
  return lines;
}
