const newline = 0x0a;

/**
 * Cuts a byte stream into lines. Works on bytes, so that a character that lies across two chunks comes out whole, and
 * joins a line of many chunks once, at its end.
 */
export class LineSplitter {
  #parts: Buffer[] = [];

  /** The lines that end in `chunk`, without their newline; empty lines are left out. What is left waits for more. */
  push(chunk: Buffer): string[] {
    const lines: string[] = [];
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      const line = this.#join(chunk.subarray(start, end));
      if (line.length > 0) lines.push(line);
      start = end + 1;
    }
    if (start < chunk.length) this.#parts.push(chunk.subarray(start));
    return lines;
  }

  #join(last: Buffer): string {
    if (this.#parts.length === 0) return last.toString('utf8');
    const line = Buffer.concat([...this.#parts, last]).toString('utf8');
    this.#parts = [];
    return line;
  }
}
