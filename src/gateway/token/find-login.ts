import type { Connection } from '../../api/generated/connection.ts';
import { findAccepted } from '../../credentials/accepted-verifiers.ts';
import { isPairAllowed } from './pairing.ts';
import type { RefreshGrant } from './refresh-token.ts';
import type { TokenContext } from './token-context.ts';

/** Both sides of a login whose session goes on. */
export interface Login {
  readonly client: Connection;
  readonly user: Connection;
}

/**
 * The connections of a refresh token's session; `undefined` when it has expired or was revoked, when one of the two is
 * gone or has no value that counts, or when the password that opened it no longer counts. Whether the token was used,
 * the store knows.
 */
export function findLogin(
  { directory, settings, revoked }: Pick<TokenContext, 'directory' | 'settings' | 'revoked'>,
  grant: RefreshGrant,
  now: number,
): Login | undefined {
  if (grant.expires * 1000 <= now || revoked.has(grant.session)) return undefined;
  const [client, user] = [directory.findByUid(grant.clientUid), directory.findByUid(grant.userUid)];
  if (!client || !user || !isPairAllowed(client, user, settings.pairing)) return undefined;
  const isClientGood = findAccepted(client, now).clientSecret.length > 0;
  const isLoginGood = findAccepted(user, now).password.some(({ version }) => version === grant.userVersion);
  return isClientGood && isLoginGood ? { client, user } : undefined;
}
