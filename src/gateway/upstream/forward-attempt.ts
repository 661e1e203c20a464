import type { Dispatcher } from 'undici';
import { buildReplyHeaders, type ReplyHeaderSettings } from '../request/build-reply-headers.ts';
import type { LinkAddresses } from '../request/find-public-link.ts';
import { LinkRewriter } from '../request/link-rewriter.ts';
import { giveBackBuffer } from '../request/output-buffers.ts';
import { type Exchange, hasReplyBody } from '../server/exchange.ts';
import type { ReplyObserver } from './reply-observer.ts';
import { RequestBody } from './request-body.ts';

/** How one try to have a request answered by the upstream ended. */
export type AttemptOutcome =
  /** The upstream's answer went to the client; `end`: all of it, or who broke it off. */
  | { readonly kind: 'answered'; readonly status: number; readonly end: 'whole' | 'client' | 'upstream' }
  /** The client went away before there was an answer. */
  | { readonly kind: 'gone' }
  /** The upstream means the gateway's own credentials. Nothing was sent to the client. */
  | { readonly kind: 'refused'; readonly status: number }
  /** Nothing was sent to the client. `lost`: a connection broke before any answer, which a repetition may heal. */
  | { readonly kind: 'failed'; readonly reason: AttemptFailure; readonly code: string };

export type AttemptFailure = 'lost' | 'unreachable' | 'garbage' | 'clientIdle' | 'upstreamIdle';

export interface Attempt {
  readonly exchange: Exchange;
  readonly dispatcher: Dispatcher;
  readonly origin: string;
  /** Path and query, byte for byte. */
  readonly target: string;
  /** Name, value, name, value …, from `buildUpstreamHeaders`. */
  readonly headers: readonly string[];
  readonly addresses: LinkAddresses;
  /** Links in a JSON reply are rewritten. */
  readonly rewrites: boolean;
  readonly refusals: ReadonlySet<number>;
  /** Longest time in which nothing moves in either direction, in milliseconds. */
  readonly idle: number;
  /** Hears of an answer that goes to the client. Sees the bytes of plain JSON alone. */
  readonly observer?: ReplyObserver | undefined;
}

/** Sends a request upstream and its answer back, both as they come. Never rejects. */
export function runAttempt(attempt: Attempt): Promise<AttemptOutcome> {
  return new Promise((resolve) => new ForwardAttempt(attempt, resolve).start());
}

