import { Refusal } from '../../../../src/access/refusal.ts';
import type { HttpVersion, RequestHeaders } from '../../../../src/gateway/request/read-headers.ts';
import { type RawRequest, type ReadRequest, readRequest } from '../../../../src/gateway/request/read-request.ts';

/** A request as the parser hands it over; Host is added unless it is among the headers. */
export function rawRequest(
  method: string,
  target: string,
  headers: readonly (readonly [string, string])[] = [],
  version: HttpVersion = '1.1',
): RawRequest {
  const hasHost = headers.some(([name]) => /^:?(?:host|authority)$/i.test(name));
  const lines = hasHost ? headers : [['Host', 'gateway.example'], ...headers];
  return { method, target, rawHeaders: lines.flat(), version };
}

/** The same, read; fails the test when it is refused. */
export function requestOf(
  method: string,
  target: string,
  headers: readonly (readonly [string, string])[] = [],
  version: HttpVersion = '1.1',
): ReadRequest {
  const request = readRequest(rawRequest(method, target, headers, version));
  if (request instanceof Refusal) throw new Error(`${method} ${target} was refused: ${request.message}`);
  return request;
}

/** Headers alone. */
export function headersOf(
  headers: readonly (readonly [string, string])[],
  version: HttpVersion = '1.1',
): RequestHeaders {
  return requestOf('GET', '/', headers, version).headers;
}
