import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds between two calls: asking without a break takes the processor from those who deliver the change. */
const rest = 1;

/** Calls under way at a gateway with one token, one after the other, until one is refused. */
export interface Poll {
  /** Resolves with the moment (`performance.now()`) of the first answer that was not 200. */
  readonly refused: Promise<number>;
  /** Resolves when the first call was let through; rejects when it was not. */
  readonly began: Promise<void>;
  stop(): void;
}

/** Asks one gateway over one connection of its own. */
export class GatewayPoller {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly #url: string;

  constructor(origin: string, path: string) {
    this.#url = `${origin}${path}`;
  }

  poll(token: string): Poll {
    const began = Promise.withResolvers<void>();
    const refused = Promise.withResolvers<number>();
    let isStopped = false;
    const run = async (): Promise<void> => {
      for (let calls = 0; !isStopped; calls++) {
        const status = await this.#ask(token);
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
    return { began: began.promise, refused: refused.promise, stop: () => (isStopped = true) };
  }

  close(): void {
    this.#agent.destroy();
  }

  #ask(token: string): Promise<number> {
    return new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}` };
      get(this.#url, { agent: this.#agent, headers }, (answer) => {
        answer.resume();
        answer.once('end', () => resolve(answer.statusCode ?? 0));
      }).once('error', reject);
    });
  }
}
