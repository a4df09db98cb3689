/**
 * Runs work that a notebook's stop button or Ctrl-C, which send SIGINT, end with a checkpoint rather than in the
 * background.
 */
export async function onInterrupt<Result>(work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
  const interrupt = new AbortController();
  const stop = () => interrupt.abort();
  process.once("SIGINT", stop);
  try {
    return await work(interrupt.signal);
  } finally {
    process.removeListener("SIGINT", stop);
  }
}
