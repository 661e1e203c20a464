import type { Duplex } from 'node:stream';
import type { OpenExchange } from './pipeline.ts';
import { buildErrorBody } from './write-reply.ts';

/** What the parser's errors mean to a client; everything else is 400. */
const answers: Readonly<Record<string, readonly [number, string, string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large', 'The request line and its headers are too long.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'Content Too Large', 'The chunk extensions of the body are too long.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'The headers of the request did not arrive in time.'],
};
const badRequest = [400, 'Bad Request', 'The request is not well-formed HTTP.'] as const;
/** Milliseconds that a client has to read the answer while what it still sends is thrown away. */
const lingerTime = 500;

/**
 * Answers bytes that are no request, as a JSON error like all others, and closes the connection. Replies to requests
 * that came before are let through first. Where the reply to this very request has begun, it closes without a word.
 *
 * @param open what the client waits for on this connection, in its order.
 */
export function writeParserError(error: Error, socket: Duplex, open: readonly OpenExchange[]): void {
  const code = 'code' in error ? String(error.code) : '';
  const [first, last] = [open[0], open.at(-1)];
  if (!socket.writable || code === 'ECONNRESET') socket.destroy();
  else if (last?.request.complete) {
    ignoreInput(socket);
    last.reply.once('close', () => endSoon(socket));
  } else if (first !== last || last?.reply.headersSent) {
    ignoreInput(socket);
    endSoon(socket);
  } else {
    const [status, phrase, message] = answers[code] ?? badRequest;
    endWith(socket, status, phrase, message);
  }
}

/** What was written gets out, then the connection is closed. */
function endSoon(socket: Duplex): void {
  socket.end();
  setTimeout(() => socket.destroy(), lingerTime);
}

function ignoreInput(socket: Duplex): void {
  socket.removeAllListeners('data');
  socket.on('data', () => undefined);
  socket.on('error', () => undefined);
}

/** Answers on a raw connection and closes it. */
export function endWith(socket: Duplex, status: number, phrase: string, message: string): void {
  const body = buildErrorBody(status, message);
  const head = [
    `HTTP/1.1 ${status} ${phrase}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'cache-control: no-store',
    'x-content-type-options: nosniff',
    'connection: close',
  ];
  ignoreInput(socket);
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  setTimeout(() => socket.destroy(), lingerTime);
}
