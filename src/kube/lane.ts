import { Client, type Dispatcher, Pool, ProxyAgent } from 'undici';
import type { TlsMaterial } from './cluster-access.ts';
import { buildSettledConnector } from './settled-connector.ts';

/** Streams side by side on one session; the API server allows 250 unless told otherwise. */
const streams = 200;
/** Connections to a server or proxy that speaks HTTP/1.1 only. */
const wideConnections = 64;
/** Milliseconds. The times of single calls are their callers' business. */
const timing = { connectTimeout: 10_000, keepAliveTimeout: 60_000, headersTimeout: 0, bodyTimeout: 0 };

/** Where a lane leads. */
export interface LaneTarget {
  readonly origin: string;
  readonly tls: TlsMaterial;
  readonly proxy: string | undefined;
  /** Milliseconds without a sign of life, PING answers included, after which a session is given up. */
  readonly silence: number;
}

/**
 * One HTTP/2 session to the API server that is opened when needed and opened again after it broke; a pool of HTTP/1.1
 * connections where HTTP/2 is not spoken. A session that answers no PING is given up, and every call on it fails.
 */
export class Lane {
  readonly #target: LaneTarget;
  #dispatcher: Dispatcher;
  #wide: boolean;
  /** Present while the protocol is not known. */
  #waiting: (() => void)[] | undefined;
  #open = 0;
  #lastSign = 0;
  #lastLook = 0;
  #guard: NodeJS.Timeout | undefined;

  constructor(target: LaneTarget) {
    this.#target = target;
    this.#wide = target.proxy !== undefined || target.origin.startsWith('http:');
    this.#waiting = this.#wide ? undefined : [];
    this.#dispatcher = this.#build();
  }

  /** Calls under way. */
  get open(): number {
    return this.#open;
  }

  /** `handler` hears of the end exactly once, also when the lane is closed before. */
  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    if (this.#open === 0) this.#sign();
    this.#open += 1;
    this.#guard ??= this.#startGuard();
    const tracked = new Tracked(handler, this.#sign, this.#end);
    if (this.#waiting === undefined) this.#dispatcher.dispatch(options, tracked);
    else this.#introduce(options, tracked, this.#waiting);
  }

  /**
   * Until the first connection says which protocol it speaks, one call goes ahead and the others wait: over HTTP/1.1
   * they would stand in line behind it, and it may be a watch.
   */
  #introduce(options: Dispatcher.DispatchOptions, handler: Tracked, waiting: (() => void)[]): void {
    if (waiting.length > 0) {
      waiting.push(() => this.#dispatcher.dispatch(options, handler));
      return;
    }
    waiting.push(() => {});
    this.#dispatcher.dispatch(options, handler);
  }

  #admit(known: boolean): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = known || this.#wide ? undefined : [];
    for (const go of waiting) go();
  }

  /** Takes no new call and lets those under way come to their end; a watch may take its ten minutes. */
  retire(): void {
    this.#admit(true);
    this.#dispatcher.close(() => this.#stopGuard());
  }

  /** Ends every call under way with an error. */
  async close(): Promise<void> {
    this.#stopGuard();
    const closed = this.#dispatcher.destroy();
    this.#admit(true);
    await closed;
  }

  #build(): Dispatcher {
    const { origin, tls, proxy, silence } = this.#target;
    const pingInterval = Math.round(silence / 3);
    if (proxy !== undefined) return new ProxyAgent({ uri: proxy, requestTls: { ...tls }, ...timing });
    if (origin.startsWith('http:')) return new Pool(origin, { ...timing, connections: wideConnections });
    const connect = buildSettledConnector({ ...tls, timeout: timing.connectTimeout, allowH2: true });
    const client = new Client(origin, {
      ...timing,
      allowH2: true,
      initialWindowSize: 4 << 20,
      h2Options: { maxConcurrentStreams: streams, pingInterval, connectionWindowSize: 16 << 20 },
      connect: (options, callback) =>
        connect(options, (...[error, socket]) => {
          if (error !== null) return callback(error, null);
          if (!('alpnProtocol' in socket) || socket.alpnProtocol !== 'h2') this.#widen();
          return callback(null, socket);
        }),
    });
    // undici's types leave this event of its HTTP/2 client out.
    client.on('ping' as 'drain', this.#sign);
    client.on('connect', () => this.#admit(true));
    client.on('connectionError', () => this.#admit(false));
    return client;
  }

  /** The server does not speak HTTP/2: what waits goes over the one connection there is, what comes goes over many. */
  #widen(): void {
    if (this.#wide) return;
    this.#wide = true;
    const narrow = this.#dispatcher;
    const { origin, tls } = this.#target;
    this.#dispatcher = new Pool(origin, {
      ...timing,
      allowH2: false,
      connections: wideConnections,
      connect: buildSettledConnector({ ...tls, timeout: timing.connectTimeout, allowH2: false }),
    });
    narrow.close(() => {});
    this.#admit(true);
  }

  #endSilence(): void {
    const now = performance.now();
    const late = now - this.#lastLook > this.#target.silence / 2;
    this.#lastLook = now;
    // We were stopped ourselves: what came meanwhile lies unread.
    if (late) this.#sign();
    if (this.#open === 0 || this.#wide || now - this.#lastSign < this.#target.silence) return;
    const silent = this.#dispatcher;
    this.#dispatcher = this.#build();
    this.#sign();
    silent.destroy(new SilentError(), () => {});
    // It may have been silent from the first, and then it never said which protocol it speaks.
    if (this.#waiting !== undefined) this.#admit(false);
  }

  #startGuard(): NodeJS.Timeout {
    this.#lastLook = performance.now();
    return setInterval(() => this.#endSilence(), this.#target.silence / 5).unref();
  }

  #stopGuard(): void {
    clearInterval(this.#guard);
    this.#guard = undefined;
  }

  readonly #sign = (): void => {
    this.#lastSign = performance.now();
  };

  readonly #end = (): void => {
    this.#open -= 1;
    if (this.#open === 0) this.#stopGuard();
  };
}

class SilentError extends Error {
  readonly code = 'SILENT_CONNECTION';
}

/** Passes everything on and tells the lane of each sign of life and of the end. */
class Tracked implements Dispatcher.DispatchHandler {
  readonly #inner: Dispatcher.DispatchHandler;
  readonly #sign: () => void;
  #end: (() => void) | undefined;

  constructor(inner: Dispatcher.DispatchHandler, sign: () => void, end: () => void) {
    this.#inner = inner;
    this.#sign = sign;
    this.#end = end;
  }

  onRequestStart(controller: Dispatcher.DispatchController, context: unknown): void {
    this.#inner.onRequestStart?.(controller, context);
  }

  onResponseStart(...args: Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>): void {
    this.#sign();
    this.#inner.onResponseStart?.(...args);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#sign();
    this.#inner.onResponseData?.(controller, chunk);
  }

  onResponseEnd(...args: Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseEnd']>>): void {
    this.#finish();
    this.#inner.onResponseEnd?.(...args);
  }

  onResponseError(controller: Dispatcher.DispatchController, error: Error): void {
    this.#finish();
    this.#inner.onResponseError?.(controller, error);
  }

  #finish(): void {
    this.#end?.();
    this.#end = undefined;
  }
}
