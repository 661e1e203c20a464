import type { GatewayKeys } from '../keys/gateway-keys.ts';
import { type AuthenticatedClient, authenticateClient } from './authenticate-client.ts';
import { buildError, type OwnReply, type OwnRequest } from './own-request.ts';
import { readParameters } from './read-parameters.ts';
import type { TokenContext } from './token-context.ts';
import { unavailable, wrongMethod } from './token-endpoint.ts';

/** A request about a token, from a client that proved who it is. */
export interface ClientRequest {
  readonly client: AuthenticatedClient;
  readonly keys: GatewayKeys;
  readonly token: string;
}

/** Reads what revocation and introspection have in common, or says why not. */
export async function readClientRequest(context: TokenContext, request: OwnRequest): Promise<ClientRequest | OwnReply> {
  if (request.method !== 'POST') return wrongMethod(request.method);
  const parameters = readParameters(request);
  if (!(parameters instanceof Map)) return parameters as OwnReply;
  const keys = context.keys();
  if (!keys) return unavailable(context);
  const client = await authenticateClient(context, keys, request, parameters);
  if ('status' in client) return client.status === 422 ? unauthorized(client) : client;
  const token = parameters.get('token') ?? '';
  return token === '' ? buildError(400, 'Parameter "token" is missing or empty') : { client, keys, token };
}

/** RFC 6749 section 5.2: a client that failed to authenticate gets 401, with the scheme to use. */
function unauthorized({ body }: OwnReply): OwnReply {
  const { message } = JSON.parse(body) as { message: string };
  return buildError(401, message, { 'www-authenticate': 'Basic realm="oauth"' });
}
