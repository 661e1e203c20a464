import type { Readable } from 'node:stream';

/**
 * Whether the client broke off before all of its body was there. Ask at the body's `end`: a stream of HTTP/2 that is reset
 * with NO_ERROR ends as if it were complete.
 */
export function isCutShort(body: Readable): boolean {
  return 'aborted' in body && body.aborted === true;
}
