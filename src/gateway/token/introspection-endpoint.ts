import { findAccepted } from '../../credentials/accepted-verifiers.ts';
import { readAccessToken } from './access-token.ts';
import { buildReply, type OwnReply, type OwnRequest } from './own-request.ts';
import { type ClientRequest, readClientRequest } from './read-client-request.ts';
import { readRefreshToken } from './refresh-token.ts';
import type { TokenContext } from './token-context.ts';
import { checkClaims } from './verify-access-token.ts';

const inactive = { active: false };

/**
 * `POST /oauth/introspect` (RFC 7662). Access and refresh tokens of the client that asks; of all clients when its role
 * says `introspect: true`. Everything else is not active.
 */
export async function handleIntrospect(context: TokenContext, request: OwnRequest): Promise<OwnReply> {
  const read = await readClientRequest(context, request);
  if ('status' in read) return read;
  const answer = (await introspectAccess(context, read)) ?? introspectRefresh(context, read) ?? inactive;
  return buildReply(200, answer);
}

async function introspectAccess(
  context: TokenContext,
  { client, keys, token }: ClientRequest,
): Promise<object | undefined> {
  const claims = (await readAccessToken(keys, token))?.claims;
  if (!claims || !maySee(context, client, claims.client.uid)) return undefined;
  const verified = checkClaims(context, claims, context.clock());
  if (verified.kind !== 'valid') return undefined;
  const { client_id, sub, exp, iat, jti, aud, iss } = claims;
  return { active: true, client_id, username: sub, token_type: 'bearer', exp, iat, sub, aud, iss, jti };
}

/** A refresh token is shown as active while it may be the next one; whether it was used, only taking it tells. */
function introspectRefresh(context: TokenContext, { client, keys, token }: ClientRequest): object | undefined {
  const { settings, directory, revoked, clock } = context;
  const grant = readRefreshToken(keys, settings.name, token);
  if (!grant || !maySee(context, client, grant.clientUid)) return undefined;
  const owner = directory.findByUid(grant.clientUid);
  const user = directory.findByUid(grant.userUid);
  const now = clock();
  if (!owner || !user || grant.expires * 1000 <= now || revoked.has(grant.session)) return undefined;
  if (!findAccepted(user, now).password.some(({ version }) => version === grant.userVersion)) return undefined;
  if (findAccepted(owner, now).clientSecret.length === 0) return undefined;
  const { clientId, username } = { clientId: owner.status?.clientId, username: user.status?.username };
  return {
    active: true,
    client_id: clientId,
    username,
    exp: grant.expires,
    sub: username,
    aud: settings.name,
    iss: settings.issuer,
  };
}

function maySee({ directory }: TokenContext, { connection }: ClientRequest['client'], clientUid: string): boolean {
  if (connection.metadata.uid === clientUid) return true;
  const role = directory.findRole(connection);
  return role.state === 'allowed' && role.object.spec.introspect === true;
}
