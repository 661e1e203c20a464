import type { Dispatcher } from 'undici';
import { AnswerCollector } from './answer-collector.ts';
import { ClockSkew } from './clock-skew.ts';
import type { ClusterAccess, Credentials, TlsMaterial } from './cluster-access.ts';
import { buildKubeError, KubeError } from './kube-error.ts';
import { Lane } from './lane.ts';

/** One call, as the client hands it down. */
export interface SendOptions {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>> | undefined;
  readonly body?: object;
  readonly contentType?: string;
  readonly signal?: AbortSignal | undefined;
  readonly timeout?: number | undefined;
}

export interface TransportOptions {
  readonly access: ClusterAccess;
  readonly timeout?: number;
  readonly userAgent?: string;
  readonly silence?: number;
}

/** Watches on one session, so that there is room below the server's limit of streams. */
const watchesPerLane = 100;

/**
 * Brings calls to the API server: short ones over one HTTP/2 session, watches over others, so that a slow reader of a
 * watch takes no window away from a write.
 */
export class Transport {
  readonly #access: ClusterAccess;
  readonly #base: URL;
  readonly #timeout: number;
  readonly #userAgent: string;
  readonly #silence: number;
  readonly #skew = new ClockSkew();
  #lanes: { tls: TlsMaterial; calls: Lane; watches: Lane[] } | undefined;
  #closed = false;

  constructor(options: TransportOptions) {
    this.#access = options.access;
    this.#base = new URL(options.access.server);
    this.#timeout = options.timeout ?? 30_000;
    this.#silence = options.silence ?? 25_000;
    this.#userAgent = options.userAgent ?? 'connection-operator';
  }

  clockSkew(): number | undefined {
    return this.#skew.read();
  }

  /** The parsed answer. `KubeError` for everything that is no success. */
  async send<T>(call: SendOptions): Promise<T> {
    const credentials = await this.#access.readCredentials();
    const collector = new AnswerCollector({ timeout: call.timeout ?? this.#timeout, signal: call.signal });
    const sent = Date.now();
    this.#findLanes(credentials).calls.dispatch(this.#buildRequest(call, credentials), collector);
    const answer = await collector.answer;
    this.#skew.observe(answer.date, sent, answer.received);
    if (answer.status >= 200 && answer.status < 300) return parseAnswer(answer.text) as T;
    if (answer.status === 401) this.#access.forgetCredentials();
    throw buildKubeError({ ...answer, answer: parseStatus(answer.text), body: call.body });
  }

  /** Dispatches a watch; `handler` gets the answer as it comes. */
  async openStream(call: SendOptions, handler: Dispatcher.DispatchHandler): Promise<void> {
    const credentials = await this.#access.readCredentials();
    this.#findWatchLane(credentials).dispatch(this.#buildRequest(call, credentials), handler);
  }

  /** After a 401 that came outside of `send`. */
  forgetCredentials(): void {
    this.#access.forgetCredentials();
  }

  async close(): Promise<void> {
    this.#closed = true;
    const lanes = this.#lanes;
    this.#lanes = undefined;
    if (lanes !== undefined) await Promise.all([lanes.calls, ...lanes.watches].map((lane) => lane.close()));
  }

  #buildRequest(call: SendOptions, credentials: Credentials): Dispatcher.DispatchOptions {
    const headers: Record<string, string> = {
      accept: 'application/json',
      'user-agent': this.#userAgent,
      ...credentials.headers,
    };
    const prefix = this.#base.pathname === '/' ? '' : this.#base.pathname.replace(/\/$/, '');
    const request = {
      origin: this.#base.origin,
      method: call.method,
      path: `${prefix}${call.path}${buildQuery(call.query)}`,
    };
    if (call.body === undefined) return { ...request, headers };
    headers['content-type'] = call.contentType ?? 'application/json';
    return { ...request, headers, body: JSON.stringify(call.body) };
  }

  #findLanes({ tls }: Credentials): { tls: TlsMaterial; calls: Lane; watches: Lane[] } {
    if (this.#closed) throw buildClosedError();
    if (this.#lanes?.tls === tls) return this.#lanes;
    if (this.#lanes !== undefined) for (const lane of [this.#lanes.calls, ...this.#lanes.watches]) lane.retire();
    this.#lanes = { tls, calls: this.#buildLane(tls), watches: [] };
    return this.#lanes;
  }

  #findWatchLane(credentials: Credentials): Lane {
    const { watches, tls } = this.#findLanes(credentials);
    const free = watches.find((lane) => lane.open < watchesPerLane);
    if (free !== undefined) return free;
    const lane = this.#buildLane(tls);
    watches.push(lane);
    return lane;
  }

  #buildLane(tls: TlsMaterial): Lane {
    return new Lane({ origin: this.#base.origin, tls, proxy: this.#access.proxy, silence: this.#silence });
  }
}

function buildQuery(query: SendOptions['query']): string {
  if (query === undefined) return '';
  let text = '';
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) text += `${text === '' ? '?' : '&'}${name}=${encodeURIComponent(value)}`;
  }
  return text;
}

/** A success whose body is cut off or no JSON (a captive portal's page) is none. */
function parseAnswer(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new KubeError({ code: 'Unknown', status: 200, sentence: 'the answer is not JSON: is this an API server?' });
  }
}

function parseStatus(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function buildClosedError(): KubeError {
  return new KubeError({ code: 'Unavailable', status: 0, sentence: 'the client for the API server is closed' });
}
