import { checkOwnPath } from '../access/check-own-path.ts';
import { Refusal } from '../access/refusal.ts';
import { answerAuthz } from './authz/answer-authz.ts';
import { type ForwardContext, forwardCall } from './calls/forward-call.ts';
import type { CallRecorder } from './calls/record-call.ts';
import type { TrustedProxies } from './request/parse-trusted-proxies.ts';
import { type AuthzSource, isAuthzTarget } from './request/read-authz-request.ts';
import { readClientAddress } from './request/read-client-address.ts';
import { type PublicAddress, readPublicAddress } from './request/read-public-address.ts';
import { type ReadRequest, readRequest } from './request/read-request.ts';
import { answerOwn, type Origin, type OwnEndpoint } from './server/answer-own.ts';
import type { Exchange, ExchangeHandler } from './server/exchange.ts';
import { writeError } from './server/write-reply.ts';

/** The gateway's own endpoints beside `/authz`, by what answers them. */
export interface OwnEndpoints {
  readonly token: OwnEndpoint;
  readonly revoke: OwnEndpoint;
  readonly introspect: OwnEndpoint;
  readonly metadata: OwnEndpoint;
  readonly jwks: OwnEndpoint;
}

export interface GatewayParts {
  readonly calls: ForwardContext;
  readonly own: OwnEndpoints;
  readonly authzFrom: AuthzSource;
  readonly trustedProxies: TrustedProxies;
  /** Absent: read from each request. */
  readonly publicUrl?: PublicAddress | undefined;
  readonly recorder: CallRecorder;
}

/** The gateway: takes each request of a client to what answers it. */
export function buildGateway(parts: GatewayParts): ExchangeHandler {
  const { calls, own, authzFrom, recorder } = parts;
  const routes: ReadonlyMap<string, OwnEndpoint> = new Map([
    ['/api/oauth/v1/token', own.token],
    ['/oauth/revoke', own.revoke],
    ['/oauth/introspect', own.introspect],
    ['/.well-known/oauth-authorization-server', own.metadata],
    ['/.well-known/jwks.json', own.jwks],
  ]);

  const answer = async (exchange: Exchange): Promise<void> => {
    const began = calls.uptime();
    const request = readRequest(exchange.raw);
    if (request instanceof Refusal) {
      const { status, message, allow } = request;
      writeError(exchange, status, message, allow === undefined ? {} : { allow });
      recorder.recordMalformed(status);
      return;
    }
    const origin = readOrigin(parts, exchange, request);
    if (!checkOwnPath(request.target)) {
      const call = await forwardCall(calls, exchange, request, origin, (decision) => recorder.recordUse(decision));
      recorder.recordForwarded(call, request.method, began);
      return;
    }
    const path = `/${request.target.segments.join('/')}`;
    const endpoint = routes.get(path);
    if (endpoint === undefined) writeError(exchange, 404, 'There is no such endpoint.');
    const status = endpoint === undefined ? 404 : await answerOwn(exchange, request, endpoint, origin);
    recorder.recordOwn(endpoint === undefined ? 'unmatched' : path, status, request.method, began);
  };

  const answerQuestion = (exchange: Exchange): void => {
    const began = calls.uptime();
    recorder.recordAuthz(answerAuthz(exchange, calls, authzFrom), exchange.raw.method, began);
  };

  return (exchange) => {
    const answerFault = (error: unknown): void => {
      recorder.recordTrouble(error);
      answerTrouble(exchange);
    };
    if (!isAuthzTarget(exchange.raw.target)) {
      answer(exchange).catch(answerFault);
      return;
    }
    // Nothing in it waits.
    try {
      answerQuestion(exchange);
    } catch (error) {
      answerFault(error);
    }
  };
}

function answerTrouble(exchange: Exchange): void {
  try {
    if (exchange.isStarted) exchange.abort();
    else writeError(exchange, 500, 'The gateway failed to answer. Try again later.');
  } catch {
    exchange.abort();
  }
}

function readOrigin(parts: GatewayParts, { connection }: Exchange, { headers }: ReadRequest): Origin {
  const { trustedProxies, publicUrl } = parts;
  return {
    clientAddress: readClientAddress(connection.peer, headers.lines, trustedProxies),
    publicAddress: readPublicAddress(headers, connection, trustedProxies, publicUrl),
  };
}
