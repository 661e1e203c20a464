import {
  createServer as createHttp1Server,
  type Server as Http1Server,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import {
  constants,
  createServer as createHttp2Server,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { ListenAddress } from '../../process/read-listen-address.ts';
import { maxHeaderBytes } from '../request/read-headers.ts';
import { maxPathBytes, maxQueryBytes } from '../request/read-target.ts';
import type { ExchangeHandler } from './exchange.ts';
import { findProtocol } from './find-protocol.ts';
import { Http1Exchange } from './http1-exchange.ts';
import { Http2Exchange } from './http2-exchange.ts';
import { endWith, type OpenExchange, writeParserError } from './write-parser-error.ts';

/** PEM texts. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface GatewayServerOptions {
  readonly listen: ListenAddress;
  /** Absent: no TLS. */
  readonly certificate?: Certificate | undefined;
  readonly handle: ExchangeHandler;
  /** For tests: other times than those of `serverTimes`. */
  readonly times?: Partial<ServerTimes>;
}

/** Milliseconds. */
export interface ServerTimes {
  /** For the headers of a request, from its first byte, and from the connection to the first byte. */
  readonly headers: number;
  /** A connection between two requests. */
  readonly keepAlive: number;
  /** A connection on which nothing moves at all, whatever else should have ended it. */
  readonly silence: number;
}

const serverTimes: ServerTimes = { headers: 10_000, keepAlive: 60_000, silence: 90_000 };

export interface GatewayServer {
  readonly port: number;
  /** For new connections. Throws when the two do not belong together. */
  setCertificate(certificate: Certificate): void;
  /** Takes no new connection, lets what is under way finish for `patience` milliseconds, then ends it. */
  close(patience: number): Promise<void>;
}

/** Of request line and headers together. What is judged are path, query and headers, each by its own limit. */
const maxHead = maxHeaderBytes + maxPathBytes + maxQueryBytes + 1024;

/**
 * Listens for HTTP/1.1 and HTTP/2 on one port: with TLS the client chooses by ALPN, without it by its first bytes. The
 * parsers are strict and drop nothing unseen. Rejects when the address cannot be listened on.
 */
export async function startGatewayServer(options: GatewayServerOptions): Promise<GatewayServer> {
  const times = { ...serverTimes, ...options.times };
  const http2 = buildHttp2Server(options.handle, times);
  const http1 = buildHttp1Server(options, times);
  const undecided = splitConnections(http1, http2.server, times.headers);
  await new Promise<void>((resolve, reject) => {
    http1.once('error', reject);
    http1.listen(options.listen.port, options.listen.host, resolve);
  });
  return {
    port: (http1.address() as AddressInfo).port,
    setCertificate: (certificate) => (http1 as HttpsServer).setSecureContext({ ...certificate, ...tlsVersions }),
    close: async (patience) => {
      const closed = new Promise<void>((resolve) => http1.close(() => resolve()));
      for (const socket of undecided) socket.destroy();
      for (const session of http2.sessions) session.close();
      // Connections that become idle from now on are not closed by themselves.
      const sweep = setInterval(() => http1.closeIdleConnections(), sweepEvery);
      const end = setTimeout(() => {
        http1.closeAllConnections();
        for (const session of http2.sessions) session.destroy();
      }, patience);
      await Promise.all([closed, http2.whenIdle()]);
      clearInterval(sweep);
      clearTimeout(end);
    },
  };
}

/** While it closes, how often the server looks for connections without a call, in milliseconds. */
const sweepEvery = 100;
const tlsVersions = { minVersion: 'TLSv1.2' } as const;

function buildHttp1Server({ certificate, handle }: GatewayServerOptions, times: ServerTimes): Http1Server {
  const options = {
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
    : createHttp1Server(options);
  server.timeout = times.silence;
  // The bytes are limited; Node's own limit of lines drops what is beyond, or answers in its own words.
  server.maxHeadersCount = 0;

  const open = new WeakMap<object, OpenExchange[]>();
  const take = (request: IncomingMessage, reply: ServerResponse, waitsForContinue: boolean): void => {
    const exchanges = open.get(request.socket) ?? [];
    open.set(request.socket, exchanges);
    const exchange = { request, reply };
    exchanges.push(exchange);
    reply.once('close', () => exchanges.splice(exchanges.indexOf(exchange), 1));
    handle(new Http1Exchange(request, reply, waitsForContinue));
  };
  server.on('request', (request, reply) => take(request, reply, false));
  server.on('checkContinue', (request, reply) => take(request, reply, true));
  // Any other expectation is not understood; the header is dropped and the request goes its way.
  server.on('checkExpectation', (request, reply) => take(request, reply, false));
  server.on('clientError', (error, socket) => writeParserError(error, socket, open.get(socket) ?? []));
  server.on('connect', (_request, socket) => endWith(socket, 400, 'Bad Request', 'CONNECT is not served.'));
  return server;
}

/** Hands each new connection to the parser that its client speaks. Returns those that have not said anything yet. */
function splitConnections(http1: Http1Server, http2: Http2Server, patience: number): ReadonlySet<Socket> {
  const event = 'setSecureContext' in http1 ? 'secureConnection' : 'connection';
  const takeHttp1 = http1.listeners(event);
  http1.removeAllListeners(event);
  const pass = (socket: Socket, protocol: 'http1' | 'http2'): void => {
    if (protocol === 'http2') http2.emit('connection', socket);
    else for (const take of takeHttp1) take.call(http1, socket);
  };
  const undecided = new Set<Socket>();
  http1.on(event, (socket: Socket | TLSSocket) => {
    if ('alpnProtocol' in socket) {
      pass(socket, socket.alpnProtocol === 'h2' ? 'http2' : 'http1');
      return;
    }
    undecided.add(socket);
    socket.once('close', () => undecided.delete(socket));
    findProtocol(socket, patience, (protocol) => {
      undecided.delete(socket);
      pass(socket, protocol);
    });
  });
  return undecided;
}

interface Http2Part {
  readonly server: Http2Server;
  readonly sessions: ReadonlySet<ServerHttp2Session>;
  whenIdle(): Promise<void>;
}

function buildHttp2Server(handle: ExchangeHandler, times: ServerTimes): Http2Part {
  const sessions = new Set<ServerHttp2Session>();
  const server = createHttp2Server({
    settings: { enablePush: false, maxConcurrentStreams: 100, maxHeaderListSize: maxHead },
    maxHeaderListPairs: 1_000,
    maxSessionMemory: 10,
  });
  let onIdle = (): void => undefined;
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => undefined);
    session.setTimeout(times.silence, () => endSession(session));
    session.once('close', () => {
      sessions.delete(session);
      if (sessions.size === 0) onIdle();
    });
  });
  server.on('stream', (stream, headers, flags, rawHeaders) => {
    const request = readHttp2Request(headers, flags, rawHeaders as unknown as readonly string[]);
    handle(new Http2Exchange(stream as ServerHttp2Stream, request));
  });
  const whenIdle = async (): Promise<void> => {
    if (sessions.size > 0) await new Promise<void>((resolve) => (onIdle = resolve));
  };
  return { server, sessions, whenIdle };
}

/** Says goodbye first: streams that are open, on a session where nothing moves, do not come to an end. */
function endSession(session: ServerHttp2Session): void {
  session.close();
  setTimeout(() => session.destroy(), 1_000).unref();
}

function readHttp2Request(headers: IncomingHttpHeaders, flags: number, rawHeaders: readonly string[]) {
  return {
    method: headers[':method'] ?? '',
    target: headers[':path'] ?? '',
    rawHeaders,
    waitsForContinue: headers.expect?.toLowerCase() === '100-continue',
    hasBody: (flags & constants.NGHTTP2_FLAG_END_STREAM) === 0,
  };
}
