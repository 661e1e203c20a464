import type { FlowCounts } from '../../../src/api/flow-report.ts';
import { addCounts, noCounts } from '../../../src/flows/add-counts.ts';

/** Numbers from 0 to below 1, the same for the same seed. */
export function buildRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** One call and what it is known to move when it is answered with success or refused, told from what is sent alone. */
interface PlannedCall {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
  readonly moves: Partial<FlowCounts>;
  /** What is known once it was answered. */
  readonly done?: () => void;
}

const products = '/api/rest/v1/products';
const collection = 'application/vnd.akeneo.collection+json';

/**
 * A connector that calls at random and keeps its own book of what it moved: from what it sent and what it knows to be
 * there, never from how the gateway counts.
 */
export class RandomConnector {
  readonly #token: string;
  readonly #kind: 'Source' | 'Destination';
  readonly #random: () => number;
  readonly #prefix: string;
  readonly #known = new Set<string>();
  #made = 0;
  /** Of calls whose answer came. */
  counted: FlowCounts = noCounts;
  /** Of calls that got no answer: they may count or not. */
  unsure: FlowCounts = noCounts;

  constructor(options: { token: string; kind: 'Source' | 'Destination'; prefix: string; random: () => number }) {
    this.#token = options.token;
    this.#kind = options.kind;
    this.#prefix = options.prefix;
    this.#random = options.random;
  }

  /** Makes one call at this gateway. Resolves whatever comes of it. */
  async call(origin: string): Promise<void> {
    const { method, path, body, contentType, moves, done } = this.#plan();
    const headers = {
      authorization: `Bearer ${this.#token}`,
      ...(body !== undefined && { 'content-type': contentType ?? 'application/json' }),
    };
    try {
      const answer = await fetch(origin + path, { method, headers, ...(body !== undefined && { body }) });
      await answer.arrayBuffer();
      if (answer.status >= 500) throw new Error('not answered by the upstream');
      this.counted = addCounts(this.counted, moves);
      done?.();
    } catch {
      this.unsure = addCounts(this.unsure, moves);
    }
  }

  #plan(): PlannedCall {
    return this.#kind === 'Source' ? this.#planWrite() : this.#planRead();
  }

  #planRead(): PlannedCall {
    const kind = this.#choose(5);
    const limit = 1 + this.#choose(20);
    // Thirty products of the sample API are never touched and come first.
    if (kind <= 1) return { method: 'GET', path: `${products}?limit=${limit}`, moves: { sent: limit } };
    if (kind === 2) return { method: 'GET', path: `${products}/tent-003`, moves: { sent: 1 } };
    if (kind === 3) return { method: 'GET', path: `${products}/nothing-here`, moves: {} };
    return { method: 'GET', path: '/api/rest/v1/categories', moves: {} };
  }

  #planWrite(): PlannedCall {
    const kind = this.#choose(8);
    const known = [...this.#known][this.#choose(this.#known.size || 1)];
    const fresh = `${this.#prefix}-${++this.#made}`;
    const learn = (): void => void this.#known.add(fresh);
    if (kind === 0) return { ...this.#post({ identifier: fresh }), moves: { created: 1 }, done: learn };
    if (kind === 1) return { ...this.#post({ enabled: true }), moves: { technical: 1 } };
    if (kind === 2 && known !== undefined) return { ...this.#post({ identifier: known }), moves: { business: 1 } };
    if (kind === 3) {
      return { method: 'PATCH', path: '/api/rest/v1/categories/tents', body: '{"labels":{}}', moves: {} };
    }
    if (kind === 4 && known !== undefined) {
      return { method: 'PATCH', path: `${products}/${known}`, body: '{"enabled":true}', moves: { updated: 1 } };
    }
    if (kind === 5) return { method: 'PATCH', path: `${products}/${fresh}`, body: 'no JSON', moves: { technical: 1 } };
    if (kind === 6)
      return { method: 'PATCH', path: `${products}/${fresh}`, body: '{}', moves: { created: 1 }, done: learn };
    return this.#planLines(fresh, learn);
  }

  #planLines(fresh: string, learn: () => void): PlannedCall {
    const lines = [{ identifier: fresh }, ...Array.from({ length: this.#choose(5) }, () => ({ identifier: fresh }))];
    const texts = lines.map((line) => JSON.stringify(line));
    const broken = this.#choose(3);
    const nameless = this.#choose(3);
    texts.push(...Array.from({ length: broken }, () => '{"identifier":'));
    texts.push(...Array.from({ length: nameless }, () => '{"enabled":true}'));
    const moves = { created: 1, updated: lines.length - 1, technical: broken, business: nameless };
    const body = texts.join('\n');
    return { method: 'PATCH', path: products, body, contentType: collection, moves, done: learn };
  }

  #post(body: object): Pick<PlannedCall, 'method' | 'path' | 'body'> {
    return { method: 'POST', path: products, body: JSON.stringify(body) };
  }

  #choose(count: number): number {
    return Math.floor(this.#random() * count);
  }
}
