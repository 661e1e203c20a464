import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildRequest } from '../gateway/client.ts';

/** Milliseconds between two calls: asking without a break takes the processor from those who deliver the change. */
const rest = 1;

/** Calls under way at a gateway with one token, one after the other, until one is refused. */
export interface Poll {
  /** Resolves with the moment (`performance.now()`) of the first answer that was not 200. */
  readonly refused: Promise<number>;
  /** Resolves when the first call was let through; rejects when it was not. */
  readonly began: Promise<void>;
}

/**
 * Asks one gateway over one connection of its own, in bytes: an HTTP client would take more of the processor than the
 * gateway, and that is what the change waits for.
 */
export class GatewayPoller {
  readonly #socket: Socket;
  readonly #path: string;
  #answer = Promise.withResolvers<number>();

  constructor(port: number, path: string) {
    this.#path = path;
    this.#socket = connect(port, '127.0.0.1');
    this.#socket.setNoDelay(true);
    // An answer on /authz is small and comes in one piece.
    this.#socket.on('data', (chunk) => this.#answer.resolve(Number(chunk.toString('latin1', 9, 12))));
    this.#socket.on('error', (error) => this.#answer.reject(error));
    this.#socket.on('close', () => this.#answer.reject(new Error('the gateway closed the connection')));
  }

  poll(token: string): Poll {
    const request = buildRequest('GET', this.#path, { authorization: `Bearer ${token}` });
    const began = Promise.withResolvers<void>();
    const refused = Promise.withResolvers<number>();
    const run = async (): Promise<void> => {
      for (let calls = 0; ; calls++) {
        const status = await this.#ask(request);
        const now = performance.now();
        if (calls === 0 && status !== 200) throw new Error(`a call was answered with ${status} before any change`);
        if (calls === 0) began.resolve();
        if (status === 200) {
          await sleep(rest);
          continue;
        }
        if (status !== 401 && status !== 403) throw new Error(`a call was answered with ${status}`);
        refused.resolve(now);
        return;
      }
    };
    run().catch((error: unknown) => {
      began.reject(error);
      refused.reject(error);
    });
    refused.promise.catch(() => undefined);
    return { began: began.promise, refused: refused.promise };
  }

  close(): void {
    this.#answer.promise.catch(() => undefined);
    this.#socket.destroy();
  }

  #ask(request: string): Promise<number> {
    this.#answer = Promise.withResolvers<number>();
    this.#socket.write(request, 'latin1');
    return this.#answer.promise;
  }
}
