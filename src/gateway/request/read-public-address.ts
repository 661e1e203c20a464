import { checkHost } from './check-host.ts';
import type { TrustedProxies } from './parse-trusted-proxies.ts';
import { readAddress } from './read-client-address.ts';
import { findHeaders, type HeaderLine, type RequestHeaders } from './read-headers.ts';

/** The address that the client called; links in replies are rewritten to it. Nothing else may depend on it. */
export interface PublicAddress {
  /** `https://api.example.com`, with a path where `publicUrl` has one, never with a slash at its end. */
  readonly base: string;
  /** `name[:port]` or `[v6][:port]`. */
  readonly host: string;
  readonly protocol: 'http' | 'https';
}

/** What the connection itself says. */
export interface PeerConnection {
  readonly peer: string;
  readonly tls: boolean;
}

/** Reads `publicUrl`. `undefined` when it is no http or https URL, or has a user, a query or a fragment. */
export function parsePublicUrl(text: string): PublicAddress | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const protocol = url?.protocol.slice(0, -1);
  if (url === undefined || (protocol !== 'http' && protocol !== 'https')) return undefined;
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') return undefined;
  return { base: `${url.origin}${url.pathname.replace(/\/+$/, '')}`, host: url.host, protocol };
}

/**
 * `publicUrl` where there is one; else Host and the connection's protocol, each replaced by the right-most value of
 * X-Forwarded-Host and X-Forwarded-Proto where the peer is a trusted proxy and the value is well-formed.
 */
export function readPublicAddress(
  headers: RequestHeaders,
  connection: PeerConnection,
  trusted: TrustedProxies,
  publicUrl: PublicAddress | undefined,
): PublicAddress {
  if (publicUrl !== undefined) return publicUrl;
  const believed = trusted(readAddress(connection.peer) ?? connection.peer);
  const forwardedHost = believed ? readLast(headers.lines, 'x-forwarded-host') : undefined;
  const forwardedProtocol = believed ? readLast(headers.lines, 'x-forwarded-proto')?.toLowerCase() : undefined;
  const host = forwardedHost !== undefined && checkHost(forwardedHost) ? forwardedHost : headers.host;
  const own = connection.tls ? 'https' : 'http';
  const protocol = forwardedProtocol === 'http' || forwardedProtocol === 'https' ? forwardedProtocol : own;
  return { base: `${protocol}://${host}`, host, protocol };
}

/** Right-most value of a header that is a list: the one that the proxy next to us wrote. */
function readLast(lines: readonly HeaderLine[], name: string): string | undefined {
  return findHeaders(lines, name).join(',').split(',').at(-1)?.trim();
}
