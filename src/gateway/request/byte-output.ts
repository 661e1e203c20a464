import { giveBackBuffer, takeBuffer } from './output-buffers.ts';

/** Bytes put together from many small pieces, in one buffer that grows. Cheaper than a list of a piece each. */
export class ByteOutput {
  #bytes: Buffer = Buffer.alloc(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Adds the bytes of `source` from `from` to before `to`. They are copied: `source` may change later. */
  add(source: Buffer, from: number, to: number): void {
    const length = this.#length + to - from;
    if (length > this.#bytes.length) this.#grow(length);
    source.copy(this.#bytes, this.#length, from, to);
    this.#length = length;
  }

  /** Makes room for that many bytes in all, for whoever knows it before the first of them. */
  reserve(length: number): void {
    if (length > this.#bytes.length) this.#grow(length);
  }

  /** What was added since the last time. The bytes are the caller's, who may give them back to `output-buffers.ts`. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#bytes = Buffer.alloc(0);
    this.#length = 0;
    return taken;
  }

  #grow(length: number): void {
    const larger = takeBuffer(Math.max(length, 2 * this.#bytes.length));
    this.#bytes.copy(larger, 0, 0, this.#length);
    giveBackBuffer(this.#bytes);
    this.#bytes = larger;
  }
}
