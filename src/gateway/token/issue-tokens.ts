import { randomBytes } from 'node:crypto';
import type { Connection } from '../../api/generated/connection.ts';
import type { CompleteKeys } from '../keys/gateway-keys.ts';
import { makeAccessToken } from './access-token.ts';
import { buildReply, type OwnReply } from './own-request.ts';
import { makeRefreshToken } from './refresh-token.ts';
import type { TokenContext } from './token-context.ts';

/** What a pair of tokens is made for. */
export interface Session {
  /** 16 bytes in hex. */
  readonly id: string;
  /** Number of the refresh token that goes with the access token. */
  readonly number: number;
  readonly client: { readonly connection: Connection; readonly version: string };
  readonly user: { readonly connection: Connection; readonly version: string };
}

/** An id of a session or token: 128 random bits in hex. */
export function makeId(): string {
  return randomBytes(16).toString('hex');
}

/**
 * The reply with an access token and the next refresh token; fields in the order in which the PIM has them. `now` in
 * milliseconds since the epoch.
 */
export async function issueTokens(
  context: TokenContext,
  keys: CompleteKeys,
  { id, number, client, user }: Session,
  now: number,
): Promise<OwnReply> {
  const { settings, reports } = context;
  const seconds = Math.floor(now / 1000);
  const bound = { uid: client.connection.metadata.uid, version: client.version };
  const claims = {
    iss: settings.issuer,
    aud: settings.name,
    sub: user.connection.status?.username ?? '',
    client_id: client.connection.status?.clientId ?? '',
    iat: seconds,
    exp: seconds + settings.accessLifetime,
    jti: makeId(),
    sid: id,
    client: bound,
    user: { uid: user.connection.metadata.uid, version: user.version },
  };
  const accessToken = await makeAccessToken(keys, claims);
  context.known.set(accessToken, { claims, key: keys.newestSigning });
  const refreshToken = makeRefreshToken(keys, settings.name, {
    session: id,
    number,
    expires: seconds + settings.refreshLifetime,
    clientUid: bound.uid,
    userUid: user.connection.metadata.uid,
    userVersion: user.version,
  });
  if (user.connection.metadata.uid !== bound.uid) reports.wrongPair(client.connection, user.connection);
  reports.used(client.connection, user.connection);
  const body = {
    access_token: accessToken,
    expires_in: settings.accessLifetime,
    token_type: 'bearer',
    scope: null,
    refresh_token: refreshToken,
  };
  return buildReply(200, body, { pragma: 'no-cache' });
}
