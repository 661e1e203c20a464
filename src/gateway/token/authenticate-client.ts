import type { Connection } from '../../api/generated/connection.ts';
import type { GatewayKeys } from '../keys/gateway-keys.ts';
import { buildError, type OwnReply, type OwnRequest } from './own-request.ts';
import type { Parameters } from './read-parameters.ts';
import type { TokenContext } from './token-context.ts';

/** The client of a request: whose it is and the version of the secret that was presented. */
export interface AuthenticatedClient {
  readonly connection: Connection;
  readonly version: string;
}

export const wrongClient = 'Parameter "client_id" is missing or does not match any client, or secret is invalid';

/**
 * Checks client id and secret: those of Basic authentication, else those of the body. A secret is taken as it is and,
 * when that is wrong, percent-decoded, as RFC 6749 section 2.3.1 wants it encoded and most clients do not.
 */
export async function authenticateClient(
  context: TokenContext,
  keys: GatewayKeys,
  request: OwnRequest,
  parameters: Parameters,
): Promise<AuthenticatedClient | OwnReply> {
  for (const [clientId, secret] of readCandidates(request.header('authorization'), parameters)) {
    const connection = context.directory.findByClientId(clientId);
    if (!connection) continue;
    const { network } = request;
    const verdict = await context.checker.check(connection, 'clientSecret', secret, {
      keys: keys.ring,
      now: context.clock(),
      network,
    });
    if (verdict.kind === 'accepted') return { connection, version: verdict.version };
    if (verdict.kind === 'busy') return buildBusy(context, verdict.retryAfter);
    if (verdict.kind === 'retired') context.reports.retired(connection, 'clientSecret', verdict.version);
  }
  return reject(context, wrongClient);
}

/** 422 as the PIM says it, counted. */
export function reject(context: TokenContext, message: string): OwnReply {
  context.reports.counted('rejected');
  return buildError(422, message);
}

/** 429 for guesses that are held back. */
export function buildBusy(context: TokenContext, retryAfter: number): OwnReply {
  context.reports.counted('busy');
  return buildError(429, 'Too many failed attempts. Try again later.', { 'retry-after': String(retryAfter) });
}

function readCandidates(
  authorization: string | undefined,
  parameters: Parameters,
): readonly (readonly [string, string])[] {
  const basic = readBasic(authorization);
  if (!basic) {
    const [clientId, secret] = [parameters.get('client_id'), parameters.get('client_secret')];
    return clientId === undefined || secret === undefined ? [] : [[clientId, secret]];
  }
  const decoded = [decode(basic[0]), decode(basic[1])] as const;
  const isSame = decoded[0] === basic[0] && decoded[1] === basic[1];
  return isSame || decoded[0] === undefined || decoded[1] === undefined ? [basic] : [basic, [decoded[0], decoded[1]]];
}

function readBasic(authorization: string | undefined): readonly [string, string] | undefined {
  const encoded = /^basic +([A-Za-z0-9+/=_-]+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : [text.slice(0, colon), text.slice(colon + 1)];
}

/** Form-decoding: `+` is a blank. */
function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
