import type { Connection } from '../../api/generated/connection.ts';
import { findAccepted } from '../../credentials/accepted-verifiers.ts';
import { StoreError } from '../store/store.ts';
import { type AuthenticatedClient, reject } from './authenticate-client.ts';
import { issueTokens } from './issue-tokens.ts';
import { buildError } from './own-request.ts';
import { isPairAllowed } from './pairing.ts';
import { type RefreshGrant, readRefreshToken } from './refresh-token.ts';
import type { TokenContext } from './token-context.ts';
import type { Grant } from './token-endpoint.ts';

const wrongToken = 'Refresh token is invalid or has expired';

/**
 * Grant `refresh_token`: the token is taken in the store, once over all gateways, before the reply. The new pair goes on
 * with the client secret that was presented now and the password version of the login.
 */
export const grantRefresh: Grant = async (context, keys, client, { parameters }) => {
  const token = parameters.get('refresh_token') ?? '';
  if (token === '') return reject(context, 'Parameter "grant_type" or "refresh_token" is missing or empty');
  const grant = readRefreshToken(keys, context.settings.name, token);
  const user = grant && findUser(context, grant, client);
  if (!grant || !user) return reject(context, wrongToken);
  if (parameters.get('scope')) return reject(context, 'An unsupported scope was requested.');
  try {
    const expires = context.clock() + context.settings.refreshLifetime * 1000;
    if (!(await context.store.takeRefresh(grant.session, grant.number, expires))) {
      context.reports.counted('reused');
      return reject(context, wrongToken);
    }
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    context.reports.counted('unavailable');
    return buildError(503, 'Refresh tokens cannot be taken at the moment. Try again later.', { 'retry-after': '5' });
  }
  context.reports.counted('refreshed');
  const session = {
    id: grant.session,
    number: grant.number + 1,
    client,
    user: { connection: user, version: grant.userVersion },
  };
  return issueTokens(context, keys, session);
};

/** The user of the session, while its login counts and the token is this client's. */
function findUser(
  { directory, settings, revoked, clock }: TokenContext,
  grant: RefreshGrant,
  client: AuthenticatedClient,
): Connection | undefined {
  const now = clock();
  if (grant.expires * 1000 <= now || grant.clientUid !== client.connection.metadata.uid || revoked.has(grant.session)) {
    return undefined;
  }
  const user = directory.findByUid(grant.userUid);
  if (!user || !isPairAllowed(client.connection, user, settings.pairing)) return undefined;
  const isCurrent = findAccepted(user, now).password.some(({ version }) => version === grant.userVersion);
  return isCurrent ? user : undefined;
}
