/** Node's timers run out at once where they are set to more: 2^31 - 1 ms, 25 days. */
const longest = 2 ** 31 - 1;

/**
 * Calls once after a time of any length; an infinite one never ends.
 * @returns a function that forgets it
 */
export function afterMilliseconds(milliseconds: number, call: () => void): () => void {
  if (milliseconds === Number.POSITIVE_INFINITY) return () => {};
  let left = milliseconds;
  let timer: NodeJS.Timeout;
  const wait = () => {
    const part = Math.min(left, longest);
    left -= part;
    timer = setTimeout(left > 0 ? wait : call, part);
  };
  wait();
  return () => clearTimeout(timer);
}
