import { randomBytes } from 'node:crypto';
import type { Connection } from '../../api/generated/connection.ts';
import type { GatewayKeys } from '../keys/gateway-keys.ts';
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

/** The reply with an access token and the next refresh token; fields in the order in which the PIM has them. */
export async function issueTokens(context: TokenContext, keys: GatewayKeys, session: Session): Promise<OwnReply> {
  const { settings, clock } = context;
  const { client, user } = session;
  const now = Math.floor(clock() / 1000);
  const accessToken = await makeAccessToken(keys, {
    iss: settings.issuer,
    aud: settings.name,
    sub: user.connection.status?.username ?? '',
    client_id: client.connection.status?.clientId ?? '',
    iat: now,
    exp: now + settings.accessLifetime,
    jti: makeId(),
    sid: session.id,
    client: { uid: client.connection.metadata.uid, version: client.version },
    user: { uid: user.connection.metadata.uid, version: user.version },
  });
  const refreshToken = makeRefreshToken(keys, settings.name, {
    session: session.id,
    number: session.number,
    expires: now + settings.refreshLifetime,
    clientUid: client.connection.metadata.uid,
    userUid: user.connection.metadata.uid,
    userVersion: user.version,
  });
  context.reports.used(client.connection, user.connection);
  const body = {
    access_token: accessToken,
    expires_in: settings.accessLifetime,
    token_type: 'bearer',
    scope: null,
    refresh_token: refreshToken,
  };
  return buildReply(200, body, { pragma: 'no-cache' });
}
