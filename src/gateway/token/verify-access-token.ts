import type { Connection, Verifier } from '../../api/generated/connection.ts';
import { findAccepted } from '../../credentials/accepted-verifiers.ts';
import type { AccessClaims, BoundSide } from './access-claims.ts';
import { isKeyAccepted, longestToken, readAccessToken } from './access-token.ts';
import { isPairAllowed } from './pairing.ts';
import type { TokenContext } from './token-context.ts';

/** Whose call it is, or the 401 that answers it. */
export type VerifiedToken =
  | {
      readonly kind: 'valid';
      /** Connection of the client id. */
      readonly client: Connection;
      /** Connection of the username: its role and group decide. */
      readonly user: Connection;
      readonly claims: AccessClaims;
    }
  | { readonly kind: 'refused'; readonly status: 401; readonly message: string };

/** Verifies the value of an `Authorization` header; `now` in milliseconds since the epoch. */
export type AccessTokenVerifier = (authorization: string | undefined, now: number) => VerifiedToken;

const missing = refuse('Authentication is required');
const invalid = refuse('The access token provided is invalid.');
const expired = refuse('The access token provided has expired.');
/** Exactly so, as the PIM reads it. */
const scheme = 'Bearer ';

/**
 * Verifies with no network call. What is known of a token are claims and nothing that was decided from them: key,
 * audience, time, revocation, and what binds the token to both connections, are looked at on every call.
 */
export function buildAccessTokenVerifier(
  context: Pick<TokenContext, 'settings' | 'directory' | 'keys' | 'revoked' | 'known'>,
): AccessTokenVerifier {
  return (authorization, now) => {
    if (!authorization?.startsWith(scheme) || authorization.length === scheme.length) return missing;
    const keys = context.keys();
    if (!keys || authorization.length > scheme.length + longestToken) return invalid;
    const token = authorization.slice(scheme.length);
    const known = context.known.get(token);
    const read = known ?? readAccessToken(keys, token);
    if (!read || !isKeyAccepted(keys, read)) return invalid;
    if (!known) context.known.set(token, read);
    return checkClaims(context, read.claims, now);
  };
}

/** The checks that a token has to pass each time. */
export function checkClaims(
  { settings, directory, revoked }: Pick<TokenContext, 'settings' | 'directory' | 'revoked'>,
  claims: AccessClaims,
  now: number,
): VerifiedToken {
  if (claims.aud !== settings.name || revoked.has(claims.sid) || revoked.has(claims.jti)) return invalid;
  const client = directory.findByUid(claims.client.uid);
  if (!client) return invalid;
  const isPair = claims.user.uid !== claims.client.uid;
  const user = isPair ? directory.findByUid(claims.user.uid) : client;
  if (!user || !isPairAllowed(client, user, settings.pairing)) return invalid;
  const accepted = findAccepted(client, now);
  const { password } = isPair ? findAccepted(user, now) : accepted;
  if (!isAmong(accepted.clientSecret, claims.client) || !isAmong(password, claims.user)) return invalid;
  // Last, so that a token of a connection that is gone is invalid however old it is.
  return claims.exp * 1000 <= now ? expired : { kind: 'valid', client, user, claims };
}

/** Whether the version that the token was made with counts. */
function isAmong(verifiers: readonly Verifier[], side: BoundSide): boolean {
  return verifiers.some(({ version }) => version === side.version);
}

function refuse(message: string): VerifiedToken {
  return { kind: 'refused', status: 401, message };
}
