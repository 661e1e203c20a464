/** A reply that is collected as a whole. */
export interface CollectedReply {
  /**
   * Its size so far, in bytes. False: nothing more of it should be read until `onTurn` is called, once.
   *
   * @param onTurn not called once `leave` was
   */
  grow(size: number, onTurn: () => void): boolean;
  /** It is judged, or nobody wants it any more. */
  leave(): void;
}

/** A reply of this size needs a turn to go on. Bytes. */
export const smallReply = 1_048_576;
/** So many large ones are read and judged at once. Judging takes one processor, more would only take memory. */
const width = 2;

/**
 * Replies that are judged are held as a whole, several times over while they are filtered. So few large ones are read at
 * once, in the order in which they grew large; the others stay with the upstream meanwhile.
 */
export class LargeReplies {
  readonly #reading = new Set<object>();
  readonly #waiting = new Map<object, () => void>();

  open(): CollectedReply {
    const key = {};
    return {
      grow: (size, onTurn) => {
        if (size <= smallReply || this.#reading.has(key)) return true;
        if (!this.#waiting.has(key) && this.#reading.size < width) {
          this.#reading.add(key);
          return true;
        }
        // Whoever asks again, after a connection broke, keeps the place and is told at the new one.
        this.#waiting.set(key, onTurn);
        return false;
      },
      leave: () => {
        this.#waiting.delete(key);
        if (!this.#reading.delete(key)) return;
        const [next] = this.#waiting;
        if (next === undefined) return;
        this.#waiting.delete(next[0]);
        this.#reading.add(next[0]);
        next[1]();
      },
    };
  }
}
