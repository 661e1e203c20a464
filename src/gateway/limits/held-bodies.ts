/** Bytes of requests that are held as a whole at once, over all connections, in this process. */
const mostHeld = 268_435_456;

/** How much of requests is held to be judged. Who sends a body decides how long that takes, so nobody waits for room. */
export class HeldBodies {
  #held = 0;

  /** Whether so many bytes more may be held. */
  take(bytes: number): boolean {
    if (this.#held + bytes > mostHeld) return false;
    this.#held += bytes;
    return true;
  }

  give(bytes: number): void {
    this.#held -= bytes;
  }
}
