import type { GatewayKeys } from '../keys/gateway-keys.ts';
import { buildReply, buildWrongMethod, type OwnReply, type OwnRequest } from './own-request.ts';
import { buildAway } from './read-client-request.ts';
import type { TokenContext } from './token-context.ts';

/** `GET /.well-known/oauth-authorization-server` (RFC 8414). */
export function handleMetadata(_context: TokenContext, request: OwnRequest): OwnReply {
  const { method, publicOrigin } = request;
  if (!isRead(method)) return buildWrongMethod(request, 'GET, HEAD');
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

/** `GET /.well-known/jwks.json` (RFC 7517, RFC 8037): the public halves of all keys that are accepted, newest first. */
export function handleJwks(context: TokenContext, request: OwnRequest): OwnReply {
  if (!isRead(request.method)) return buildWrongMethod(request, 'GET, HEAD');
  const keys = context.keys();
  if (!keys?.newestSigning) return buildAway('There are no signing keys yet. Try again later.');
  return buildReply(200, { keys: buildJwks(keys) });
}

function buildJwks({ signing }: GatewayKeys): readonly object[] {
  return signing
    .map(({ id, publicKey }) => ({ ...publicKey.export({ format: 'jwk' }), kid: id, use: 'sig', alg: 'EdDSA' }))
    .reverse();
}

function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}
