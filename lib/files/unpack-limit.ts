import { availableMemory } from "node:process";
import { UserError } from "../errors";
import { currentSession } from "../session";

const gigabyte = 1e9;

/** Tables pack 5 to 60 times, files that would fill a disk some 1,000 times. */
const mostTimes = 250;
const freeBytes = 256e6;

/**
 * Passes on what an unpacker makes, up to a bound: the memory that is free, but 4 GB at least; and, above 256 MB, 250
 * times the bytes that it took so far. `LABOR_LLM_UNPACK_GB` sets another bound, in place of both.
 * @param place for messages
 * @throws UserError where more comes out
 */
export function* bounded(
  place: string,
  packed: Iterable<Uint8Array>,
  unpack: (packed: Iterable<Uint8Array>) => Iterable<Uint8Array>,
): Generator<Uint8Array> {
  const { unpackGigabytes } = currentSession();
  const set = unpackGigabytes === undefined ? undefined : unpackGigabytes * gigabyte;
  const most = set ?? Math.max(4 * gigabyte, availableMemory());
  let taken = 0;
  let made = 0;
  const counted = function* () {
    for (const bytes of packed) {
      taken += bytes.length;
      yield bytes;
    }
  };
  for (const bytes of unpack(counted())) {
    made += bytes.length;
    const bomb = set === undefined && made > freeBytes && made > mostTimes * taken;
    if (made > most || bomb) {
      const unpacked = bomb
        ? `it unpacks to more than ${mostTimes} times its size, as no survey's table does`
        : `it unpacks to more than ${spell(most)} GB${set === undefined ? ", the memory that is free" : `, the bound that LABOR_LLM_UNPACK_GB sets`}`;
      throw new UserError(
        `${place}: ${unpacked}`,
        `If that is right, unpack it yourself and give the file, or set LABOR_LLM_UNPACK_GB to as many gigabytes as it may take.`,
      );
    }
    yield bytes;
  }
}

function spell(bytes: number): string {
  return (bytes / gigabyte).toLocaleString("en-US", { maximumSignificantDigits: 2 });
}
