import type { GatewayKeys } from '../keys/gateway-keys.ts';
import { buildError, buildReply, type OwnReply, type OwnRequest } from './own-request.ts';
import type { TokenContext } from './token-context.ts';

/** `GET /.well-known/oauth-authorization-server` (RFC 8414). */
export function handleMetadata(_context: TokenContext, { method, publicOrigin }: OwnRequest): OwnReply {
  if (method !== 'GET' && method !== 'HEAD') return readOnly(method);
  const methods = ['client_secret_basic', 'client_secret_post'];
  return buildReply(200, {
    issuer: publicOrigin,
    token_endpoint: `${publicOrigin}/api/oauth/v1/token`,
    revocation_endpoint: `${publicOrigin}/oauth/revoke`,
    introspection_endpoint: `${publicOrigin}/oauth/introspect`,
    jwks_uri: `${publicOrigin}/.well-known/jwks.json`,
    grant_types_supported: ['password', 'refresh_token'],
    response_types_supported: [],
    token_endpoint_auth_methods_supported: methods,
    revocation_endpoint_auth_methods_supported: methods,
    introspection_endpoint_auth_methods_supported: methods,
  });
}

/** `GET /.well-known/jwks.json` (RFC 7517): the public halves of all signing keys that are accepted, newest first. */
export function handleJwks(context: TokenContext, { method }: OwnRequest): OwnReply {
  if (method !== 'GET' && method !== 'HEAD') return readOnly(method);
  const keys = context.keys();
  if (!keys) return buildError(503, 'There are no signing keys yet. Try again later.', { 'retry-after': '5' });
  return buildReply(200, { keys: buildJwks(keys) });
}

function buildJwks({ signing }: GatewayKeys): readonly object[] {
  return signing
    .map(({ id, publicKey }) => ({ ...publicKey.export({ format: 'jwk' }), kid: id, use: 'sig', alg: 'EdDSA' }))
    .reverse();
}

function readOnly(method: string): OwnReply {
  return buildError(405, `Method ${method} is not allowed here (Allow: GET, HEAD)`, { allow: 'GET, HEAD' });
}
