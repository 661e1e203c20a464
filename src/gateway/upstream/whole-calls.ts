import type { Dispatcher } from 'undici';
import type { Method } from '../../access/read-method.ts';
import type { CatalogReply, ReplyFilter } from '../catalog/catalog-plan.ts';
import type { AskUpstream } from '../catalog/catalog-upstream.ts';
import { buildReplyHeaders } from '../request/build-reply-headers.ts';
import { buildUpstreamHeaders } from '../request/build-upstream-headers.ts';
import { buildLinkAddresses, type LinkAddresses } from '../request/find-public-link.ts';
import { LinkRewriter } from '../request/link-rewriter.ts';
import type { Exchange } from '../server/exchange.ts';
import type { ForwardOutcome, UpstreamCall } from './upstream.ts';
import type { CredentialHeader, UpstreamCredentials } from './upstream-credentials.ts';
import { runWholeAttempt, type StreamedBody, type WholeOutcome } from './whole-attempt.ts';

/** A call whose reply is judged as a whole before anything of it reaches the client. */
export interface WholeCall extends Omit<UpstreamCall, 'rewrites'> {
  readonly method: Method;
  /** Path and query; not those of the request. */
  readonly target: string;
  readonly body: Buffer | StreamedBody | null;
  readonly filter: ReplyFilter;
  /** Longest reply, in bytes. */
  readonly longest: number;
}

/** How such a call ended; `unjudged`: the body of the request was broken off with this error. */
export type WholeCallOutcome = ForwardOutcome | { readonly kind: 'unjudged'; readonly error: unknown };

export interface WholeCallOptions {
  readonly url: URL;
  readonly dispatcher: Dispatcher;
  readonly credentials: UpstreamCredentials;
  readonly dropped: ReadonlySet<string>;
  /** Milliseconds in which nothing moves. */
  readonly idle: number;
  readonly readOutcome: (outcome: Exclude<WholeOutcome, { kind: 'answered' }> | RefusedOutcome) => ForwardOutcome;
}

/** The upstream means the gateway's own credentials. */
export interface RefusedOutcome {
  readonly kind: 'refused';
  readonly status: number;
}

/** Questions of the gateway's own, and calls whose replies are judged. Both reject with `LoginError` alone. */
export interface WholeCalls {
  readonly ask: AskUpstream;
  forwardWhole(exchange: Exchange, call: WholeCall): Promise<WholeCallOutcome>;
}

type Send = (header: CredentialHeader | undefined) => Promise<WholeOutcome>;

/** Says what the body is, or asks for part of a reply: neither holds for what is sent and judged here. */
const notPassedOn = /^(?:content-length|content-encoding|if-.*|range)$/;
/** What is said about the bytes of the upstream's body, which are not those that are sent on. */
const aboutTheBody = new Set(['content-encoding', 'content-type', 'last-modified', 'accept-ranges', 'content-range']);
/** Longest answer to a question, in bytes. */
const longestAnswer = 67_108_864;

