import { Int32List } from "./table";

const firstSlots = 64;

/**
 * Numbers the distinct cells of a column as they are met. A cell is a stretch of the file's bytes, compared as
 * bytes: a string is made once for each distinct cell, at the end.
 */
export class DistinctCells {
  readonly codes = new Int32List();
  private readonly starts = new Int32List();
  private readonly ends = new Int32List();
  private readonly hashes = new Int32List();
  /** Open addressing: number of the cell plus one, 0 where free; at most half full. */
  private slots = new Int32Array(firstSlots);
  private last = -1;

  constructor(private readonly bytes: Buffer) {}

  /** @param hash any function of the bytes from `start` to `end` */
  add(start: number, end: number, hash: number): void {
    // Rows of one person share most of their cells.
    if (this.last === -1 || !this.equals(this.last, start, end)) this.last = this.find(start, end, hash);
    this.codes.push(this.last);
  }

  private find(start: number, end: number, hash: number): number {
    const mask = this.slots.length - 1;
    let slot = spread(hash) & mask;
    for (let id = this.slots[slot] - 1; id >= 0; id = this.slots[slot] - 1) {
      if (this.hashes.get(id) === hash && this.equals(id, start, end)) return id;
      slot = (slot + 1) & mask;
    }
    const id = this.starts.length;
    this.starts.push(start);
    this.ends.push(end);
    this.hashes.push(hash);
    this.slots[slot] = id + 1;
    if (2 * this.starts.length > this.slots.length) this.grow();
    return id;
  }

  private grow(): void {
    const slots = new Int32Array(2 * this.slots.length);
    const mask = slots.length - 1;
    for (let id = 0; id < this.starts.length; id++) {
      let slot = spread(this.hashes.get(id)) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = id + 1;
    }
    this.slots = slots;
  }

  private equals(id: number, start: number, end: number): boolean {
    const { bytes } = this;
    let at = this.starts.get(id);
    if (this.ends.get(id) - at !== end - start) return false;
    for (let i = start; i < end; i++) if (bytes[i] !== bytes[at++]) return false;
    return true;
  }

  /** The distinct cells; a doubled quote, which only a quoted cell can hold, is one quote. */
  values(): string[] {
    return Array.from({ length: this.starts.length }, (_, id) =>
      this.bytes.toString("utf8", this.starts.get(id), this.ends.get(id)).replaceAll('""', '"'),
    );
  }
}

/** Lets all bits of a hash bear on the low ones. */
function spread(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return mixed ^ (mixed >>> 16);
}
