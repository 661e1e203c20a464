import type { CatalogReply } from '../catalog/catalog-plan.ts';
import { buildReplyHeaders, ownReplyHeaders } from '../request/build-reply-headers.ts';
import type { LinkAddresses } from '../request/find-public-link.ts';
import { LinkRewriter } from '../request/link-rewriter.ts';
import type { Exchange } from '../server/exchange.ts';
import { writeSlowly } from '../server/write-slowly.ts';
import type { ReplyObserver } from './reply-observer.ts';
import type { ForwardOutcome } from './upstream.ts';

/** What a judged reply is written with. */
export interface JudgedReplySettings {
  readonly addresses: LinkAddresses;
  /** The path and query that the upstream was asked for. */
  readonly requestTarget: string;
  /** The upstream's headers, name, value, name, value …; empty for an answer that it was not asked for. */
  readonly raw: readonly string[];
  /** Milliseconds in which the client takes nothing in. */
  readonly idle: number;
  /** Hears of what goes to the client. */
  readonly observer?: ReplyObserver | undefined;
}

/** Headers of the upstream that are passed on with a success; any other might name something that is hidden. */
const withSuccess = new Set(['cache-control', 'content-language', 'content-type', 'retry-after', 'vary']);
/** With an error. Whether something is hidden or not there must not be told by what else is said. */
const withError = new Set(['retry-after']);

/** Sends a reply that was judged, its links made public. Bytes and headers are the gateway's: no ETag, no digest. */
export async function writeJudged(
  exchange: Exchange,
  { status, body, contentType }: CatalogReply,
  { addresses, requestTarget, raw, idle, observer }: JudgedReplySettings,
): Promise<ForwardOutcome> {
  const rewriter = new LinkRewriter(addresses);
  const bytes = [rewriter.write(body), rewriter.end()].filter(({ length }) => length > 0);
  const size = bytes.reduce((sum, { length }) => sum + length, 0);
  const isError = status >= 400;
  const shown = isError ? withError : withSuccess;
  const headers = new Map<string, string>(isError || raw.length === 0 ? Object.entries(ownReplyHeaders) : []);
  const built = buildReplyHeaders(raw, { addresses, requestTarget, changesBody: true });
  for (let at = 0; at + 1 < built.length; at += 2) {
    const [name = '', value = ''] = built.slice(at, at + 2);
    // Where something new is to be found.
    if (shown.has(name) || (name === 'location' && status === 201)) headers.set(name, value);
  }
  if (contentType !== undefined) headers.set('content-type', contentType);
  if (size === 0) headers.delete('content-type');
  if (status !== 204) headers.set('content-length', String(size));
  exchange.start(status, [...headers].flat());
  if (observer?.start(status) === true) for (const chunk of bytes) observer.data(chunk);
  const isWhole = await writeSlowly(exchange, bytes, idle);
  observer?.end({ items: rewriter.itemCount, whole: isWhole });
  return { kind: 'answered', status, end: isWhole ? 'whole' : 'client' };
}
