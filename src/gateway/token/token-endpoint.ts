import { type CompleteKeys, isComplete } from '../keys/gateway-keys.ts';
import { type AuthenticatedClient, authenticateClient, reject } from './authenticate-client.ts';
import { grantPassword } from './grant-password.ts';
import { grantRefresh } from './grant-refresh.ts';
import { buildError, buildWrongMethod, type OwnReply, type OwnRequest } from './own-request.ts';
import { type Parameters, readParameters } from './read-parameters.ts';
import type { TokenContext } from './token-context.ts';

/** A grant: given an authenticated client, tokens or the reason why not. */
export type Grant = (
  context: TokenContext,
  keys: CompleteKeys,
  client: AuthenticatedClient,
  request: { readonly parameters: Parameters; readonly network: string },
) => Promise<OwnReply>;

const grants: ReadonlyMap<string, Grant> = new Map([
  ['password', grantPassword],
  ['refresh_token', grantRefresh],
]);
/** Grants that exist elsewhere; an authenticated client is told that they are not its. */
const foreignGrant = /^(authorization_code|client_credentials|token|urn:.+|https?:\/\/.+)$/;

/**
 * `POST /api/oauth/v1/token`. The order of checks is the PIM's: body, grant type, client, whether the grant is the
 * client's, user or refresh token, scope.
 */
export async function handleToken(context: TokenContext, request: OwnRequest): Promise<OwnReply> {
  if (request.method !== 'POST') return buildWrongMethod(request, 'POST');
  const parameters = readParameters(request);
  if ('status' in parameters) return parameters;
  const type = parameters.get('grant_type') ?? '';
  const grant = grants.get(type);
  if (!grant && !foreignGrant.test(type)) {
    return reject(context, 'Parameter "grant_type", "username" or "password" is missing, empty or invalid');
  }
  const keys = context.keys();
  if (!isComplete(keys) || context.isStale()) return buildUnavailable(context);
  const client = await authenticateClient(context, keys, request, parameters);
  if ('status' in client) return client;
  if (!grant) return reject(context, 'This grant type is not authorized for this client');
  return grant(context, keys, client, { parameters, network: request.network });
}

/** 503 while tokens cannot be handed out on what is known. */
function buildUnavailable(context: TokenContext): OwnReply {
  context.reports.counted('unavailable');
  return buildError(503, 'Tokens cannot be issued at the moment. Try again later.', { 'retry-after': '5' });
}
