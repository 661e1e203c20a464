import { ownReplyHeaders } from '../request/build-reply-headers.ts';
import type { Exchange } from './exchange.ts';

/** The body of every error that the gateway makes itself. */
export function buildErrorBody(status: number, message: string): string {
  return JSON.stringify({ code: status, message });
}

/** A whole reply of the gateway's own. */
export function writeReply(
  exchange: Exchange,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
): void {
  const lines: string[] = [];
  for (const name in ownReplyHeaders) if (headers[name] === undefined) lines.push(name, ownReplyHeaders[name] ?? '');
  for (const name in headers) lines.push(name, headers[name] ?? '');
  if (body === '') {
    exchange.start(status, [...lines, 'content-length', '0']);
  } else {
    const bytes = Buffer.from(body, 'utf8');
    exchange.start(status, [...lines, 'content-length', String(bytes.length)]);
    exchange.write(bytes);
  }
  exchange.end();
}

/** An error as the PIM words it: `{"code": status, "message": …}`, of exactly the type `application/json`. */
export function writeError(
  exchange: Exchange,
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  writeReply(exchange, status, { 'content-type': 'application/json', ...headers }, buildErrorBody(status, message));
}
