import type { ConnectionStatus } from '../../api/generated/connection.ts';
import type { Part } from '../../api/names.ts';
import type { Secret } from '../../api/secret.ts';
import type { ObservedConnection } from '../observe/observed-connection.ts';
import type { Match } from './match-values.ts';
import type { Problem } from './problem.ts';
import type { SecretContent } from './read-secret.ts';

/** The status of an issued Connection. */
export type IssuedStatus = ConnectionStatus & {
  readonly clientId: string;
  readonly username: string;
  readonly credentials: NonNullable<ConnectionStatus['credentials']>;
};

/** Our Secret and what stands in it. */
export interface OurSecret {
  readonly secret: Secret;
  readonly content: SecretContent;
}

/** What the branches of upkeep know about an issued Connection. */
export interface UpkeepInput {
  readonly observed: ObservedConnection;
  /** The observed status, with the verifiers whose overlap is over moved to the retired ones. */
  readonly status: IssuedStatus;
  /** `undefined` when the Secret is gone. */
  readonly held: OurSecret | undefined;
  readonly match: Readonly<Record<Part, Match>>;
  /** What is wrong and has nothing to do with the Secret: told, and nothing waits for it. */
  readonly problem: Problem | undefined;
}
