import type { Connection } from '../../api/generated/connection.ts';
import type { Secret } from '../../api/secret.ts';
import type { KeyRing } from '../../credentials/key-ring.ts';
import type { ObservedConnection } from '../observe/observed-connection.ts';
import type { Write } from './decision.ts';
import { controls, hasOtherOwner, readSecret, type SecretContent } from './read-secret.ts';

/** The Secret of an issued Connection: there and ours, gone, or somebody else's under our name. */
export type HeldSecret =
  | { readonly kind: 'ours'; readonly secret: Secret; readonly content: SecretContent }
  | { readonly kind: 'gone' }
  | { readonly kind: 'foreign'; readonly secret: Secret };

/**
 * Whose the Secret is. Once issued, the one that `status.binding.name` names and this Connection controls is ours
 * whatever was done to it; any other must prove it with its mark.
 */
export function findHeld({ connection, secret, keys }: ObservedConnection): HeldSecret {
  if (!secret) return { kind: 'gone' };
  const content = readSecret(secret, connection.metadata.name, keys);
  const isBound = secret.metadata.name === connection.status?.binding?.name && controls(connection, secret);
  return isBound || (content.isMarkRight && !hasOtherOwner(connection, secret))
    ? { kind: 'ours', secret, content }
    : { kind: 'foreign', secret };
}

/** Deletes what we wrote for this Connection under another name (the name changed before the first issue was done). */
export function removeStrays({ connection, strays, keys }: ObservedConnection): readonly Write[] {
  return strays
    .filter((stray) => isOurStray(connection, stray, keys))
    .map((secret) => ({ kind: 'deleteSecret', secret }));
}

function isOurStray(connection: Connection, stray: Secret, keys: KeyRing): boolean {
  return readSecret(stray, connection.metadata.name, keys).isMarkRight && !hasOtherOwner(connection, stray);
}
