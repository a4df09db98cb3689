import { exclusively } from "../files/exclusive";

/**
 * What an earlier call kept, or what is made now. Notebooks may run side by side and need the same: one makes it, the
 * others wait and take it.
 * @param lock file that stands for what is made
 */
export async function keptOrMade<Result>(
  lock: string,
  kept: () => Result | undefined | Promise<Result | undefined>,
  make: () => Promise<Result>,
): Promise<Result> {
  const wait = (pid: number) =>
    process.stderr.write(`waiting for process ${pid}, which makes the same run\n`);
  return (await kept()) ?? exclusively(lock, async () => (await kept()) ?? make(), wait);
}
