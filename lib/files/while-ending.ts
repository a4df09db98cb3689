import { constants } from "node:os";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const cleanups: (() => void)[] = [];

/**
 * Has something done when this process ends before its time: by a signal, or by `process.exit`.
 * @param cleanup must not wait; the last that was asked for is done first
 * @returns what takes the request back
 */
export function whileEnding(cleanup: () => void): () => void {
  if (cleanups.length === 0) {
    process.on("exit", cleanAll);
    for (const signal of signals) process.on(signal, interrupted);
  }
  cleanups.push(cleanup);
  return () => {
    const at = cleanups.indexOf(cleanup);
    if (at >= 0) cleanups.splice(at, 1);
    if (cleanups.length === 0) stopListening();
  };
}

function cleanAll(): void {
  for (let cleanup = cleanups.pop(); cleanup !== undefined; cleanup = cleanups.pop()) cleanup();
}

function interrupted(signal: NodeJS.Signals): void {
  cleanAll();
  stopListening();
  process.kill(process.pid, signal); // again, now that nobody listens
  if (process.pid === 1) process.exit(128 + constants.signals[signal]); // a container's first process outlives it
}

function stopListening(): void {
  process.removeListener("exit", cleanAll);
  for (const signal of signals) process.removeListener(signal, interrupted);
}
