import type { ConnectionStatus } from '../../api/generated/connection.ts';
import type { Secret, SecretDraft } from '../../api/secret.ts';
import type { RandomSource } from '../../credentials/random-source.ts';

/** An event to record once the write that carries it is done. Its note never holds a value. */
export interface EventDraft {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly note: string;
}

/** One write to the API server. Every one is conditional: it creates, or names the version it was decided on. */
export type Write = (
  | { readonly kind: 'createSecret'; readonly secret: SecretDraft }
  | { readonly kind: 'replaceSecret'; readonly secret: SecretDraft }
  | { readonly kind: 'deleteSecret'; readonly secret: Secret }
  /**
   * A dry run: the API server says whether it would store this Secret, and stores nothing. `succeeds`: a new object, for
   * which the one of that name is deleted first.
   */
  | { readonly kind: 'rehearseSecret'; readonly secret: SecretDraft; readonly succeeds: boolean }
  /** The whole status. The first one carries the observed resourceVersion, later ones that of the answer before. */
  | { readonly kind: 'writeStatus'; readonly status: ConnectionStatus }
) & { readonly events?: readonly EventDraft[] };

/** What to do about one Connection. */
export interface Decision {
  /** In the order in which they are made; when one fails, none after it is tried. */
  readonly writes: readonly Write[];
  /** When to look again although nothing changed, in milliseconds since the epoch. */
  readonly recheckAt?: number;
}

/** What is not in the observation: time, randomness, and the slow hash. Tests bring their own. */
export interface Tools {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly random: RandomSource;
  readonly bcrypt: {
    /** A bcrypt hash of the text. */
    hash(text: string): Promise<string>;
    compare(text: string, hash: string): Promise<boolean>;
  };
}
