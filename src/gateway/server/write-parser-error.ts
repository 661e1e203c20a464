import type { Duplex } from 'node:stream';
import { allowedMethods } from '../../access/read-method.ts';
import type { OpenExchange } from './pipeline.ts';
import { buildErrorBody } from './write-reply.ts';

/** What the parser's errors mean to a client; everything else is 400. */
const answers: Readonly<Record<string, readonly [number, string, string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large', 'The request line and its headers are too long.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'Content Too Large', 'The chunk extensions of the body are too long.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'The headers of the request did not arrive in time.'],
};
const badRequest = [400, 'Bad Request', 'The request is not well-formed HTTP.'] as const;
const unknownMethod = [405, 'Method Not Allowed', `Method Not Allowed (Allow: ${allowedMethods})`] as const;
const requestLine = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+ [\x21-\x7e]+ HTTP\/1\.[01]\r\n/;
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
    const [status, phrase, message] = isUnknownMethod(error, code) ? unknownMethod : (answers[code] ?? badRequest);
    endWith(socket, status, phrase, message, status === 405 ? [`allow: ${allowedMethods}`] : []);
  }
}

/** A request line with nothing wrong in it but a method that the parser does not know. */
function isUnknownMethod(error: Error, code: string): boolean {
  if (code !== 'HPE_INVALID_METHOD' || !('rawPacket' in error && Buffer.isBuffer(error.rawPacket))) return false;
  const read = 'bytesParsed' in error ? Number(error.bytesParsed) : 0;
  const text = error.rawPacket.toString('latin1');
  return requestLine.test(text.slice(text.lastIndexOf('\n', read - 1) + 1));
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

/** Answers on a raw connection and closes it. `more` are further header lines. */
export function endWith(
  socket: Duplex,
  status: number,
  phrase: string,
  message: string,
  more: readonly string[] = [],
): void {
  const body = buildErrorBody(status, message);
  const head = [
    `HTTP/1.1 ${status} ${phrase}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    'cache-control: no-store',
    'x-content-type-options: nosniff',
    'connection: close',
    ...more,
  ];
  ignoreInput(socket);
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  setTimeout(() => socket.destroy(), lingerTime);
}
