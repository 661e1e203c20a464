import { createHash, randomBytes } from 'node:crypto';

/** How long a code is good, in milliseconds. */
export const codeLife = 60_000;

/** Codes that wait at most; the oldest goes first. */
const limit = 100;

/** Hands something over by a code that works once. */
export class OneTimeCodes<T> {
  readonly #clock: () => number;
  readonly #codes = new Map<string, { readonly value: T; readonly until: number }>();

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** 256 random bits, fit for a fragment. */
  create(value: T): string {
    this.#purge();
    const code = randomBytes(32).toString('base64url');
    this.#codes.set(digest(code), { value, until: this.#clock() + codeLife });
    const [oldest] = this.#codes.keys();
    if (this.#codes.size > limit && oldest !== undefined) this.#codes.delete(oldest);
    return code;
  }

  /** What the code stands for, the first time; `undefined` ever after. */
  take(code: string): T | undefined {
    this.#purge();
    const key = digest(code);
    const found = this.#codes.get(key);
    this.#codes.delete(key);
    return found?.value;
  }

  #purge(): void {
    const now = this.#clock();
    for (const [key, { until }] of this.#codes) if (until <= now) this.#codes.delete(key);
  }
}

function digest(code: string): string {
  return createHash('sha256').update(code).digest('base64');
}
