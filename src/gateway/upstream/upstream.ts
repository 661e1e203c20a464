import { Pool } from 'undici';
import type { AskUpstream } from '../catalog/catalog-upstream.ts';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { buildDroppedNames } from '../request/build-dropped-names.ts';
import { buildUpstreamHeaders, type CallerNames } from '../request/build-upstream-headers.ts';
import { buildLinkAddresses } from '../request/find-public-link.ts';
import type { PublicAddress } from '../request/read-public-address.ts';
import type { ReadRequest } from '../request/read-request.ts';
import type { Exchange } from '../server/exchange.ts';
import { AkeneoLogin } from './akeneo-login.ts';
import { type AttemptOutcome, runAttempt } from './forward-attempt.ts';
import type { ReplyObserver } from './reply-observer.ts';
import {
  buildFixedCredentials,
  type CredentialHeader,
  LoginError,
  noCredentials,
  type UpstreamCredentials,
} from './upstream-credentials.ts';
import type { WholeOutcome } from './whole-attempt.ts';
import { buildWholeCalls, type WholeCall, type WholeCallOutcome, type WholeCalls } from './whole-calls.ts';

/** A request that may go to the upstream. */
export interface UpstreamCall {
  readonly request: ReadRequest;
  readonly clientAddress: string;
  readonly publicAddress: PublicAddress;
  /** Absent on open endpoints: then the gateway's credentials stay here too. */
  readonly caller?: CallerNames;
  /** The reply may be JSON with links. Such a reply is asked for uncompressed and whole. */
  readonly rewrites: boolean;
  /** Hears of what goes to the client. */
  readonly observer?: ReplyObserver | undefined;
}

/** How a call ended. `failed`: nothing was sent to the client, which gets `status` and `message`. */
export type ForwardOutcome =
  | Extract<AttemptOutcome, { readonly kind: 'answered' | 'gone' }>
  | {
      readonly kind: 'failed';
      readonly status: 408 | 502 | 504;
      readonly message: string;
      /** For the log. */
      readonly reason: string;
    };

/** The API behind the gateway. */
export interface Upstream {
  /** Never rejects. */
  forward(exchange: Exchange, call: UpstreamCall): Promise<ForwardOutcome>;
  /** A call whose reply is judged as a whole. Never rejects. */
  forwardWhole(exchange: Exchange, call: WholeCall): Promise<WholeCallOutcome>;
  readonly answerWhole: WholeCalls['answerWhole'];
  /** A question of the gateway's own. Rejects when there is no answer. */
  readonly ask: AskUpstream;
  close(): Promise<void>;
}

export interface UpstreamOptions {
  readonly upstream: GatewayConfig['upstream'];
  /** Milliseconds in which nothing moves on a call in either direction. Default 60,000. */
  readonly idle?: number;
  /** Milliseconds on a clock that never goes backwards. Default: since the process began. */
  readonly clock?: () => number;
}

/** Connections to the upstream are opened as calls need them and kept for the next. */
export function buildUpstream({ upstream, idle = 60_000, clock = () => performance.now() }: UpstreamOptions): Upstream {
  const { url, auth, dropHeaders } = upstream;
  const { origin, host } = url;
  // Idle times are counted for both sides together, in the attempt.
  const dispatcher = new Pool(origin, {
    allowH2: false,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: 10_000 },
  });
  const credentials: UpstreamCredentials =
    auth.type === 'none'
      ? noCredentials
      : auth.type === 'header'
        ? buildFixedCredentials({ name: auth.name, value: auth.value })
        : new AkeneoLogin({ origin, auth, dispatcher, clock });
  const dropped = buildDroppedNames(auth.type === 'header' ? [...dropHeaders, auth.name] : dropHeaders);

  const attempt = (
    exchange: Exchange,
    call: UpstreamCall,
    header: CredentialHeader | undefined,
  ): Promise<AttemptOutcome> => {
    const { request, clientAddress, publicAddress, caller, rewrites, observer } = call;
    const headers = buildUpstreamHeaders(request.headers, {
      upstreamHost: host,
      dropped,
      clientAddress,
      publicAddress,
      ...(caller && { caller }),
      ...(header && { credentials: header }),
      readsReply: rewrites,
    });
    return runAttempt({
      exchange,
      dispatcher,
      origin,
      target: request.target.path + request.target.query,
      headers,
      addresses: buildLinkAddresses(url, publicAddress),
      rewrites,
      refusals: caller ? credentials.refusals : new Set(),
      idle,
      observer,
    });
  };

  const forward = async (exchange: Exchange, call: UpstreamCall): Promise<ForwardOutcome> => {
    const header = call.caller && (await credentials.read());
    let outcome = await attempt(exchange, call, header);
    if (outcome.kind === 'failed' && outcome.reason === 'lost' && isRepeatable(exchange)) {
      outcome = await attempt(exchange, call, header);
    }
    if (outcome.kind === 'refused') {
      const isRenewed = await credentials.renew(header, outcome.status);
      // A body that was streamed is gone; the next call finds the new login.
      if (isRenewed && !exchange.hasBody) outcome = await attempt(exchange, call, await credentials.read());
    }
    return readOutcome(outcome);
  };
  const whole = buildWholeCalls({ url, dispatcher, credentials, dropped, idle, readOutcome });
  const failLogin = (error: unknown): ForwardOutcome => failed(502, messages.credentials, readReason(error));
  return {
    forward: (exchange, call) => forward(exchange, call).catch(failLogin),
    forwardWhole: (exchange, call) => whole.forwardWhole(exchange, call).catch(failLogin),
    answerWhole: whole.answerWhole,
    ask: whole.ask,
    close: () => dispatcher.destroy(),
  };
}

const messages = {
  credentials: "The upstream did not accept the gateway's own credentials.",
  unreachable: 'The upstream cannot be reached.',
  garbage: 'The upstream gave an answer that cannot be passed on.',
  upstreamIdle: 'The upstream did not answer in time.',
  clientIdle: 'The body of the request did not arrive in time.',
} as const;

/** What the upstream may have seen already does no harm a second time, and is all there to be sent again. */
function isRepeatable({ raw, hasBody }: Exchange): boolean {
  return !hasBody && (raw.method === 'GET' || raw.method === 'HEAD');
}

function readOutcome(outcome: AttemptOutcome | Exclude<WholeOutcome, { kind: 'answered' }>): ForwardOutcome {
  if (outcome.kind === 'refused') return failed(502, messages.credentials, `credentials: ${outcome.status}`);
  if (outcome.kind !== 'failed') return outcome;
  const { reason, code } = outcome;
  const said = code === '' ? reason : `${reason}: ${code}`;
  switch (reason) {
    case 'clientIdle':
      return failed(408, messages.clientIdle, said);
    case 'upstreamIdle':
      return failed(504, messages.upstreamIdle, said);
    case 'garbage':
      return failed(502, messages.garbage, said);
    default:
      return failed(502, messages.unreachable, said);
  }
}

function failed(status: 408 | 502 | 504, message: string, reason: string): ForwardOutcome {
  return { kind: 'failed', status, message, reason };
}

function readReason(error: unknown): string {
  return error instanceof LoginError ? error.message : 'unexpected trouble';
}
