import { readPlainName } from '../request/read-plain-name.ts';

const claim = /^x-connection-/;

/** The claims that a proxy overwrites with those of the answer, whatever the client sent. */
const overwritten = new Set(['x-connection-code', 'x-connection-role', 'x-connection-group']);

/**
 * Whether a request carries an `X-Connection-…` header that no proxy overwrites with the gateway's: another name than
 * the three of a 200, or another spelling of them, as in `X_Connection.Code`. The proxy that asks would pass it on, and
 * many a server behind it takes all spellings for the same (CGI).
 *
 * @param rawHeaders name, value, name, value …
 */
export function hasForeignClaim(rawHeaders: readonly string[]): boolean {
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase();
    // Nearly every header is told apart by its first letter.
    if (name.startsWith('x') && !overwritten.has(name) && claim.test(readPlainName(name))) return true;
  }
  return false;
}
