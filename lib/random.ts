import { createHash } from "node:crypto";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

import { UserError } from "./errors";
import { rangeText, seeds } from "./ranges";

/** A seeded source of randomness. All randomness of the library passes through one; none reads a global. */
export class Random {
  private readonly generator;

  /**
   * @param key what the stream is a pure function of, for example ("split", seed) or ("batches", seed, epoch)
   * @throws UserError for a number that JavaScript cannot tell from others (`seeds`)
   */
  constructor(...key: (string | number)[]) {
    const wrong = key.find((part) => typeof part === "number" && !(Math.abs(part) <= seeds.most));
    if (wrong !== undefined) {
      throw new UserError(`${wrong} is no seed`, `Give a whole number ${rangeText(seeds)}.`);
    }
    const digest = createHash("sha256").update(JSON.stringify(key)).digest();
    this.generator = xoroshiro128plus(digest.readInt32LE(0));
  }

  /** Uniform on [0, 1). */
  uniform(): number {
    return uniformFloat64(this.generator);
  }

  /** Uniform on 0 … n-1. */
  integer(n: number): number {
    return uniformInt(this.generator, 0, n - 1);
  }

  /** Standard normal (Box and Muller 1958). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** One of the items, each as likely. */
  choice<T>(items: readonly T[]): T {
    return items[this.integer(items.length)];
  }

  /** An index drawn in proportion to non-negative weights. */
  weighted(weights: ArrayLike<number>): number {
    let total = 0;
    for (let i = 0; i < weights.length; i++) total += weights[i];
    let left = this.uniform() * total;
    for (let i = 0; i < weights.length; i++) {
      left -= weights[i];
      if (left < 0) return i;
    }
    return weights.length - 1;
  }

  /** A random order of 0 … n-1 (Fisher and Yates). */
  permutation(n: number): Int32Array {
    const order = Int32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }
}
