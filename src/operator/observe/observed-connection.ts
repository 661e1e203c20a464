import type { Connection } from '../../api/generated/connection.ts';
import type { Secret } from '../../api/secret.ts';
import type { KeyRing } from '../../credentials/key-ring.ts';

/** Whether a role or group that a Connection names may be used by it. */
export type ReferenceState = 'allowed' | 'notFound' | 'notAllowed';

/** Another Connection, named in messages only within the same namespace. */
export interface Rival {
  readonly namespace: string;
  readonly name: string;
}

/** Who else claims the names of this Connection; only those that go before it (issued first, older, by name). */
export interface Rivals {
  readonly code?: Rival;
  readonly clientId?: Rival;
  readonly username?: Rival;
}

/** Look-ups over all Connections that the operator watches, the looked-at one left out. */
export interface IdentityLookup {
  /** Whether another Connection has this client id or username. */
  isHeld(name: string): boolean;
  /** Whether it is held, or a Connection that is gone had it within 30 days: then it is not given anew. */
  wasHeld(name: string): boolean;
  /** Whether it is or was held, or another Connection could be given it: it begins with that one's code. */
  isTaken(name: string): boolean;
}

/** All that a decision may depend on, the clock and randomness aside. A plain value: decisions are pure. */
export interface ObservedConnection {
  readonly connection: Connection;
  /** The Secret under the name that this Connection's Secret should have. */
  readonly secret: Secret | undefined;
  /** Secrets with our label for this Connection under other names. */
  readonly strays: readonly Secret[];
  /** Whether Connection and Secret were read from the API server for this decision, not from a watch cache. */
  readonly live: boolean;
  readonly role: ReferenceState;
  readonly group: ReferenceState;
  readonly rivals: Rivals;
  readonly identities: IdentityLookup;
  /** The namespace's limit when it leaves this Connection no place. */
  readonly limitReached: number | undefined;
  readonly keys: KeyRing;
  /** Address of the gateway, without a slash at its end; absent: no `uri` and `token-uri`. */
  readonly gatewayUrl: string | undefined;
  /** What the API server said when it refused the Secret that was decided on just before, without values. */
  readonly refusal: string | undefined;
  /** Whether our clock is too far from the API server's to rotate by schedule. */
  readonly clockOff: boolean;
}
