import type { Dispatcher } from 'undici';
import type { Query, WatchEvent } from './kube-client.ts';
import { buildKubeError, buildNetworkError, KubeError, type KubeStatus } from './kube-error.ts';
import { LineSplitter } from './line-splitter.ts';
import type { Transport } from './transport.ts';

/** Bookmarks come about once a minute; this long without a byte (milliseconds) is no quiet watch but a dead one. */
const defaultIdle = 100_000;
/** Lines that wait for the reader before the sender is told to wait. */
const fullQueue = 1_000;

export interface OpenWatchOptions {
  readonly path: string;
  readonly query: Query;
  readonly signal: AbortSignal;
  readonly onOpen?: () => void;
  readonly idle?: number;
  readonly lasts?: number;
}

/** One watch, from its opening to its end. See `KubeClient.watch`. */
export async function* openWatch(transport: Transport, options: OpenWatchOptions): AsyncGenerator<WatchEvent> {
  if (options.signal.aborted) return;
  const stream = new WatchStream(options);
  try {
    const query = { ...options.query, watch: true };
    await transport.openStream({ method: 'GET', path: options.path, query }, stream);
    for (let lines = await stream.next(); lines !== undefined; lines = await stream.next()) {
      for (const line of lines) {
        if (options.signal.aborted) return;
        yield parseEvent(line);
      }
    }
  } catch (error) {
    if (error instanceof KubeError && error.status === 401) transport.forgetCredentials();
    throw error;
  } finally {
    stream.close();
  }
}

/** Turns the pushes of the connection into lines that are pulled. */
class WatchStream implements Dispatcher.DispatchHandler {
  readonly #options: OpenWatchOptions;
  readonly #splitter = new LineSplitter();
  readonly #idle: NodeJS.Timeout;
  #lasts: NodeJS.Timeout | undefined;
  readonly #errorBody: Buffer[] = [];
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #retryAfter: string | undefined;
  #lines: string[] = [];
  #ended = false;
  #error: KubeError | undefined;
  #wake: (() => void) | undefined;

  constructor(options: OpenWatchOptions) {
    this.#options = options;
    this.#idle = setTimeout(() => this.#fail(buildIdleError()), options.idle ?? defaultIdle).unref();
    options.signal.addEventListener('abort', this.#abort, { once: true });
  }

  /** Lines that came since the last call, at least one; `undefined` at the end. Throws once all lines before it are read. */
  async next(): Promise<string[] | undefined> {
    while (this.#lines.length === 0 && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const lines = this.#lines;
    this.#lines = [];
    if (this.#controller?.paused) this.#controller.resume();
    if (lines.length > 0) return lines;
    if (this.#error !== undefined) throw this.#error;
    return undefined;
  }

  /** Lets go of the connection. */
  close(): void {
    clearTimeout(this.#idle);
    clearTimeout(this.#lasts);
    this.#options.signal.removeEventListener('abort', this.#abort);
    if (this.#ended && this.#error === undefined) return;
    this.#ended = true;
    this.#controller?.abort(new Error('the watch is over'));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#ended) controller.abort(new Error('the watch is over'));
  }

  onResponseStart(
    _controller: unknown,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    this.#status = status;
    const retryAfter = headers['retry-after'];
    this.#retryAfter = Array.isArray(retryAfter) ? retryAfter[0] : retryAfter;
    this.#idle.refresh();
    if (status !== 200 || this.#ended) return;
    const { lasts, onOpen } = this.#options;
    if (lasts !== undefined) this.#lasts = setTimeout(this.#abort, lasts).unref();
    onOpen?.();
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#idle.refresh();
    if (this.#ended) return;
    if (this.#status !== 200) {
      this.#errorBody.push(chunk);
      return;
    }
    for (const line of this.#splitter.push(chunk)) this.#lines.push(line);
    if (this.#lines.length > fullQueue) controller.pause();
    if (this.#lines.length > 0) this.#notify();
  }

  onResponseEnd(): void {
    if (this.#status === 200) this.#finish(undefined);
    else this.#finish(this.#buildError());
  }

  onResponseError(_controller: unknown, error: Error): void {
    this.#finish(buildNetworkError(error));
  }

  readonly #abort = (): void => {
    this.#finish(undefined);
    this.#controller?.abort(new Error('the watch is over'));
  };

  #fail(error: KubeError): void {
    this.#finish(error);
    this.#controller?.abort(error);
  }

  #finish(error: KubeError | undefined): void {
    if (this.#ended) return;
    clearTimeout(this.#idle);
    this.#ended = true;
    this.#error = error;
    this.#notify();
  }

  #notify(): void {
    this.#wake?.();
    this.#wake = undefined;
  }

  #buildError(): KubeError {
    const text = Buffer.concat(this.#errorBody).toString('utf8');
    let answer: unknown;
    try {
      answer = JSON.parse(text);
    } catch {
      answer = undefined;
    }
    return buildKubeError({ status: this.#status, answer, retryAfter: this.#retryAfter });
  }
}

const eventTypes: ReadonlySet<unknown> = new Set(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK']);

function parseEvent(line: string): WatchEvent {
  const event = parseLine(line);
  if (event.type === 'ERROR') {
    const status = event.object as KubeStatus | null;
    throw buildKubeError({ status: status?.code ?? 0, answer: status });
  }
  if (!eventTypes.has(event.type)) throw buildGarbledError();
  return event as WatchEvent;
}

function parseLine(line: string): { type?: unknown; object?: unknown } {
  try {
    return Object(JSON.parse(line));
  } catch {
    throw buildGarbledError();
  }
}

function buildIdleError(): KubeError {
  return new KubeError({ code: 'Timeout', status: 0, sentence: 'the watch went silent' });
}

function buildGarbledError(): KubeError {
  return new KubeError({ code: 'Unknown', status: 200, sentence: 'the watch sent a line that is no event' });
}