export function buildWholeCalls(options: WholeCallOptions): WholeCalls {
  const { url, dispatcher, credentials, dropped, idle, readOutcome } = options;
  const common = { dispatcher, origin: url.origin, idle };

  /** With one new login when the upstream means ours, and once more when a connection was dead; not for streams. */
  const send = async (attempt: Send, repeats: boolean, isReading: boolean): Promise<WholeOutcome | RefusedOutcome> => {
    const header = await credentials.read();
    let outcome = await attempt(header);
    if (outcome.kind === 'failed' && outcome.reason === 'lost' && isReading) outcome = await attempt(header);
    if (outcome.kind === 'answered' && outcome.status === 401 && credentials.refusals.has(401)) {
      const isRenewed = await credentials.renew(header);
      if (isRenewed && repeats) outcome = await attempt(await credentials.read());
    }
    if (outcome.kind === 'answered' && credentials.refusals.has(outcome.status)) {
      return { kind: 'refused', status: outcome.status };
    }
    return outcome;
  };

  return {
    ask: async ({ path, query }) => {
      const attempt: Send = (header) =>
        runWholeAttempt({
          ...common,
          method: 'GET',
          target: path + query,
          headers: [...ownHeaders(url), ...(header === undefined ? [] : [header.name, header.value])],
          body: null,
          longest: longestAnswer,
          signal: new AbortController().signal,
        });
      const outcome = await send(attempt, true, true);
      if (outcome.kind !== 'answered') throw new Error(`no answer to a question: ${outcome.kind}`);
      return outcome;
    },
    forwardWhole: async (exchange, call) => {
      const gone = new AbortController();
      exchange.onClose(() => gone.abort());
      if (exchange.isOver) return { kind: 'gone' };
      const attempt: Send = (header) =>
        runWholeAttempt({
          ...common,
          method: call.method,
          target: call.target,
          headers: buildHeaders(call, url, dropped, header),
          body: call.body,
          longest: call.longest,
          signal: gone.signal,
        });
      const isReading = call.method === 'GET';
      const outcome = await send(attempt, call.body === null || Buffer.isBuffer(call.body), isReading);
      if (exchange.isOver) return { kind: 'gone' };
      if (outcome.kind === 'failed' && isOwnFault(outcome.error)) return { kind: 'unjudged', error: outcome.error };
      if (outcome.kind !== 'answered') return readOutcome(outcome);
      const reply = await call.filter(outcome.status, outcome.body);
      if (exchange.isOver) return { kind: 'gone' };
      return await writeWhole(exchange, reply, outcome.headers, call, buildLinkAddresses(url, call.publicAddress));
    },
  };
}

function ownHeaders(url: URL): readonly string[] {
  return ['host', url.host, 'accept', 'application/json', 'accept-encoding', 'identity'];
}

function buildHeaders(
  call: WholeCall,
  url: URL,
  dropped: ReadonlySet<string>,
  header: CredentialHeader | undefined,
): readonly string[] {
  const { request, clientAddress, publicAddress, caller, body } = call;
  const isStream = body !== null && !Buffer.isBuffer(body);
  const lines = request.headers.lines.filter(
    ({ name }) => !notPassedOn.test(name) || (isStream && name === 'content-length'),
  );
  return buildUpstreamHeaders(
    { ...request.headers, lines },
    {
      upstreamHost: url.host,
      dropped,
      clientAddress,
      publicAddress,
      ...(caller && { caller }),
      ...(header && { credentials: header }),
      readsReply: true,
    },
  );
}

/** An error that came out of the request's body, not of the network. */
function isOwnFault(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'UNJUDGED_PART';
}

async function writeWhole(
  exchange: Exchange,
  reply: CatalogReply,
  raw: readonly string[],
  call: WholeCall,
  addresses: LinkAddresses,
): Promise<ForwardOutcome> {
  const rewriter = new LinkRewriter(addresses);
  const bytes = Buffer.concat([rewriter.write(reply.body), rewriter.end()]);
  const settings = { addresses, requestTarget: call.target, changesBody: true };
  const built = buildReplyHeaders(raw, settings);
  const type = reply.contentType ?? findValue(built, 'content-type');
  const lines = dropLines(built, aboutTheBody);
  if (type !== undefined && bytes.length > 0) lines.push('content-type', type);
  if (reply.status !== 204) lines.push('content-length', String(bytes.length));
  const closed = new Promise<boolean>((resolve) => exchange.onClose(resolve));
  exchange.start(reply.status, lines);
  if (bytes.length > 0) exchange.write(bytes);
  exchange.end();
  return { kind: 'answered', status: reply.status, end: (await closed) ? 'whole' : 'client' };
}

function findValue(lines: readonly string[], name: string): string | undefined {
  for (let at = 0; at + 1 < lines.length; at += 2) if (lines[at] === name) return lines[at + 1];
  return undefined;
}

function dropLines(lines: readonly string[], names: ReadonlySet<string>): string[] {
  const kept: string[] = [];
  for (let at = 0; at + 1 < lines.length; at += 2) {
    if (!names.has(lines[at] ?? '')) kept.push(lines[at] ?? '', lines[at + 1] ?? '');
  }
  return kept;
}
