import type { Dispatcher } from 'undici';
import { buildNetworkError, KubeError } from './kube-error.ts';

/** An answer with its whole body. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly date: string | undefined;
  readonly retryAfter: string | undefined;
  /** Local wall clock when the headers came, in milliseconds. */
  readonly received: number;
}

export interface CollectOptions {
  /** Milliseconds for the whole call, waiting for a connection included. */
  readonly timeout: number;
  readonly signal: AbortSignal | undefined;
}

type Head = Omit<Answer, 'text'>;

/** Reads one answer; `answer` fails with a `KubeError` when none comes, in time or at all. */
export class AnswerCollector implements Dispatcher.DispatchHandler {
  readonly answer: Promise<Answer>;
  readonly #settle: { resolve(answer: Answer): void; reject(error: KubeError): void };
  readonly #timer: NodeJS.Timeout;
  readonly #signal: AbortSignal | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #head: Head = { status: 0, date: undefined, retryAfter: undefined, received: 0 };
  readonly #chunks: Buffer[] = [];
  #given: KubeError | undefined;

  constructor({ timeout, signal }: CollectOptions) {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    this.answer = promise;
    this.#settle = { resolve, reject };
    this.#timer = setTimeout(() => this.#giveUp(), timeout);
    this.#signal = signal;
    signal?.addEventListener('abort', this.#abort, { once: true });
    if (signal?.aborted) this.#giveUp();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#given !== undefined) controller.abort(this.#given);
  }

  onResponseStart(
    _controller: unknown,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    const received = Date.now();
    this.#head = { status, date: first(headers.date), retryAfter: first(headers['retry-after']), received };
  }

  onResponseData(_controller: unknown, chunk: Buffer): void {
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#release();
    this.#settle.resolve({ ...this.#head, text: joinText(this.#chunks) });
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#release();
    this.#settle.reject(this.#given ?? buildNetworkError(error));
  }

  readonly #abort = (): void => this.#giveUp();

  #giveUp(): void {
    this.#release();
    this.#given = new KubeError({ code: 'Timeout', status: 0, sentence: 'no answer from the API server in time' });
    this.#settle.reject(this.#given);
    this.#controller?.abort(this.#given);
  }

  #release(): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#abort);
  }
}

function first(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}

function joinText(chunks: readonly Buffer[]): string {
  const [only] = chunks;
  if (chunks.length === 1 && only !== undefined) return only.toString('utf8');
  return Buffer.concat(chunks).toString('utf8');
}
