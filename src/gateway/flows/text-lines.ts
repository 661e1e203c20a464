/**
 * Splits bytes that arrive in pieces into lines, read as `latin1`: a character a byte, so that a piece may end inside of
 * a character. Keeps no more than one line and of that no more than `longest` bytes: what is longer is handed over cut.
 */
export class TextLines {
  readonly #longest: number;
  readonly #take: (line: string) => void;
  /** The start of a line whose end has not come yet. */
  #rest = '';

  /** @param take gets each line that is not empty, without its end. */
  constructor(longest: number, take: (line: string) => void) {
    this.#longest = longest;
    this.#take = take;
  }

  write(bytes: Uint8Array): void {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      this.#finish(this.#rest === '' ? text.slice(from, end) : this.#rest + text.slice(from, end));
      from = end + 1;
    }
    this.#rest = (this.#rest + text.slice(from)).slice(0, this.#longest);
  }

  /** What came last had no line feed. */
  end(): void {
    this.#finish(this.#rest);
  }

  #finish(line: string): void {
    this.#rest = '';
    if (line !== '') this.#take(line.length > this.#longest ? line.slice(0, this.#longest) : line);
  }
}
