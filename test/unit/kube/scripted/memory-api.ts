import type { Script, ScriptedAnswer, ScriptedRequest } from './scripted-server.ts';

export interface Thing {
  readonly kind: string;
  readonly metadata: {
    readonly namespace: string;
    readonly name: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
}

interface HistoryEvent {
  readonly version: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: Thing;
}

/**
 * One resource in memory with the API server's rules for lists in pages, continue tokens, watches, bookmarks and
 * history that is compacted. `interfere` may answer a request in its place.
 */
export class MemoryApi {
  readonly things: Map<string, Thing> = new Map();
  /** Lists that were begun, pages that were given out, watches that were accepted. */
  readonly counts: { lists: number; pages: number; watches: number } = { lists: 0, pages: 0, watches: 0 };
  interfere: (request: ScriptedRequest, answer: ScriptedAnswer) => boolean = () => false;
  version = 100;
  #oldest = 100;
  #history: HistoryEvent[] = [];
  readonly #watchers = new Set<ScriptedAnswer>();
  readonly #tokens = new Map<string, { version: number; rest: Thing[] }>();
  #made = 0;

  readonly script: Script = (request, answer) => {
    if (this.interfere(request, answer)) return;
    if (request.query.has('watch')) this.#watch(request, answer);
    else this.#list(request, answer);
  };

  get watchers(): number {
    return this.#watchers.size;
  }

  put(name: string, labels: Readonly<Record<string, string>> = {}): Thing {
    const known = this.things.get(name);
    this.version += 1;
    const uid = known?.metadata.uid ?? `uid-${++this.#made}`;
    const metadata = { namespace: 'team', name, uid, resourceVersion: `${this.version}`, labels };
    const object = { kind: 'Thing', metadata };
    this.things.set(name, object);
    this.#record(known === undefined ? 'ADDED' : 'MODIFIED', object);
    return object;
  }

  remove(name: string): void {
    const known = this.things.get(name);
    if (known === undefined) return;
    this.version += 1;
    this.things.delete(name);
    this.#record('DELETED', { ...known, metadata: { ...known.metadata, resourceVersion: `${this.version}` } });
  }

  /** Something else in the store was written. */
  advance(by = 1): void {
    this.version += by;
  }

  /** As after the store was restored from a backup: versions count from `version` again. */
  turnBack(version: number): void {
    this.version = version;
    this.#oldest = version;
    this.#history = [];
  }

  /** Forgets all history: continue tokens and older watches are 410. */
  compact(): void {
    this.#oldest = this.version;
    this.#history = [];
  }

  bookmark(): void {
    this.send({ type: 'BOOKMARK', object: { kind: 'Thing', metadata: { resourceVersion: `${this.version}` } } });
  }

  /** To every watch. */
  send(event: unknown): void {
    for (const answer of this.#watchers) answer.write(`${JSON.stringify(event)}\n`);
  }

  /** Ends every watch; `how` is the last thing that happens to it. */
  endWatches(how: (answer: ScriptedAnswer) => void = (answer) => answer.end()): void {
    for (const answer of this.#watchers) how(answer);
    this.#watchers.clear();
  }

  #record(type: HistoryEvent['type'], object: Thing): void {
    this.#history.push({ version: this.version, type, object });
    this.send({ type, object });
  }

  #list(request: ScriptedRequest, answer: ScriptedAnswer): void {
    const token = request.query.get('continue');
    if (token === null) this.counts.lists += 1;
    this.counts.pages += 1;
    const begun = token === null ? { version: this.version, rest: [...this.things.values()] } : this.#tokens.get(token);
    if (begun === undefined || begun.version < this.#oldest) {
      answer.json(410, gone('continue token expired'));
      return;
    }
    const limit = Number(request.query.get('limit') ?? Number.POSITIVE_INFINITY);
    const rest = begun.rest.slice(limit);
    const next = `${begun.version}-${rest.length}-${this.counts.pages}`;
    if (rest.length > 0) this.#tokens.set(next, { version: begun.version, rest });
    const metadata = { resourceVersion: `${begun.version}`, continue: rest.length > 0 ? next : '' };
    answer.json(200, { kind: 'ThingList', metadata, items: begun.rest.slice(0, limit) });
  }

  #watch(request: ScriptedRequest, answer: ScriptedAnswer): void {
    const from = Number(request.query.get('resourceVersion'));
    if (from < this.#oldest) {
      answer.json(410, gone(`too old resource version: ${from} (${this.#oldest})`));
      return;
    }
    this.counts.watches += 1;
    answer.status(200);
    for (const { version, type, object } of this.#history) {
      if (version > from) answer.write(`${JSON.stringify({ type, object })}\n`);
    }
    this.#watchers.add(answer);
  }
}

export function gone(message: string): object {
  return { kind: 'Status', status: 'Failure', code: 410, reason: 'Expired', message };
}
