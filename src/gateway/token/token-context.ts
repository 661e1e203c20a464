import type { Connection } from '../../api/generated/connection.ts';
import type { Part } from '../../api/names.ts';
import type { ValueChecker } from '../credentials/check-value.ts';
import type { Directory } from '../directory/directory.ts';
import type { GatewayKeys } from '../keys/gateway-keys.ts';
import type { Store } from '../store/store.ts';
import type { KnownTokens } from './known-tokens.ts';
import type { RevocationList } from './revocation-list.ts';
import type { TokenSettings } from './token-settings.ts';

/** What the token code tells others; none of it may throw or wait. */
export interface TokenReports {
  /** Both connections were used: for `lastUsedDate`. */
  used(client: Connection, user: Connection): void;
  /** The client of one connection logged in as the user of another. */
  wrongPair(client: Connection, user: Connection): void;
  /** A value that was right once was presented and refused. */
  retired(connection: Connection, part: Part, version: string): void;
  /** Tokens and failures, for metrics: `granted`, `refreshed`, `rejected`, `reused`, `busy`, `unavailable`. */
  counted(outcome: TokenOutcome): void;
}

export type TokenOutcome = 'granted' | 'refreshed' | 'rejected' | 'reused' | 'busy' | 'unavailable';

/** Everything that the token endpoints stand on. */
export interface TokenContext {
  readonly settings: TokenSettings;
  readonly directory: Directory;
  /** `undefined` while the key Secret is not there. */
  readonly keys: () => GatewayKeys | undefined;
  readonly checker: ValueChecker;
  readonly store: Store;
  readonly revoked: RevocationList;
  readonly known: KnownTokens;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Whether the directory is too old to hand out tokens on. */
  readonly isStale: () => boolean;
  readonly reports: TokenReports;
  /** Resolves when whoever is told to come back later may hear it: whoever guesses does not get to ask again at once. */
  readonly holdBack: () => Promise<unknown>;
}
