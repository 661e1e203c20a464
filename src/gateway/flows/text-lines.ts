const lineFeed = 0x0a;

/**
 * Splits bytes that arrive in pieces into lines. Keeps no more than one line and of that no more than `longest` bytes:
 * what is longer is handed over cut.
 */
export class TextLines {
  readonly #longest: number;
  readonly #take: (line: string) => void;
  #parts: Uint8Array[] = [];
  #size = 0;

  /** @param take gets each line that is not empty, without its end. */
  constructor(longest: number, take: (line: string) => void) {
    this.#longest = longest;
    this.#take = take;
  }

  write(bytes: Uint8Array): void {
    let from = 0;
    for (;;) {
      const end = bytes.indexOf(lineFeed, from);
      this.#keep(bytes.subarray(from, end < 0 ? bytes.length : end));
      if (end < 0) return;
      this.end();
      from = end + 1;
    }
  }

  /** What came last had no line feed. */
  end(): void {
    if (this.#size === 0) return;
    const [only = new Uint8Array()] = this.#parts;
    const line = this.#parts.length === 1 ? Buffer.from(only.buffer, only.byteOffset, only.length) : this.#join();
    this.#parts = [];
    this.#size = 0;
    this.#take(line.toString('utf8'));
  }

  #join(): Buffer {
    return Buffer.concat(this.#parts);
  }

  #keep(piece: Uint8Array): void {
    const kept = piece.subarray(0, this.#longest - this.#size);
    if (kept.length === 0) return;
    this.#parts.push(kept);
    this.#size += kept.length;
  }
}
