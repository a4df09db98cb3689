/** What two neighbours become, and how early: a hash table of pairs of ids, four numbers an entry. */
export class MergeTable {
  private readonly slots: Int32Array;
  private readonly mask: number;
  /** Id that the merge of each rank makes. */
  readonly made: Int32Array;

  /** @param capacity the largest number of merges */
  constructor(capacity: number) {
    let size = 16;
    while (size < capacity * 2) size *= 2;
    this.slots = new Int32Array(size * 3).fill(-1);
    this.mask = size - 1;
    this.made = new Int32Array(capacity);
  }

  /** A pair that is given twice keeps its later rank. */
  set(left: number, right: number, rank: number, made: number): void {
    const slot = this.find(left, right);
    this.slots[slot] = left;
    this.slots[slot + 1] = right;
    this.slots[slot + 2] = rank;
    this.made[rank] = made;
  }

  /** Rank of the merge of two ids; -1 where they do not merge. */
  rank(left: number, right: number): number {
    return this.slots[this.find(left, right) + 2];
  }

  /** The pair's slot, or the free one where it would go. */
  private find(left: number, right: number): number {
    const { slots, mask } = this;
    let hash = Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca6b);
    hash ^= hash >>> 15;
    for (let i = hash & mask; ; i = (i + 1) & mask) {
      const slot = 3 * i;
      const held = slots[slot];
      if (held === -1 || (held === left && slots[slot + 1] === right)) return slot;
    }
  }
}
