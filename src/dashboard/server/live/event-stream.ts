import type { ServerResponse } from 'node:http';
import type { LiveEvents } from '../../../api/dashboard-api.ts';

/** Milliseconds between two signs of life, so that a proxy does not take the stream for a dead one. */
const pulse = 15_000;
/** Milliseconds that a browser may take nothing before the stream ends. It connects again when it is back. */
const patience = 60_000;

/**
 * Server-Sent Events to one browser. Whoever sends waits while the browser is slow, so nothing piles up here.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export class EventStream {
  readonly #reply: ServerResponse;
  readonly #closing = new AbortController();
  readonly #pulse: NodeJS.Timeout;
  #drained: Promise<void> | undefined;

  constructor(reply: ServerResponse, headers: Readonly<Record<string, string>>) {
    this.#reply = reply;
    reply.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream',
      // nginx would keep events back until there are enough of them.
      'x-accel-buffering': 'no',
    });
    // Milliseconds after which a browser connects again.
    reply.write('retry: 2000\n\n');
    reply.once('close', () => this.#end());
    this.#pulse = setInterval(() => {
      if (this.#drained === undefined) reply.write(':\n\n');
    }, pulse);
  }

  /** Fires when the stream ended, whoever ended it. */
  get closed(): AbortSignal {
    return this.#closing.signal;
  }

  /** Resolves when the next event may be sent, or when the stream is over. */
  async send<Name extends keyof LiveEvents>(name: Name, data: LiveEvents[Name]): Promise<void> {
    await this.#drained;
    if (this.closed.aborted) return;
    const open = this.#reply.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
    if (!open) await this.#waitForBrowser();
  }

  /** Sends a last event and closes. */
  async end<Name extends keyof LiveEvents>(name: Name, data: LiveEvents[Name]): Promise<void> {
    if (this.closed.aborted) return;
    this.#reply.end(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
    this.#end();
  }

  #waitForBrowser(): Promise<void> {
    this.#drained ??= new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#reply.off('drain', done);
        this.#reply.off('close', done);
        this.#drained = undefined;
        resolve();
      };
      const timer = setTimeout(() => this.#reply.destroy(), patience);
      this.#reply.once('drain', done);
      this.#reply.once('close', done);
    });
    return this.#drained;
  }

  #end(): void {
    clearInterval(this.#pulse);
    this.#closing.abort();
  }
}
