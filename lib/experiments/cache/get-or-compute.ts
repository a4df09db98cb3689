import { DamagedFile } from "../../errors";
import { describeHolder, exclusively, type Holder } from "../../files";

/**
 * What an earlier call kept, or what is made now. Notebooks may run side by side and need the same: one makes it, the
 * others wait and take it. What was damaged since it was kept is computed again, and standard error says so.
 * @param lock file that stands for what is made
 * @param kept throws a DamagedFile for what was damaged
 */
export async function getOrCompute<Result>(
  lock: string,
  kept: () => Result | undefined | Promise<Result | undefined>,
  make: () => Promise<Result>,
): Promise<Result> {
  const sound = async (onDamage?: (damage: DamagedFile) => void) => {
    try {
      return await kept();
    } catch (error) {
      if (!(error instanceof DamagedFile)) throw error;
      onDamage?.(error);
      return undefined;
    }
  };
  return (
    (await sound()) ??
    exclusively(lock, async () => (await sound(sayComputedAgain)) ?? make(), { onHeld: sayWaiting })
  );
}

/** Says that something is computed again because it was damaged. */
export function sayComputedAgain({ problem }: DamagedFile): void {
  process.stderr.write(`${problem}; it is computed again\n`);
}

function sayWaiting(holder: Holder): void {
  process.stderr.write(`waiting for ${describeHolder(holder)}, which makes the same run\n`);
}
