import type { OwnEndpoints } from './build-gateway.ts';
import type { GatewayConfig } from './config/gateway-config.ts';
import { handleJwks, handleMetadata } from './token/discovery-endpoints.ts';
import { handleIntrospect } from './token/introspection-endpoint.ts';
import { handleRevoke } from './token/revocation-endpoint.ts';
import type { TokenContext } from './token/token-context.ts';
import { handleToken } from './token/token-endpoint.ts';
import type { TokenSettings } from './token/token-settings.ts';

/** What the configuration says about tokens. */
export function readTokenSettings({ name, publicUrl, tokens, credentialPairing }: GatewayConfig): TokenSettings {
  return {
    name,
    issuer: publicUrl?.base ?? name,
    accessLifetime: Math.round(tokens.access / 1000),
    refreshLifetime: Math.round(tokens.refresh / 1000),
    pairing: credentialPairing,
  };
}

/** The endpoints about tokens, standing on one context. */
export function buildOwnEndpoints(context: TokenContext): OwnEndpoints {
  return {
    token: (request) => handleToken(context, request),
    revoke: (request) => handleRevoke(context, request),
    introspect: (request) => handleIntrospect(context, request),
    metadata: (request) => handleMetadata(context, request),
    jwks: (request) => handleJwks(context, request),
  };
}
