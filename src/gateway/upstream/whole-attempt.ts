import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { CollectedReply } from '../limits/large-replies.ts';
import { type AttemptFailure, readFailure, readRawHeaders } from './forward-attempt.ts';

/** A body that is passed on as it arrives. */
export interface StreamedBody {
  /** Called once; `onProgress` is to be called whenever some of it has arrived. */
  start(onProgress: () => void): Readable;
  /** The upstream takes more than the client has sent so far. */
  readonly isStarved: boolean;
}

/** A request whose answer is read as a whole. */
export interface WholeAttempt {
  readonly dispatcher: Dispatcher;
  readonly origin: string;
  readonly method: Dispatcher.HttpMethod;
  /** Path and query, byte for byte. */
  readonly target: string;
  /** Name, value, name, value …; without Content-Length, unless the body is a stream. */
  readonly headers: readonly string[];
  readonly body: Buffer | StreamedBody | null;
  /** Longest answer, in bytes; a longer one is garbage. */
  readonly longest: number;
  /** Milliseconds in which nothing moves in either direction. */
  readonly idle: number;
  /** Says whether more of the answer may be read. Absent: always. */
  readonly room?: CollectedReply;
  /** Fires when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}

/** Its end. `lost`: a connection broke before any answer, which a repetition may heal. */
export type WholeOutcome =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** Name, value, name, value …, as they came. */
      readonly headers: readonly string[];
      readonly body: Buffer;
    }
  /** `error` is what ended the body of the request, if that did. */
  | { readonly kind: 'failed'; readonly reason: AttemptFailure; readonly code: string; readonly error: unknown };

/** Asks the upstream and collects what it says. Never rejects. */
export function runWholeAttempt(attempt: WholeAttempt): Promise<WholeOutcome> {
  return new Promise((resolve) => new WholeHandler(attempt, resolve).start());
}

class WholeHandler implements Dispatcher.DispatchHandler {
  readonly #attempt: WholeAttempt;
  readonly #resolve: (outcome: WholeOutcome) => void;
  readonly #timer: NodeJS.Timeout;
  readonly #chunks: Buffer[] = [];
  #size = 0;
  #status = 0;
  #headers: readonly string[] = [];
  #controller: Dispatcher.DispatchController | undefined;
  #isOver = false;

  constructor(attempt: WholeAttempt, resolve: (outcome: WholeOutcome) => void) {
    this.#attempt = attempt;
    this.#resolve = resolve;
    this.#timer = setTimeout(() => this.#fail(this.#readBlame(), undefined), attempt.idle);
  }

  start(): void {
    const { dispatcher, origin, target, method, headers, body, signal } = this.#attempt;
    if (signal.aborted) {
      this.#fail('unreachable', undefined);
      return;
    }
    signal.addEventListener('abort', this.#giveUp);
    const sent = body === null || Buffer.isBuffer(body) ? body : body.start(() => this.#timer.refresh());
    dispatcher.dispatch({ origin, path: target, method, headers: [...headers], body: sent }, this);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isOver) controller.abort(new Error('nobody waits for the answer'));
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    this.#timer.refresh();
    this.#status = status;
    this.#headers = readRawHeaders(controller.rawHeaders);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#timer.refresh();
    this.#size += chunk.length;
    if (this.#size > this.#attempt.longest) this.#fail('garbage', undefined);
    else this.#chunks.push(chunk);
    const mayGoOn = this.#attempt.room?.grow(this.#size, () => {
      this.#timer.refresh();
      controller.resume();
    });
    if (mayGoOn === false) controller.pause();
  }

  onResponseEnd(): void {
    const body = Buffer.concat(this.#chunks);
    this.#finish({ kind: 'answered', status: this.#status, headers: this.#headers, body });
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#fail(readFailure(error), error);
  }

  #readBlame(): AttemptFailure {
    const { body } = this.#attempt;
    const waitsForClient = body !== null && !Buffer.isBuffer(body) && body.isStarved;
    return waitsForClient ? 'clientIdle' : 'upstreamIdle';
  }

  readonly #giveUp = (): void => this.#fail('unreachable', undefined);

  #fail(reason: AttemptFailure, error: unknown): void {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    this.#finish({ kind: 'failed', reason, code, error });
    this.#controller?.abort(new Error('the answer is not wanted'));
  }

  #finish(outcome: WholeOutcome): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#attempt.signal.removeEventListener('abort', this.#giveUp);
    this.#resolve(outcome);
  }
}
