import { createServer, type IncomingMessage, type Server, type ServerOptions, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { maxPathBytes, maxQueryBytes } from '../../access/read-target.ts';
import { maxHeaderBytes } from '../request/read-headers.ts';
import type { ExchangeHandler } from './exchange.ts';
import { Http1Exchange } from './http1-exchange.ts';
import { Pipeline } from './pipeline.ts';
import type { ServerTimes } from './server-times.ts';
import { endWith, writeParserError } from './write-parser-error.ts';

/** PEM texts. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export const tlsVersions: { readonly minVersion: 'TLSv1.2' } = { minVersion: 'TLSv1.2' };

/** Bytes of request line and headers together. What is judged are path, query and headers, each by its own limit. */
export const maxHead: number = maxHeaderBytes + maxPathBytes + maxQueryBytes + 1024;

/** The strict HTTP/1.1 parser, which hands everything on that it accepts. Not listening yet. */
export function buildHttp1Server(
  handle: ExchangeHandler,
  certificate: Certificate | undefined,
  times: ServerTimes,
): Server {
  const options: ServerOptions = {
    insecureHTTPParser: false,
    maxHeaderSize: maxHead,
    headersTimeout: times.headers,
    requestTimeout: 0,
    keepAliveTimeout: times.keepAlive,
    connectionsCheckingInterval: Math.min(1_000, times.headers),
    // Judged with all other headers, so that the answer is ours.
    requireHostHeader: false,
    optimizeEmptyRequests: true,
  };
  const server = certificate
    ? createHttpsServer({
        ...options,
        ...certificate,
        ...tlsVersions,
        ALPNProtocols: ['h2', 'http/1.1'],
        handshakeTimeout: times.headers,
      })
    : createServer(options);
  server.timeout = times.silence;
  // The bytes are limited; Node's own limit of lines drops what is beyond, or answers in its own words.
  server.maxHeadersCount = 0;
  handleRequests(server, handle);
  return server;
}

function handleRequests(server: Server, handle: ExchangeHandler): void {
  const pipelines = new WeakMap<object, Pipeline>();
  const take = (request: IncomingMessage, reply: ServerResponse, waitsForContinue: boolean): void => {
    const pipeline = pipelines.get(request.socket) ?? new Pipeline();
    pipelines.set(request.socket, pipeline);
    pipeline.add({ request, reply }, () => handle(new Http1Exchange(request, reply, waitsForContinue)));
  };
  server.on('request', (request, reply) => take(request, reply, false));
  server.on('checkContinue', (request, reply) => take(request, reply, true));
  // Any other expectation is not understood; the header is dropped and the request goes its way.
  server.on('checkExpectation', (request, reply) => take(request, reply, false));
  server.on('clientError', (error, socket) => writeParserError(error, socket, pipelines.get(socket)?.open ?? []));
  server.on('connect', (_request, socket) => endWith(socket, 400, 'Bad Request', 'CONNECT is not served.'));
}
