import type { ReportedWarning } from '../../api/flow-report.ts';
import type { FlowStore } from './flow-store.ts';

/** What is remembered of something that should not be, for pages and `describe`; one of each a connection and detail. */
export interface Warning {
  /** `metadata.uid` of the Connection. */
  readonly connection: string;
  readonly kind: ReportedWarning['kind'];
  /** As in a report. Never a value. */
  readonly detail: string;
  /** Milliseconds since the epoch of the last time that was recorded. */
  readonly at: number;
}

/** A session or an access token that was revoked. */
export interface Revocation {
  readonly id: string;
  /** When, in milliseconds since the epoch by the store's own clock. */
  readonly at: number;
  /** When it would have ended anyway, in milliseconds since the epoch. */
  readonly expires: number;
}

/** A refresh token as the store counts it. */
export interface NumberedRefresh {
  readonly session: string;
  /** Counted from 1. */
  readonly number: number;
  /** End of this token, in milliseconds since the epoch. */
  readonly expires: number;
}

/** The store is away; what needs it is answered with 503. The message names a code at most, never a value. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly code = 'StoreUnavailable';
  readonly retry = true;
}

/**
 * Used refresh tokens, revoked tokens, warnings, and what was moved. Every method rejects with `StoreError` when the store is away; when
 * one resolves, what it wrote is durable and seen by every gateway that shares the store. What is compared with a time
 * is compared with the store's clock, so gateways whose clocks differ still agree.
 */
export interface Store extends FlowStore {
  /**
   * Takes a refresh token. True for exactly one caller over all gateways, restarts and crashes, and only for the next
   * unused number of a session that was not revoked, before the token's end. The row that says so stays until `until`,
   * the end of the token that comes next, or longer.
   */
  takeRefresh(refresh: NumberedRefresh, until: number): Promise<boolean>;
  /** Whether `takeRefresh` would take it now. */
  isNextRefresh(refresh: NumberedRefresh): Promise<boolean>;
  /** Revokes a session with all its tokens, until `expires`. */
  revokeSession(session: string, expires: number): Promise<void>;
  /** Revokes one access token, until `expires`. */
  revokeToken(token: string, expires: number): Promise<void>;
  /**
   * Everything that was revoked after `since`, the latest `at` that was listed before (0: all that still matters), and
   * some of it again, so that a revocation that was slow to commit is not missed.
   */
  listRevoked(since: number): Promise<readonly Revocation[]>;
  /** Records a warning unless the same one was recorded at `unlessSince` or later. True when this call recorded it. */
  recordWarning(warning: Warning, unlessSince: number): Promise<boolean>;
  /** Those of the last `within` milliseconds, newest first. */
  listWarnings(connection: string, within: number): Promise<readonly Warning[]>;
  /** The same of all Connections, at most the newest 10,000. */
  listAllWarnings(within: number): Promise<readonly Warning[]>;
  /** Forgets what has expired, flows apart. */
  purge(): Promise<void>;
  close(): Promise<void>;
}
