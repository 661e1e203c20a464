import type { Store } from '../store/store.ts';

/** How often other gateways' revocations are fetched, in milliseconds: refused everywhere within two seconds. */
const pollEvery = 1_000;

/** What this gateway knows of revoked sessions and tokens: its own at once, those of others as soon as it polls. */
export class RevocationList {
  readonly #store: Store;
  readonly #clock: () => number;
  /** Id to its natural end. */
  readonly #ends = new Map<string, number>();
  #latest = 0;

  constructor(store: Store, clock: () => number) {
    this.#store = store;
    this.#clock = clock;
  }

  /**
   * Reads everything once, and rejects when that fails: without it a revoked token would be taken for a good one. Then
   * polls until `signal` fires; `onTrouble` hears of polls that failed.
   */
  async start(signal: AbortSignal, onTrouble: () => void): Promise<void> {
    await this.#poll();
    let isPolling = false;
    const timer = setInterval(async () => {
      if (isPolling) return;
      isPolling = true;
      await this.#poll().catch(onTrouble);
      isPolling = false;
    }, pollEvery);
    timer.unref();
    signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  }

  has(id: string): boolean {
    return this.#ends.has(id);
  }

  /** Revokes a session with all its tokens; resolves when it is written to the store and refused here. */
  async revokeSession(session: string, expires: number): Promise<void> {
    await this.#store.revokeSession(session, expires);
    this.#ends.set(session, expires);
  }

  /** Revokes one access token; resolves when it is written to the store and refused here. */
  async revokeToken(token: string, expires: number): Promise<void> {
    await this.#store.revokeToken(token, expires);
    this.#ends.set(token, expires);
  }

  async #poll(): Promise<void> {
    for (const { id, at, expires } of await this.#store.listRevoked(this.#latest)) {
      this.#ends.set(id, expires);
      this.#latest = Math.max(this.#latest, at);
    }
    const now = this.#clock();
    for (const [id, expires] of this.#ends) if (expires < now) this.#ends.delete(id);
  }
}
