import type { SeenObject } from './api-session.ts';

/** When watches first showed each version of each object, by `performance.now()`. */
export class Sightings {
  readonly #seen = new Map<string, number>();
  readonly #waiting = new Map<string, (at: number) => void>();

  note({ metadata: { uid, resourceVersion } }: SeenObject): void {
    const now = performance.now();
    this.#seen.set(`${uid} ${resourceVersion}`, now);
    this.#waiting.get(uid)?.(now);
  }

  /** The moment of the version that a write returned; it may have come before the write's answer. */
  async of({ metadata: { uid, resourceVersion } }: SeenObject): Promise<number> {
    for (;;) {
      const at = this.#seen.get(`${uid} ${resourceVersion}`);
      if (at !== undefined) return at;
      await this.next(uid);
    }
  }

  /** The moment of the next version of this object. */
  next(uid: string): Promise<number> {
    return new Promise((resolve) => this.#waiting.set(uid, resolve));
  }
}
