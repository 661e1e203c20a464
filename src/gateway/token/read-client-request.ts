import { type CompleteKeys, isComplete } from '../keys/gateway-keys.ts';
import { type AuthenticatedClient, authenticateClient } from './authenticate-client.ts';
import { buildError, buildWrongMethod, type OwnReply, type OwnRequest } from './own-request.ts';
import { readParameters } from './read-parameters.ts';
import type { TokenContext } from './token-context.ts';

/** A request about a token, from a client that proved who it is. */
export interface ClientRequest {
  readonly client: AuthenticatedClient;
  readonly keys: CompleteKeys;
  readonly token: string;
}

/** Reads what revocation and introspection have in common, or says why not. */
export async function readClientRequest(context: TokenContext, request: OwnRequest): Promise<ClientRequest | OwnReply> {
  if (request.method !== 'POST') return buildWrongMethod(request, 'POST');
  const parameters = readParameters(request);
  if ('status' in parameters) return parameters;
  const keys = context.keys();
  if (!isComplete(keys)) return buildAway('There are no keys to check this with at the moment. Try again later.');
  const client = await authenticateClient(context, keys, request, parameters);
  if ('status' in client) return client.status === 422 ? askForClient(client) : client;
  const token = parameters.get('token') ?? '';
  return token === '' ? buildError(400, 'Parameter "token" is missing or empty') : { client, keys, token };
}

/** 503 for what stands on something that is away. */
export function buildAway(message: string): OwnReply {
  return buildError(503, message, { 'retry-after': '5' });
}

/** RFC 6749 section 5.2: a client that failed to authenticate gets 401, with the scheme to use. */
function askForClient({ body }: OwnReply): OwnReply {
  const { message } = JSON.parse(body) as { message: string };
  return buildError(401, message, { 'www-authenticate': 'Basic realm="oauth", charset="UTF-8"' });
}
