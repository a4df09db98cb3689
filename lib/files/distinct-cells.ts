import { UserError } from "../errors";
import { Int32List } from "./table";

const firstSlots = 64;

/** The most bytes of different text that a column may hold. */
const mostText = 2 ** 30;

/**
 * Numbers the distinct cells of a column as they are met. A cell is a stretch of the file's bytes, compared as
 * bytes, of which one copy is kept: a string is made once for each distinct cell, at the end.
 */
export class DistinctCells {
  readonly codes = new Int32List();
  /** The distinct cells one after the other, and where each ends. */
  private text = Buffer.allocUnsafe(1024);
  private readonly ends = new Int32List();
  private readonly hashes = new Int32List();
  /** Open addressing: number of the cell plus one, 0 where free; at most half full. */
  private slots = new Int32Array(firstSlots);
  private last = -1;

  /** @param place of the column, for messages */
  constructor(private readonly place: string) {}

  /**
   * @param hash any function of the bytes from `start` to `end`
   * @throws UserError where the distinct cells are too many to hold
   */
  add(bytes: Uint8Array, start: number, end: number, hash: number): void {
    // Rows of one person share most of their cells.
    if (this.last === -1 || !this.equals(this.last, bytes, start, end))
      this.last = this.find(bytes, start, end, hash);
    this.codes.push(this.last);
  }

  private find(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const mask = this.slots.length - 1;
    let slot = spread(hash) & mask;
    for (let id = this.slots[slot] - 1; id >= 0; id = this.slots[slot] - 1) {
      if (this.hashes.get(id) === hash && this.equals(id, bytes, start, end)) return id;
      slot = (slot + 1) & mask;
    }
    const id = this.ends.length;
    this.append(bytes.subarray(start, end));
    this.hashes.push(hash);
    this.slots[slot] = id + 1;
    if (2 * this.ends.length > this.slots.length) this.grow();
    return id;
  }

  private append(cell: Uint8Array): void {
    const at = this.startOf(this.ends.length);
    const end = at + cell.length;
    if (end > this.text.length) {
      if (end > mostText) {
        throw new UserError(
          `${this.place} holds more than ${mostText / 2 ** 20} MiB of different text`,
          "Leave the column out, or shorten its cells.",
        );
      }
      this.text = Buffer.concat([this.text], Math.min(mostText, 2 * end));
    }
    this.text.set(cell, at);
    this.ends.push(end);
  }

  private startOf(id: number): number {
    return id === 0 ? 0 : this.ends.get(id - 1);
  }

  private grow(): void {
    const slots = new Int32Array(2 * this.slots.length);
    const mask = slots.length - 1;
    for (let id = 0; id < this.ends.length; id++) {
      let slot = spread(this.hashes.get(id)) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = id + 1;
    }
    this.slots = slots;
  }

  private equals(id: number, bytes: Uint8Array, start: number, end: number): boolean {
    const { text } = this;
    let at = this.startOf(id);
    if (this.ends.get(id) - at !== end - start) return false;
    for (let i = start; i < end; i++) if (bytes[i] !== text[at++]) return false;
    return true;
  }

  /** The distinct cells; a doubled quote, which only a quoted cell can hold, is one quote. */
  values(): string[] {
    return Array.from({ length: this.ends.length }, (_, id) =>
      this.text.toString("utf8", this.startOf(id), this.ends.get(id)).replaceAll('""', '"'),
    );
  }
}

/** Lets all bits of a hash bear on the low ones. */
function spread(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return mixed ^ (mixed >>> 16);
}
