import type { Connection } from '../../api/generated/connection.ts';
import type { CompleteKeys } from '../keys/gateway-keys.ts';
import { buildError, type OwnReply, type OwnRequest } from './own-request.ts';
import type { Parameters } from './read-parameters.ts';
import type { TokenContext } from './token-context.ts';

/** The client of a request: whose it is and the version of the secret that was presented. */
export interface AuthenticatedClient {
  readonly connection: Connection;
  readonly version: string;
}

/** What the client gave: each as it came, and percent-decoded where that is another text. */
interface PresentedClient {
  readonly clientIds: readonly string[];
  readonly secrets: readonly string[];
}

const wrongClient = 'Parameter "client_id" is missing or does not match any client, or secret is invalid';

/**
 * Checks client id and secret: those of Basic authentication, else those of the body. Basic without a client id counts
 * as none. Its two parts are taken as they are and, when that is wrong, percent-decoded, as RFC 6749 section 2.3.1 wants
 * them encoded and most clients do not.
 */
export async function authenticateClient(
  context: TokenContext,
  keys: CompleteKeys,
  request: OwnRequest,
  parameters: Parameters,
): Promise<AuthenticatedClient | OwnReply> {
  const { clientIds, secrets } = readBasic(request.header('authorization')) ?? readBody(parameters);
  const [connection] = clientIds.flatMap((clientId) => context.directory.findByClientId(clientId) ?? []);
  if (!connection) return reject(context, wrongClient);
  const from = { keys: keys.ring, now: context.clock(), network: request.network };
  const verdict = await context.checker.check(connection, 'clientSecret', secrets, from);
  if (verdict.kind === 'accepted') return { connection, version: verdict.version };
  if (verdict.kind === 'busy') return buildBusy(context, verdict.retryAfter);
  if (verdict.kind === 'retired') context.reports.retired(connection, 'clientSecret', verdict.version);
  return reject(context, wrongClient);
}

/** 422 as the PIM says it, counted. */
export function reject(context: TokenContext, message: string): OwnReply {
  context.reports.counted('rejected');
  return buildError(422, message);
}

/** 429 for guesses that are held back, after a while: who has to wait shall not take the time of others by asking. */
export async function buildBusy(context: TokenContext, retryAfter: number): Promise<OwnReply> {
  context.reports.counted('busy');
  await context.holdBack();
  return buildError(429, 'Too many failed attempts. Try again later.', { 'retry-after': String(retryAfter) });
}

function readBody(parameters: Parameters): PresentedClient {
  const [clientId, secret] = [parameters.get('client_id'), parameters.get('client_secret')];
  return { clientIds: clientId === undefined ? [] : [clientId], secrets: secret === undefined ? [] : [secret] };
}

function readBasic(authorization: string | undefined): PresentedClient | undefined {
  const encoded = /^basic +([A-Za-z0-9+/=_-]+)$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon < 1) return undefined;
  return { clientIds: buildSpellings(text.slice(0, colon)), secrets: buildSpellings(text.slice(colon + 1)) };
}

/** The text, and the text as a form has it: percent-encoded, `+` for a blank. */
function buildSpellings(text: string): readonly string[] {
  try {
    return [...new Set([text, decodeURIComponent(text.replaceAll('+', ' '))])];
  } catch {
    return [text];
  }
}
