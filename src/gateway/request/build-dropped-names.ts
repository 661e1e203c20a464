import { methodOverrideNames } from './check-method-override.ts';
import { readPlainName } from './read-plain-name.ts';

/** For this hop only (RFC 9110 section 7.6.1, with the old names that are still met). Plain names. */
export const hopByHopNames: ReadonlySet<string> = new Set([
  'connection',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** The client's credentials, and what tells another server who called whom how: never passed on, or replaced by ours. */
const alwaysDropped = [
  'authorization',
  'cookie',
  'expect',
  'forwarded',
  'host',
  'proxy',
  'via',
  'x-real-ip',
  'x-rewrite-url',
];

/**
 * Plain names of the headers that no client can send to the upstream, made once at start.
 *
 * @param configured `upstream.dropHeaders`, and the name of the header that carries the upstream's own credentials.
 */
export function buildDroppedNames(configured: readonly string[]): ReadonlySet<string> {
  return new Set([...hopByHopNames, ...methodOverrideNames, ...alwaysDropped, ...configured.map(readPlainName)]);
}
