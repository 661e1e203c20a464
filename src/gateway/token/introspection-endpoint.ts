import { StoreError } from '../store/store.ts';
import { readAccessToken } from './access-token.ts';
import { findLogin } from './find-login.ts';
import { buildReply, type OwnReply, type OwnRequest } from './own-request.ts';
import { buildAway, type ClientRequest, readClientRequest } from './read-client-request.ts';
import { readRefreshToken } from './refresh-token.ts';
import type { TokenContext } from './token-context.ts';
import { checkClaims } from './verify-access-token.ts';

/**
 * `POST /oauth/introspect` (RFC 7662). Access and refresh tokens of the client that asks; of all clients when its role
 * says `introspect: true`. Everything else is not active.
 */
export async function handleIntrospect(context: TokenContext, request: OwnRequest): Promise<OwnReply> {
  const read = await readClientRequest(context, request);
  if ('status' in read) return read;
  try {
    const answer = (await introspectAccess(context, read)) ?? (await introspectRefresh(context, read));
    return buildReply(200, answer ?? { active: false });
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return buildAway('Whether a refresh token was used cannot be told at the moment. Try again later.');
  }
}

function introspectAccess(context: TokenContext, { client, keys, token }: ClientRequest): object | undefined {
  const claims = readAccessToken(keys, token)?.claims;
  if (!claims || !maySee(context, client, claims.client.uid)) return undefined;
  const verified = checkClaims(context, claims, context.clock());
  if (verified.kind !== 'valid') return undefined;
  const { client_id, sub, exp, iat, jti, aud, iss } = claims;
  return { active: true, client_id, username: sub, token_type: 'bearer', exp, iat, sub, aud, iss, jti };
}

async function introspectRefresh(
  context: TokenContext,
  { client, keys, token }: ClientRequest,
): Promise<object | undefined> {
  const { settings, store } = context;
  const grant = readRefreshToken(keys, settings.name, token);
  if (!grant || !maySee(context, client, grant.clientUid)) return undefined;
  const login = findLogin(context, grant, context.clock());
  const { session, number, expires } = grant;
  if (!login || !(await store.isNextRefresh({ session, number, expires: expires * 1000 }))) return undefined;
  const [clientId, username] = [login.client.status?.clientId, login.user.status?.username];
  const { name: aud, issuer: iss } = settings;
  return { active: true, client_id: clientId, username, exp: expires, sub: username, aud, iss };
}

function maySee({ directory }: TokenContext, { connection }: ClientRequest['client'], clientUid: string): boolean {
  if (connection.metadata.uid === clientUid) return true;
  const role = directory.findRole(connection);
  return role.state === 'allowed' && role.object.spec.introspect === true;
}
