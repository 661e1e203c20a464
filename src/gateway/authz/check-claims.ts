import { readPlainName } from '../request/read-plain-name.ts';

const claim = /^x-connection-/;

/**
 * Whether a request carries an `X-Connection-…` header in another spelling than with hyphens, as in
 * `X_Connection.Code`. The proxy that asks overwrites the right spelling and passes this one on, and many a server
 * behind it takes both for the same (CGI).
 *
 * @param rawHeaders name, value, name, value …
 */
export function hasClaimAlias(rawHeaders: readonly string[]): boolean {
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase();
    // Nearly every header is told apart by its first letter.
    if (name.startsWith('x') && claim.test(readPlainName(name)) && readPlainName(name) !== name) return true;
  }
  return false;
}
