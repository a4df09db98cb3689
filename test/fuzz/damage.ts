import type { Random } from "labor-llm/dist/random";

/** What readers have stumbled over, as text to put anywhere. */
const awkward = [
  "",
  "\0",
  "\r",
  "\n",
  '"',
  '""',
  ",",
  "\ufeff",
  "\\",
  "-5",
  "1e400",
  "NaN",
  "null",
  "{}",
  "[]",
  "true",
  "__proto__",
  "../../x",
  "PK\x03\x04",
  `${2 ** 31}`,
  `${2 ** 32 - 1}`,
  `${2 ** 53}`,
  "18446744073709551615",
];

/** One token of text over and over, as long as a reader that takes the square of it would never end. */
const repeated = ["[", '{"a":', "a", " ", "\n", "1", '"', "/*", "x,", "( ", "\0"];

type Change = (bytes: Buffer, random: Random) => Buffer;

const anywhere = (bytes: Buffer, random: Random) => random.integer(bytes.length + 1);

function put(bytes: Buffer, at: number, remove: number, text: Buffer | string): Buffer {
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(text), bytes.subarray(at + remove)]);
}

const changes: readonly Change[] = [
  function flip(bytes, random) {
    const copy = Buffer.from(bytes);
    for (let i = 0; i <= random.integer(6) && copy.length > 0; i++) {
      // Heads and tails hold most of the rules.
      const part = random.choice([1, 1, 0.02]);
      const at = Math.floor(random.uniform() * part * copy.length);
      copy[random.uniform() < 0.3 ? copy.length - 1 - at : at] = random.integer(256);
    }
    return copy;
  },
  function cut(bytes, random) {
    return bytes.subarray(0, anywhere(bytes, random));
  },
  function remove(bytes, random) {
    return put(bytes, anywhere(bytes, random), random.integer(1 + (bytes.length >> 2)), "");
  },
  function insert(bytes, random) {
    return put(bytes, anywhere(bytes, random), random.integer(3), random.choice(awkward));
  },
  function number(bytes, random) {
    // In the place of a number of the text, which is where limits are.
    const text = bytes.toString("latin1");
    const found = [...text.matchAll(/\d+/g)];
    if (found.length === 0) return bytes;
    const { index, 0: digits } = random.choice(found);
    return put(bytes, index, digits.length, random.choice(awkward));
  },
  function repeat(bytes, random) {
    const from = anywhere(bytes, random);
    const part = bytes.subarray(from, from + 1 + random.integer(200));
    return put(bytes, from, 0, Buffer.concat(Array.from({ length: 2 + random.integer(300) }, () => part)));
  },
  function run(bytes, random) {
    return put(
      bytes,
      anywhere(bytes, random),
      0,
      random.choice(repeated).repeat(random.choice([5000, 100_000])),
    );
  },
  function big(bytes, random) {
    // A size or place of a binary head.
    const copy = Buffer.from(bytes);
    if (copy.length < 8) return copy;
    const at = Math.floor(random.uniform() ** 2 * (copy.length - 8));
    const from = random.uniform() < 0.3 ? copy.length - 8 - at : at;
    const value = random.choice([0n, 1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n]);
    copy.writeBigUInt64LE(value, from);
    return copy;
  },
];

/** The bytes with one to three kinds of damage: a pure function of the generator. */
export function damaged(bytes: Buffer, random: Random): Buffer {
  let result = bytes;
  for (let i = 0; i <= random.integer(3); i++) result = random.choice(changes)(result, random);
  return result;
}
