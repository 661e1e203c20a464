import { createHash } from 'node:crypto';
import type { Session } from './session.ts';

/** How many sessions there are at most. */
export interface SessionLimits {
  readonly total: number;
  /** Of one user, so that nobody pushes others out. */
  readonly perUser: number;
}

export const sessionLimits: SessionLimits = { total: 1_000, perUser: 20 };

/** Everybody who is signed in, by cookie. In memory: a restart signs everybody out. */
export class SessionTable {
  readonly #clock: () => number;
  readonly #limits: SessionLimits;
  /** By the digest of the cookie's value, so that no comparison takes longer for a good guess. Longest unused first. */
  readonly #sessions = new Map<string, Session>();

  constructor(clock: () => number, limits: SessionLimits = sessionLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** The session of a cookie that has not ended. */
  find(id: string): Session | undefined {
    const key = digest(id);
    const session = this.#sessions.get(key);
    if (session === undefined) return undefined;
    if (session.ended.aborted || session.until <= this.#clock()) {
      this.end(session, 'Your session ended. Sign in again.');
      return undefined;
    }
    this.#sessions.delete(key);
    this.#sessions.set(key, session);
    return session;
  }

  /** The session that a proxy's token opened. */
  findByToken(token: string): Session | undefined {
    for (const session of this.#sessions.values()) {
      if (session.mode === 'proxy' && session.token === token) return this.find(session.id);
    }
    return undefined;
  }

  /** Where there is no room, whoever did nothing for longest has to go: of the same user first. */
  add(session: Session): void {
    const mine = [...this.#sessions.values()].filter(({ viewer }) => viewer.name === session.viewer.name);
    const crowded = 'There are too many sessions; this one was unused for longest. Sign in again.';
    if (mine.length >= this.#limits.perUser && mine[0] !== undefined) this.end(mine[0], crowded);
    const [oldest] = this.#sessions.values();
    if (this.#sessions.size >= this.#limits.total && oldest !== undefined) this.end(oldest, crowded);
    this.#sessions.set(digest(session.id), session);
  }

  end(session: Session, reason: string): void {
    this.#sessions.delete(digest(session.id));
    session.end(reason);
  }

  /** Ends those whose time is over and returns the others. */
  sweep(): Session[] {
    const now = this.#clock();
    for (const session of this.#sessions.values()) {
      if (session.until <= now) this.end(session, 'Your session ended. Sign in again.');
    }
    return [...this.#sessions.values()];
  }

  endAll(reason: string): void {
    for (const session of this.#sessions.values()) this.end(session, reason);
  }
}

function digest(id: string): string {
  return createHash('sha256').update(id).digest('base64');
}
