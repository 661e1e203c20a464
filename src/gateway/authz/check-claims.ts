import type { HeaderLine } from '../request/read-headers.ts';

/** The claims that a proxy overwrites with those of the answer, whatever the client sent. */
const overwritten = new Set(['x-connection-code', 'x-connection-role', 'x-connection-group']);

/**
 * Whether a request carries an `X-Connection-…` header that no proxy overwrites with the gateway's: another name than
 * the three of a 200, or another spelling of them, as in `X_Connection.Code`. The proxy that asks would pass it on, and
 * many a server behind it takes all spellings for the same (CGI).
 */
export function hasForeignClaim(lines: readonly HeaderLine[]): boolean {
  return lines.some(({ name, plain }) => plain.startsWith('x-connection-') && !overwritten.has(name));
}
