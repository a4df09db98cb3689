/** A stretch of a stream of bytes that moves along it: what was read is let go, what follows comes behind. */
export class ByteWindow {
  bytes: Uint8Array = new Uint8Array(0);
  private readonly chunks: Iterator<Uint8Array>;

  constructor(chunks: Iterable<Uint8Array>) {
    this.chunks = chunks[Symbol.iterator]();
  }

  /** Lets go of the bytes before `from`, so that `from` becomes 0. @returns false, and nothing changes, at the stream's end */
  advance(from: number): boolean {
    for (let next = this.chunks.next(); !next.done; next = this.chunks.next()) {
      const { value } = next;
      if (value.length === 0) continue;
      this.bytes = from === this.bytes.length ? value : Buffer.concat([this.bytes.subarray(from), value]);
      return true;
    }
    return false;
  }

  /** Closes the file behind the stream. */
  close(): void {
    this.chunks.return?.();
  }
}
