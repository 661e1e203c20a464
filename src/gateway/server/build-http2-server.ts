import {
  constants,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import { maxHead } from './build-http1-server.ts';
import type { ExchangeHandler } from './exchange.ts';
import { Http2Exchange, type Http2Request } from './http2-exchange.ts';
import type { ServerTimes } from './server-times.ts';

/** A server that never listens itself, and its sessions. */
export interface Http2Part {
  readonly server: Http2Server;
  /** Those that are open. */
  readonly sessions: ReadonlySet<ServerHttp2Session>;
  /** Resolves when no session is open. */
  whenIdle(): Promise<void>;
}

/** Streams of one session at a time. */
const mostStreams = 100;
/** Bytes that a session may keep in memory, in units of a million. */
const sessionMemory = 10;
/** Milliseconds that a session has to close in order. */
const goodbye = 1_000;

export function buildHttp2Server(handle: ExchangeHandler, times: ServerTimes): Http2Part {
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer({
    settings: { enablePush: false, maxConcurrentStreams: mostStreams, maxHeaderListSize: maxHead },
    maxHeaderListPairs: 1_000,
    // An upstream may say a header twice that has one value, nosniff above all; it goes on as over HTTP/1.1.
    strictSingleValueFields: false,
    maxSessionMemory: sessionMemory,
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
    const request = readRequest(headers, flags, rawHeaders as unknown as readonly string[]);
    handle(new Http2Exchange(stream as ServerHttp2Stream, request));
  });
  const whenIdle = async (): Promise<void> => {
    if (sessions.size === 0) return;
    await new Promise<void>((resolve) => {
      onIdle = resolve;
    });
  };
  return { server, sessions, whenIdle };
}

/** Says goodbye first: streams that are open, on a session where nothing moves, do not come to an end. */
function endSession(session: ServerHttp2Session): void {
  session.close();
  setTimeout(() => session.destroy(), goodbye).unref();
}

function readRequest(headers: IncomingHttpHeaders, flags: number, rawHeaders: readonly string[]): Http2Request {
  return {
    method: headers[':method'] ?? '',
    target: headers[':path'] ?? '',
    rawHeaders,
    waitsForContinue: headers.expect?.toLowerCase() === '100-continue',
    hasBody: (flags & constants.NGHTTP2_FLAG_END_STREAM) === 0,
  };
}