const jsonType = /^application\/(?:[\w.!#$&^+-]+\+)?json\s*(?:;|$)/i;

class ForwardAttempt implements Dispatcher.DispatchHandler {
  readonly #attempt: Attempt;
  readonly #resolve: (outcome: AttemptOutcome) => void;
  readonly #body: RequestBody | null;
  readonly #timer: NodeJS.Timeout;
  #controller: Dispatcher.DispatchController | undefined;
  #rewriter: LinkRewriter | undefined;
  /** Wants the bytes that go to the client. */
  #reader: ReplyObserver | undefined;
  #status = 0;
  #brokenBy: 'client' | 'upstream' = 'client';
  /** The outcome is known, perhaps before the upstream's side has ended. */
  #isOver = false;

  constructor(attempt: Attempt, resolve: (outcome: AttemptOutcome) => void) {
    this.#attempt = attempt;
    this.#resolve = resolve;
    this.#body = attempt.exchange.hasBody ? new RequestBody(attempt.exchange.body, () => this.#timer.refresh()) : null;
    this.#timer = setTimeout(() => this.#giveUp(), attempt.idle);
  }

  start(): void {
    const { exchange, dispatcher, origin, target, headers } = this.#attempt;
    if (exchange.isOver) {
      this.#finish({ kind: 'gone' });
      return;
    }
    exchange.onClose((whole) => this.#end(whole));
    exchange.askForBody();
    const { method } = exchange.raw;
    // Undici answers through the handler, also about arguments that it does not take.
    dispatcher.dispatch({ origin, path: target, method, headers: [...headers], body: this.#body }, this);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isOver) controller.abort(new Error('nobody waits for the answer'));
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    if (this.#isOver) return;
    this.#timer.refresh();
    // An interim answer (103); the real one follows. Undici itself refuses a 101.
    if (status < 200) return;
    if (this.#attempt.refusals.has(status)) {
      this.#finish({ kind: 'refused', status });
      controller.abort(new Error('the answer is of no use'));
      return;
    }
    this.#status = status;
    try {
      this.#startReply(status, readRawHeaders(controller.rawHeaders));
    } catch (error) {
      // A header that cannot be sent on.
      this.#fail('garbage', error);
      controller.abort(new Error('the answer cannot be passed on'));
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isOver) return;
    this.#timer.refresh();
    const bytes = this.#rewriter === undefined ? chunk : this.#rewriter.write(chunk);
    // A reader may keep what it sees.
    const isOurs = bytes !== chunk && this.#reader === undefined;
    const onSent = isOurs ? (): void => giveBackBuffer(bytes) : undefined;
    if (bytes.length > 0 && !this.#attempt.exchange.write(bytes, onSent)) controller.pause();
    this.#reader?.data(bytes);
  }

  onResponseEnd(): void {
    if (this.#isOver) return;
    const { exchange } = this.#attempt;
    const rest = this.#rewriter?.end();
    if (rest !== undefined && rest.length > 0) {
      exchange.write(rest);
      this.#reader?.data(rest);
    }
    this.#body?.destroy();
    this.#timer.refresh();
    exchange.end();
  }

  onResponseError(_controller: unknown, error: Error): void {
    if (this.#isOver) return;
    if (this.#attempt.exchange.isStarted) this.#break();
    else this.#fail(readFailure(error), error);
  }

  #startReply(status: number, raw: readonly string[]): void {
    const { exchange, addresses, target, rewrites, observer } = this.#attempt;
    const isChanged = rewrites && isPlainJson(raw);
    const settings: ReplyHeaderSettings = { addresses, requestTarget: target, changesBody: isChanged };
    exchange.onDrain(() => {
      this.#timer.refresh();
      this.#controller?.resume();
    });
    exchange.start(status, buildReplyHeaders(raw, settings));
    if (isChanged && hasReplyBody(exchange.raw.method, status)) this.#rewriter = new LinkRewriter(addresses);
    if (observer?.start(status) === true && this.#rewriter !== undefined) this.#reader = observer;
  }

  /** The reply is through, or the client is gone. */
  #end(whole: boolean): void {
    if (this.#isOver) return;
    const isAnswered = this.#attempt.exchange.isStarted;
    const end = whole ? 'whole' : this.#brokenBy;
    this.#finish(isAnswered ? { kind: 'answered', status: this.#status, end } : { kind: 'gone' });
    if (!whole) this.#controller?.abort(new Error('the client went away'));
  }

  /** Nothing has moved for too long. */
  #giveUp(): void {
    const { exchange } = this.#attempt;
    if (exchange.isStarted) {
      // A client that takes nothing in is the one to blame.
      if (this.#controller?.paused === true) exchange.abort();
      else this.#break();
      return;
    }
    const reason = this.#body?.isStarved === true ? 'clientIdle' : 'upstreamIdle';
    this.#finish({ kind: 'failed', reason, code: '' });
    this.#controller?.abort(new Error('nothing moves'));
  }

  #break(): void {
    this.#brokenBy = 'upstream';
    this.#attempt.exchange.abort();
  }

  #fail(reason: AttemptFailure, error: unknown): void {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    this.#finish({ kind: 'failed', reason, code });
  }

  #finish(outcome: AttemptOutcome): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#body?.destroy();
    if (outcome.kind === 'answered') {
      const end = { items: this.#rewriter?.itemCount ?? 0, whole: outcome.end === 'whole' };
      this.#attempt.observer?.end(end);
    }
    this.#resolve(outcome);
  }
}

/** Undici's raw headers as texts, a character a byte. */
export function readRawHeaders(raw: Dispatcher.DispatchController['rawHeaders']): readonly string[] {
  if (!Array.isArray(raw)) return [];
  return raw.map((text: Buffer | string) => (typeof text === 'string' ? text : text.toString('latin1')));
}

/** JSON that is not compressed: what was asked for, but not every upstream listens. */
function isPlainJson(raw: readonly string[]): boolean {
  let isJson = false;
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = (raw[at] ?? '').toLowerCase();
    const value = raw[at + 1] ?? '';
    if (name === 'content-type') isJson = jsonType.test(value);
    if (name === 'content-encoding' && value.trim().toLowerCase() !== 'identity') return false;
  }
  return isJson;
}

/** What an error of undici means. */
export function readFailure(error: Error): AttemptFailure {
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE') return 'lost';
  if (code.startsWith('HPE_') || error.name === 'HTTPParserError' || code === 'UND_ERR_HEADERS_OVERFLOW')
    return 'garbage';
  return 'unreachable';
}
