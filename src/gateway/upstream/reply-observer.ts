/** What the end of a reply tells. */
export interface ReplyEnd {
  /** Objects in the list of a page; 0 for everything else, and for a reply that is no plain JSON. */
  readonly items: number;
  /** All of it went to the client. */
  readonly whole: boolean;
}

/**
 * Hears of the reply to one call as it goes to the client: `start` once, or never when nothing came; then the bytes of
 * its body, if `start` asked for them, then `end` once. Keeps up with the bytes and never throws.
 */
export interface ReplyObserver {
  /** @returns whether `data` wants to see the body. */
  start(status: number): boolean;
  data(bytes: Uint8Array): void;
  end(end: ReplyEnd): void;
}
