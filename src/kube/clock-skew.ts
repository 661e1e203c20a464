/** Answers slower than this (milliseconds) say too little about the other clock. */
const slowestAnswer = 5_000;

/**
 * How far the local wall clock is ahead of the API server's, from the `Date` header of the last answer. `Date` has whole
 * seconds, cut off: on average the server's clock was half a second further.
 */
export class ClockSkew {
  #milliseconds: number | undefined;

  /** `sent` and `received` are local wall clock times around the answer; a header that is no date changes nothing. */
  observe(date: string | undefined, sent: number, received: number): void {
    const server = date === undefined ? Number.NaN : Date.parse(date);
    if (Number.isNaN(server) || received < sent || received - sent > slowestAnswer) return;
    this.#milliseconds = Math.round((sent + received) / 2 - (server + 500));
  }

  read(): number | undefined {
    return this.#milliseconds;
  }
}
