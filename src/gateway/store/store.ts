/** What is remembered of something that should not be, for pages and `describe`; one of each a connection and detail. */
export interface Warning {
  /** `metadata.uid` of the Connection. */
  readonly connection: string;
  readonly kind: 'wrongPair' | 'retiredValue';
  /** The other connection's username or client id; the part and version of a retired value. Never a value. */
  readonly detail: string;
  /** Milliseconds since the epoch of the last time. */
  readonly at: number;
}

/** A session or an access token that was revoked. */
export interface Revocation {
  readonly id: string;
  /** Milliseconds since the epoch, by the store's own clock where several gateways share it. */
  readonly at: number;
  /** When it would have ended anyway. */
  readonly expires: number;
}

/** The store is away; what needs it is answered with 503. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code = 'StoreUnavailable';
  readonly retry = true;
}

/**
 * Used refresh tokens, revoked tokens and warnings. Every method rejects with `StoreError` when the store is away; when
 * one resolves, what it wrote is durable and seen by every gateway that shares the store.
 */
export interface Store {
  /**
   * Takes refresh token number `number` of a session, counted from 1. True for exactly one caller over all gateways,
   * restarts and crashes, and only for the next unused number of a session that was not revoked.
   */
  takeRefresh(session: string, number: number, expires: number): Promise<boolean>;
  /** Revokes a session with all its tokens, until `expires`. */
  revokeSession(session: string, expires: number): Promise<void>;
  /** Revokes one access token, until `expires`. */
  revokeToken(token: string, expires: number): Promise<void>;
  /** Everything revoked at or after `since` (0: all that still matters). */
  listRevoked(since: number): Promise<readonly Revocation[]>;
  recordWarning(warning: Warning): Promise<void>;
  /** Those of the last `within` milliseconds, newest first. */
  listWarnings(connection: string, within: number): Promise<readonly Warning[]>;
  /** Forgets what has expired. */
  purge(now: number): Promise<void>;
  close(): Promise<void>;
}
