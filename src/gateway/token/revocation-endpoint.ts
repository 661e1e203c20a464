import { StoreError } from '../store/store.ts';
import { readAccessToken } from './access-token.ts';
import { buildReply, type OwnReply, type OwnRequest } from './own-request.ts';
import { buildAway, type ClientRequest, readClientRequest } from './read-client-request.ts';
import { readRefreshToken } from './refresh-token.ts';
import type { TokenContext } from './token-context.ts';

/**
 * `POST /oauth/revoke` (RFC 7009). A refresh token ends its whole session, an access token itself alone. 200 also for
 * what is no token, or another client's, which stays as it is: nobody learns here whether a token is good.
 */
export async function handleRevoke(context: TokenContext, request: OwnRequest): Promise<OwnReply> {
  const read = await readClientRequest(context, request);
  if ('status' in read) return read;
  try {
    await revoke(context, read);
    // RFC 7009 says nothing of a body; some clients take every answer for JSON.
    return buildReply(200, {});
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return buildAway('The token could not be revoked. Try again.');
  }
}

async function revoke(
  { settings, clock, revoked }: TokenContext,
  { client, keys, token }: ClientRequest,
): Promise<void> {
  const { uid } = client.connection.metadata;
  const now = clock();
  const grant = readRefreshToken(keys, settings.name, token);
  if (grant?.clientUid === uid) {
    // Until the last token ends that the session can have, whichever of its tokens this is.
    const longest = Math.max(settings.refreshLifetime, settings.accessLifetime) * 1000;
    return revoked.revokeSession(grant.session, Math.max(grant.expires * 1000, now + longest));
  }
  const claims = readAccessToken(keys, token)?.claims;
  if (claims?.aud !== settings.name || claims.client.uid !== uid || claims.exp * 1000 <= now) return;
  return revoked.revokeToken(claims.jti, claims.exp * 1000);
}
