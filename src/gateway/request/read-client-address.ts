import { isIP, isIPv4 } from 'node:net';
import type { TrustedProxies } from './parse-trusted-proxies.ts';
import { findHeaders, type HeaderLine } from './read-headers.ts';

/**
 * Address of the client, for limits by network and for `X-Forwarded-For`: the peer's own, or, when the peer is a trusted
 * proxy, the right-most address of X-Forwarded-For that is none. An entry that is no address ends the search, because
 * everything left of it is hearsay; then the proxy that reported it counts.
 */
export function readClientAddress(peer: string, lines: readonly HeaderLine[], trusted: TrustedProxies): string {
  let address = readAddress(peer) ?? peer;
  if (!trusted(address)) return address;
  const reported = findHeaders(lines, 'x-forwarded-for').join(',').split(',');
  for (const entry of reported.reverse()) {
    const next = readAddress(entry.trim());
    if (next === undefined) return address;
    address = next;
    if (!trusted(address)) return address;
  }
  return address;
}

/**
 * One address without port, brackets or zone, lower case; IPv4 also where it came as IPv6 (`::ffff:10.0.0.1`).
 * `undefined` for any other text.
 */
export function readAddress(text: string): string | undefined {
  const [, bracketed, v4] = /^(?:\[([^\]]+)\](?::[0-9]+)?|([0-9.]+)(?::[0-9]+)?)$/.exec(text) ?? [];
  const address = (bracketed ?? v4 ?? text).replace(/%.*$/, '').toLowerCase();
  if (isIP(address) === 0) return undefined;
  const mapped = address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : '';
  return isIPv4(mapped) ? mapped : address;
}
