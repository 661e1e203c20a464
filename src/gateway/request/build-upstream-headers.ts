import type { HeaderLine, RequestHeaders } from './read-headers.ts';
import type { PublicAddress } from './read-public-address.ts';

/** Who calls, for the upstream's eyes. */
export interface CallerNames {
  readonly code: string;
  readonly role: string;
  readonly group: string;
}

/** What the upstream is told beside what the client sent. */
export interface UpstreamHeaderSettings {
  /** `host[:port]` of `upstream.url`. */
  readonly upstreamHost: string;
  /** From `buildDroppedNames`. */
  readonly dropped: ReadonlySet<string>;
  /** From `readClientAddress`. */
  readonly clientAddress: string;
  readonly publicAddress: PublicAddress;
  /** Absent on open endpoints, which nobody is known to call. */
  readonly caller?: CallerNames;
  /** The upstream's own credentials. Absent on open endpoints and without `upstream.auth`. */
  readonly credentials?: { readonly name: string; readonly value: string };
  /** The reply's body has to be read here (links, catalog): asks for it uncompressed and whole. */
  readonly readsReply: boolean;
}

const droppedPrefix = /^x-(?:forwarded|original|connection)-/;
/** What a body is was judged by the right spelling of these; CGI reads other spellings as the same. */
const judgedPrefix = /^content-/;
const wholeReply = new Set(['accept-encoding', 'range', 'if-range']);

/**
 * The headers of the upstream request as name, value, name, value …, lower-case, Host first. Content-Length stays as
 * sent; how a body without one is framed is the HTTP client's business.
 */
export function buildUpstreamHeaders(headers: RequestHeaders, settings: UpstreamHeaderSettings): string[] {
  const built = ['host', settings.upstreamHost];
  for (const line of headers.lines) {
    if (isPassedOn(line, headers.hopNames, settings)) built.push(line.name, line.value);
  }
  const { caller, credentials, publicAddress } = settings;
  if (settings.readsReply) built.push('accept-encoding', 'identity');
  if (credentials !== undefined) built.push(credentials.name.toLowerCase(), credentials.value);
  set(built, 'x-forwarded-for', settings.clientAddress);
  set(built, 'x-forwarded-host', publicAddress.host);
  set(built, 'x-forwarded-proto', publicAddress.protocol);
  if (caller !== undefined) {
    set(built, 'x-connection-code', caller.code);
    set(built, 'x-connection-role', caller.role);
    set(built, 'x-connection-group', caller.group);
  }
  return built;
}

function isPassedOn(line: HeaderLine, hopNames: ReadonlySet<string>, settings: UpstreamHeaderSettings): boolean {
  if (hopNames.has(line.name)) return false;
  if (line.name === 'te') return line.value.toLowerCase() === 'trailers';
  const { plain } = line;
  if (settings.dropped.has(plain) || droppedPrefix.test(plain)) return false;
  if (plain !== line.name && judgedPrefix.test(plain)) return false;
  return !(settings.readsReply && wholeReply.has(plain));
}

/** In printable ASCII, whatever the value holds. */
function set(built: string[], name: string, value: string): void {
  built.push(name, value.replace(/[^\x20-\x7e]/g, '?'));
}
