import { availableParallelism, loadavg } from "node:os";
import type { Runnable } from "mocha";

/** Milliseconds that `work` takes alone on a processor of 2.5 GHz. */
const REFERENCE = 12;

function work(): number {
  let x = 1;
  for (let i = 0; i < 8_000_000; i++) x = (Math.imul(x, 1664525) + 1013904223) | 0;
  return x;
}

let measured = { at: Number.NEGATIVE_INFINITY, value: 1 };

/**
 * How many times slower this machine is at the moment than an idle one, at least 1: by the wall time of a piece of work,
 * and by how many processes wait for a processor. Looked at again after some seconds.
 */
export function slowness(): number {
  const now = performance.now();
  if (now - measured.at < 3000) return measured.value;
  work(); // compiled by then
  const started = performance.now();
  work();
  const took = (performance.now() - started) / REFERENCE;
  const waiting = loadavg()[0] / availableParallelism(); // 0 where it is not told
  measured = { at: now, value: Math.max(1, took, waiting) };
  return measured.value;
}

/** A limit that is right on an idle machine, as long as this one needs. */
export function patience(milliseconds: number): number {
  return Math.ceil(milliseconds * slowness());
}

/**
 * Stretches a test's limit by the slowness of the machine, at its start and whenever that grows: a limit tells a test
 * that hangs from one that runs, and a busy machine is slower, not red.
 * @returns ends the watch
 */
export function stretchLimit(test: Runnable): () => void {
  let own = test.timeout();
  let factor = 0;
  let set = own;
  const look = () => {
    if (test.state !== undefined) return clearInterval(watch); // ended: a new limit would start its clock again
    // The test itself may name another limit once it runs.
    if (test.timeout() !== set) {
      own = test.timeout();
      factor = 0;
    }
    const now = slowness();
    if (own === 0 || now < 1.2 * factor) return;
    factor = now;
    set = Math.ceil(own * factor);
    test.timeout(set);
  };
  const watch = setInterval(look, 1000).unref();
  look();
  return () => clearInterval(watch);
}
