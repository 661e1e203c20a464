import type { IncomingMessage, ServerResponse } from 'node:http';

/** One request on a connection and the reply to it. */
export interface OpenExchange {
  readonly request: IncomingMessage;
  readonly reply: ServerResponse;
}

/** More requests than any client sends ahead of their answers. */
const mostWaiting = 100;

/**
 * The requests of one HTTP/1.1 connection that have no reply yet. They are worked on one after the other, so that a
 * client that sends thousands ahead keeps nobody waiting but itself; one that sends too many loses the connection.
 */
export class Pipeline {
  readonly #open: OpenExchange[] = [];
  readonly #waiting = new Map<OpenExchange, () => void>();

  /** In the order in which the client waits for the replies. */
  get open(): readonly OpenExchange[] {
    return this.#open;
  }

  /** Calls `handle` when everything before this exchange has its reply; never when the connection ends before. */
  add(exchange: OpenExchange, handle: () => void): void {
    const { request, reply } = exchange;
    this.#open.push(exchange);
    reply.once('close', () => this.#remove(exchange));
    if (this.#open.length === 1) handle();
    else if (this.#open.length > mostWaiting) request.socket.destroy();
    else this.#waiting.set(exchange, handle);
  }

  #remove(exchange: OpenExchange): void {
    this.#open.splice(this.#open.indexOf(exchange), 1);
    this.#waiting.delete(exchange);
    const next = this.#open[0];
    const handle = next && this.#waiting.get(next);
    if (next === undefined || handle === undefined) return;
    this.#waiting.delete(next);
    // When everybody has heard that the one before is over: until then it counts among the calls at the same time.
    setImmediate(() => {
      if (!next.request.socket.destroyed) handle();
    });
  }
}
