import { hopByHopNames } from './build-dropped-names.ts';
import { buildOriginSpellings, findPublicLink, type LinkAddresses } from './find-public-link.ts';
import { readPlainName } from './read-plain-name.ts';

/** What the client gets to see of the upstream's headers. */
export interface ReplyHeaderSettings {
  readonly addresses: LinkAddresses;
  /** The path and query that the upstream was asked for; a relative Location is resolved against it. */
  readonly requestTarget: string;
  /** The body is changed on its way (links, catalog): its length and digests no longer hold. */
  readonly changesBody: boolean;
}

/** Headers of every answer that the gateway makes itself. */
export const ownReplyHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};

const dropped = new Set([...hopByHopNames, 'alt-svc', 'server', 'set-cookie', 'set-cookie2']);
const aboutTheBytes = new Set(['content-length', 'content-md5', 'content-digest', 'digest', 'repr-digest', 'etag']);
const locations = new Set(['location', 'content-location']);

/**
 * The headers of a reply for the client, from the upstream's (name, value, name, value …), lower-case. Location and
 * Content-Location lead to the gateway or are left out.
 */
export function buildReplyHeaders(raw: readonly string[], settings: ReplyHeaderSettings): string[] {
  const lines = readPairs(raw);
  const hopNames = readHopNames(lines);
  const built: string[] = [];
  for (const [name, value] of lines) {
    if (hopNames.has(name) || dropped.has(readPlainName(name))) continue;
    if (settings.changesBody && aboutTheBytes.has(name)) continue;
    const kept = locations.has(name) ? readPublicLocation(value, settings) : value;
    if (kept !== undefined) built.push(name, kept);
  }
  return built;
}

/**
 * A Location for the client: absolute, on the address that was called, the rest byte for byte. `undefined` for another
 * origin, and for what is no URL.
 */
export function readPublicLocation(value: string, settings: ReplyHeaderSettings): string | undefined {
  const { upstreamOrigin, publicBase } = settings.addresses;
  const change = findPublicLink(value, buildOriginSpellings(upstreamOrigin), publicBase);
  if (change !== undefined) return change.insert + value.slice(change.cut);
  const base = `${upstreamOrigin}${settings.requestTarget}`;
  const url = URL.canParse(value, base) ? new URL(value, base) : undefined;
  if (url === undefined || url.origin !== upstreamOrigin || url.username !== '' || url.password !== '')
    return undefined;
  return `${publicBase}${url.pathname}${url.search}${url.hash}`;
}

function readPairs(raw: readonly string[]): readonly (readonly [string, string])[] {
  const lines: [string, string][] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) lines.push([(raw[at] ?? '').toLowerCase(), raw[at + 1] ?? '']);
  return lines;
}

function readHopNames(lines: readonly (readonly [string, string])[]): ReadonlySet<string> {
  const listed = lines.filter(([name]) => name === 'connection').flatMap(([, value]) => value.split(','));
  return new Set(listed.map((name) => name.trim().toLowerCase()));
}
