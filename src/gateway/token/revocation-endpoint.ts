import { StoreError } from '../store/store.ts';
import { readAccessToken } from './access-token.ts';
import { buildError, type OwnReply, type OwnRequest } from './own-request.ts';
import { readClientRequest } from './read-client-request.ts';
import { readRefreshToken } from './refresh-token.ts';
import type { TokenContext } from './token-context.ts';

const done: OwnReply = { status: 200, headers: { 'cache-control': 'no-store', 'content-length': '0' }, body: '' };

/**
 * `POST /oauth/revoke` (RFC 7009). A refresh token ends its whole session, an access token itself alone. 200 also for
 * what is no token, or another client's, which stays as it is: nobody learns here whether a token is good.
 */
export async function handleRevoke(context: TokenContext, request: OwnRequest): Promise<OwnReply> {
  const read = await readClientRequest(context, request);
  if ('status' in read) return read;
  const { client, keys, token } = read;
  try {
    const grant = readRefreshToken(keys, context.settings.name, token);
    if (grant) {
      const expires = Math.max(grant.expires, context.clock() / 1000 + context.settings.refreshLifetime) * 1000;
      if (grant.clientUid === client.connection.metadata.uid)
        await context.revoked.revokeSession(grant.session, expires);
      return done;
    }
    const claims = (await readAccessToken(keys, token))?.claims;
    if (claims?.aud === context.settings.name && claims.client.uid === client.connection.metadata.uid) {
      await context.revoked.revokeToken(claims.jti, claims.exp * 1000);
    }
    return done;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return buildError(503, 'The token could not be revoked. Try again.', { 'retry-after': '5' });
  }
}
