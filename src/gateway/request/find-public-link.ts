import type { PublicAddress } from './read-public-address.ts';

/** Where links come from and where they lead. */
export interface LinkAddresses {
  /** `scheme://host[:port]` of `upstream.url`, lower-case, without a default port. */
  readonly upstreamOrigin: string;
  readonly publicBase: string;
}

/** How a link becomes public: so many characters at its start are replaced. */
export interface LinkChange {
  readonly cut: number;
  readonly insert: string;
}

/** The address pair of one request. */
export function buildLinkAddresses(upstreamUrl: URL, publicAddress: PublicAddress): LinkAddresses {
  return { upstreamOrigin: upstreamUrl.origin.toLowerCase(), publicBase: publicAddress.base };
}

/** The spellings of an origin: with and without the default port of its scheme. Longest first. */
export function buildOriginSpellings(origin: string): readonly string[] {
  if (/:\d+$/.test(origin)) return [origin];
  return [`${origin}${origin.startsWith('https:') ? ':443' : ':80'}`, origin];
}

/**
 * What to change in a link so that it leads to the gateway: a link on the upstream's origin, by any spelling of it, or
 * one that begins with a single slash. `undefined`: leave it as it is.
 *
 * `text` may be cut short; one character more than the longest spelling is enough to decide.
 */
export function findPublicLink(text: string, spellings: readonly string[], publicBase: string): LinkChange | undefined {
  if (text.startsWith('/')) return text[1] === '/' || text[1] === '\\' ? undefined : { cut: 0, insert: publicBase };
  for (const origin of spellings) {
    const isEnd = text.length === origin.length || '/?#'.includes(text[origin.length] ?? ' ');
    if (isEnd && text.slice(0, origin.length).toLowerCase() === origin)
      return { cut: origin.length, insert: publicBase };
  }
  return undefined;
}
