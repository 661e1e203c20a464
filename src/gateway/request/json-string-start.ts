const escapes: Readonly<Record<number, number>> = {
  98: 0x08, // \b
  102: 0x0c, // \f
  110: 0x0a, // \n
  114: 0x0d, // \r
  116: 0x09, // \t
};

/** The start of a JSON string, byte by byte as it arrives. Bytes from 0x80 on count as a character each. */
export class JsonStringStart {
  /** The raw bytes so far, without the opening quote. */
  readonly raw: number[] = [];
  /** What they mean. */
  text = '';
  /** `ends[i]`: how many raw bytes the first `i + 1` characters of `text` take. */
  readonly ends: number[] = [];
  #escape: '' | '\\' | 'u' = '';
  #hex = '';

  /** Takes the next byte. True: it was the closing quote, which is not kept; it also ends an escape that is cut short. */
  take(byte: number): boolean {
    if (byte === 0x22 && !this.isEscaped) return true;
    this.raw.push(byte);
    const unit = this.#decode(byte);
    if (unit !== undefined) {
      this.text += String.fromCharCode(unit);
      this.ends.push(this.raw.length);
    }
    return false;
  }

  /** Whether a backslash stands right before the next byte. */
  get isEscaped(): boolean {
    return this.#escape === '\\';
  }

  #decode(byte: number): number | undefined {
    if (this.#escape === 'u') {
      this.#hex += String.fromCharCode(byte);
      if (this.#hex.length < 4) return undefined;
      const unit = Number.parseInt(this.#hex, 16);
      this.#escape = '';
      this.#hex = '';
      return Number.isNaN(unit) ? 0xfffd : unit;
    }
    if (this.#escape === '\\') {
      this.#escape = byte === 0x75 ? 'u' : '';
      return byte === 0x75 ? undefined : (escapes[byte] ?? byte);
    }
    if (byte === 0x5c) this.#escape = '\\';
    return byte === 0x5c ? undefined : byte;
  }
}
