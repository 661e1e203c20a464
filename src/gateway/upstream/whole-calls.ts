import type { Dispatcher } from 'undici';
import type { Method } from '../../access/read-method.ts';
import type { CatalogAnswer, CatalogRefusal, CatalogReply, ReplyFilter } from '../catalog/catalog-plan.ts';
import type { AskUpstream } from '../catalog/catalog-upstream.ts';
import { type CollectedReply, LargeReplies } from '../limits/large-replies.ts';
import { buildUpstreamHeaders } from '../request/build-upstream-headers.ts';
import { buildLinkAddresses } from '../request/find-public-link.ts';
import type { Exchange } from '../server/exchange.ts';
import type { ForwardOutcome, UpstreamCall } from './upstream.ts';
import type { CredentialHeader, UpstreamCredentials } from './upstream-credentials.ts';
import { runWholeAttempt, type StreamedBody, type WholeOutcome } from './whole-attempt.ts';
import { type JudgedReplySettings, writeJudged } from './write-judged.ts';

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

/**
 * How such a call ended; `unjudged`: the body of the request was broken off with this error. Neither that nor a refusal
 * was answered.
 */
export type WholeCallOutcome = ForwardOutcome | CatalogRefusal | { readonly kind: 'unjudged'; readonly error: unknown };

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
  /** Sends an answer that the upstream was not asked for; its links are made public. */
  answerWhole(exchange: Exchange, answer: CatalogAnswer, call: AnsweredCall): Promise<ForwardOutcome>;
}

/** A call that is answered here, as far as that needs to be known. */
export type AnsweredCall = Pick<UpstreamCall, 'publicAddress' | 'observer'>;

/** What the client may see, and the headers that came with it. */
interface JudgedOutcome {
  readonly kind: 'judged';
  readonly reply: CatalogReply;
  readonly raw: readonly string[];
}

type Send = (header: CredentialHeader | undefined) => Promise<WholeOutcome>;

/** Says what the body is, or asks for part of a reply: neither holds for what is sent and judged here. */
const notPassedOn = /^(?:content-length|content-encoding|if-.*|range)$/;
/** Longest answer to a question, in bytes: a page of names, or one product. */
const longestAnswer = 16_777_216;

export function buildWholeCalls(options: WholeCallOptions): WholeCalls {
  const { url, dispatcher, credentials, dropped, idle, readOutcome } = options;
  const common = { dispatcher, origin: url.origin, idle };
  const replies = new LargeReplies();

  /** With one new login when the upstream means ours, and once more when a connection was dead; not for streams. */
  const send = async (attempt: Send, repeats: boolean, isReading: boolean): Promise<WholeOutcome | RefusedOutcome> => {
    const header = await credentials.read();
    let outcome = await attempt(header);
    if (outcome.kind === 'failed' && outcome.reason === 'lost' && isReading) outcome = await attempt(header);
    if (outcome.kind === 'answered' && credentials.refusals.has(outcome.status)) {
      const isRenewed = await credentials.renew(header, outcome.status);
      if (isRenewed && repeats) outcome = await attempt(await credentials.read());
    }
    if (outcome.kind === 'answered' && credentials.refusals.has(outcome.status)) {
      return { kind: 'refused', status: outcome.status };
    }
    return outcome;
  };

  const judge = async (
    exchange: Exchange,
    call: WholeCall,
    room: CollectedReply,
    signal: AbortSignal,
  ): Promise<WholeCallOutcome | JudgedOutcome> => {
    const { method, target, body, longest } = call;
    const attempt: Send = (header) => {
      const headers = buildHeaders(call, url, dropped, header);
      return runWholeAttempt({ ...common, method, target, headers, body, longest, room, signal });
    };
    const outcome = await send(attempt, body === null || Buffer.isBuffer(body), method === 'GET');
    if (exchange.isOver) return { kind: 'gone' };
    if (outcome.kind === 'failed' && isOwnFault(outcome.error)) return { kind: 'unjudged', error: outcome.error };
    if (outcome.kind !== 'answered') return readOutcome(outcome);
    const reply = await call.filter(outcome.status, outcome.body);
    if ('kind' in reply) return reply;
    return exchange.isOver ? { kind: 'gone' } : { kind: 'judged', reply, raw: outcome.headers };
  };

  const readSettings = (call: AnsweredCall, requestTarget: string, raw: readonly string[]) =>
    ({
      addresses: buildLinkAddresses(url, call.publicAddress),
      observer: call.observer,
      requestTarget,
      raw,
      idle,
    }) satisfies JudgedReplySettings;

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
          // Others wait for it too, so that one that trickles ends as well.
          signal: AbortSignal.timeout(idle),
        });
      const outcome = await send(attempt, true, true);
      if (outcome.kind !== 'answered') throw new Error(`no answer to a question: ${outcome.kind}`);
      return outcome;
    },
    forwardWhole: async (exchange, call) => {
      const gone = new AbortController();
      exchange.onClose(() => gone.abort());
      if (exchange.isOver) return { kind: 'gone' };
      const room = replies.open();
      // What is left afterwards is what the client may see, which goes as fast as it takes it.
      const judged = await judge(exchange, call, room, gone.signal).finally(() => room.leave());
      if (judged.kind !== 'judged') return judged;
      return await writeJudged(exchange, judged.reply, readSettings(call, call.target, judged.raw));
    },
    answerWhole: async (exchange, answer, call) => {
      if (exchange.isOver) return { kind: 'gone' };
      return await writeJudged(exchange, answer, readSettings(call, '/', []));
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
  const lines = request.headers.lines
    .filter(({ name }) => !notPassedOn.test(name) || (isStream && name === 'content-length'))
    .map((line) => (isStream || line.name !== 'content-type' ? line : { ...line, value: readMediaType(line.value) }));
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

/** Without parameters: what was judged was read as UTF-8, and an upstream shall not read it by another `charset`. */
function readMediaType(value: string): string {
  return value.replace(/\s*;.*$/s, '');
}

/** An error that came out of the request's body, not of the network. */
function isOwnFault(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'UNJUDGED_PART';
}
