import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KubeClient } from '../../../src/kube/kube-client.ts';
import type { KubeError } from '../../../src/kube/kube-error.ts';
import type { LogFields } from '../../../src/kube/kube-log.ts';
import { type Change, ListWatch, type ListWatchOptions } from '../../../src/kube/list-watch.ts';
import { gone, MemoryApi, type Thing } from './scripted/memory-api.ts';
import { type ScriptedServer, startScriptedServer } from './scripted/scripted-server.ts';

let api: MemoryApi;
let server: ScriptedServer;
let client: KubeClient;
let stop: AbortController;

beforeEach(async () => {
  api = new MemoryApi();
  server = await startScriptedServer(api.script);
  client = server.buildClient();
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  await server.stop();
});

interface Seen {
  readonly watch: ListWatch<Thing>;
  /** `added a`, `deleted b` … */
  readonly changes: string[];
  readonly errors: (KubeError | undefined)[];
  readonly logged: { fields: LogFields; message: string }[];
}

function build(options: Partial<ListWatchOptions<Thing>> = {}): Seen {
  const changes: string[] = [];
  const errors: (KubeError | undefined)[] = [];
  const logged: Seen['logged'] = [];
  const log = (fields: LogFields, message: string): void => void logged.push({ fields, message });
  const watch = new ListWatch<Thing>(client, {
    path: '/apis/x/v1/things',
    pageSize: 3,
    decode: (raw) => raw as Thing,
    onChange: ({ type, object }) => changes.push(`${type} ${object.metadata.name}`),
    onReconnect: (error) => errors.push(error),
    backoff: { base: 20, cap: 200 },
    log: { debug: log, info: log, warn: log, error: log },
    ...options,
  });
  return { watch, changes, errors, logged };
}

async function start(options: Partial<ListWatchOptions<Thing>> = {}): Promise<Seen> {
  const seen = build(options);
  await seen.watch.start(stop.signal);
  await expect.poll(() => api.watchers).toBe(1);
  return seen;
}

const names = (watch: ListWatch<Thing>): string[] =>
  [...watch.store.values()].map(({ metadata }) => metadata.name).sort();

describe('the first list', () => {
  test('is read in pages, and what happens meanwhile comes with the watch', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) api.put(name);
    api.interfere = (request) => {
      if (request.query.has('continue') && api.things.has('a')) {
        api.remove('a');
        api.put('late');
      }
      return false;
    };
    const { watch, changes } = await start();
    await expect.poll(() => names(watch)).toEqual(['b', 'c', 'd', 'e', 'f', 'g', 'late']);
    expect(api.counts).toEqual({ lists: 1, pages: 3, watches: 1 });
    expect(changes.slice(-2)).toEqual(['deleted a', 'added late']);
  });

  test('begins anew when the token of a page expires, and asks for everything at once the second time', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) api.put(name);
    let expired = 0;
    api.interfere = (request, answer) => {
      if (!request.query.has('continue')) return false;
      expired += 1;
      api.remove('a');
      api.put(`new-${expired}`);
      answer.json(410, gone('expired'));
      return true;
    };
    const { watch } = await start();
    expect(expired).toBe(2);
    expect(names(watch)).toEqual(['b', 'c', 'd', 'e', 'new-1', 'new-2']);
    expect(server.requests.map(({ query }) => query.get('limit')).slice(0, 5)).toEqual(['3', '3', '3', '3', null]);
  });

  test('is tried until it succeeds, and says why it takes so long', async () => {
    api.put('a');
    const answers = [403, 500, 503, 429];
    api.interfere = (_request, answer) => {
      const code = answers.shift();
      if (code !== undefined) answer.json(code, { kind: 'Status', message: `no: ${code}` });
      return code !== undefined;
    };
    const troubles: unknown[] = [];
    const { watch, errors } = build({ onList: () => troubles.push(watch.trouble()?.code) });
    await watch.start(stop.signal);
    expect(troubles).toEqual([undefined, 'Forbidden', 'Unavailable', 'Unavailable', 'TooManyRequests']);
    expect(watch.trouble()).toBeUndefined();
    expect(errors.map((error) => error?.status)).toEqual([403, 500, 503, 429]);
    expect(names(watch)).toEqual(['a']);
  });

  test('a start that is called off rejects', async () => {
    api.interfere = () => true;
    const started = build().watch.start(stop.signal);
    await expect.poll(() => server.requests.length).toBe(1);
    stop.abort(new Error('enough'));
    await expect(started).rejects.toThrow('enough');
  });
});

describe('the watch', () => {
  test('delivers each kind of change with what was known before', async () => {
    const changes: Change<Thing>[] = [];
    await start({ onChange: (change) => changes.push(change) });
    const added = api.put('a');
    const modified = api.put('a', { color: 'red' });
    api.remove('a');
    await expect.poll(() => changes).toHaveLength(3);
    expect(changes).toEqual([
      { type: 'added', object: added },
      { type: 'modified', object: modified, previous: added },
      { type: 'deleted', object: modified, previous: modified },
    ]);
  });

  test('that ends in order goes on from the last event or bookmark, without a list', async () => {
    api.put('a');
    const { watch } = await start();
    api.put('b');
    api.advance(50);
    api.bookmark();
    const bookmarked = api.version;
    await expect.poll(() => names(watch)).toEqual(['a', 'b']);
    await wait(50);
    api.endWatches();
    api.put('c');
    await expect.poll(() => names(watch)).toEqual(['a', 'b', 'c']);
    expect(api.counts.lists).toBe(1);
    expect(server.requests.at(-1)?.query.get('resourceVersion')).toBe(`${bookmarked}`);
  });

  test('asks for bookmarks and for an end after five to ten minutes', async () => {
    await start({ query: { labelSelector: 'a=b' } });
    const { query } = server.requests.at(-1) ?? {};
    expect(query?.get('allowWatchBookmarks')).toBe('true');
    expect(query?.get('labelSelector')).toBe('a=b');
    expect(Number(query?.get('timeoutSeconds'))).toBeGreaterThanOrEqual(300);
    expect(Number(query?.get('timeoutSeconds'))).toBeLessThanOrEqual(600);
  });

  test('is renewed as often as somebody wants a proof of life, without a list', async () => {
    const { watch } = await start({ renewEvery: 1_900 });
    expect(server.requests.at(-1)?.query.get('timeoutSeconds')).toBe('1');
    const before = watch.lastAlive();
    await wait(600);
    api.endWatches();
    await expect.poll(() => watch.lastAlive()).toBeGreaterThan(before + 500);
    expect(watch.trouble()).toBeUndefined();
    expect(api.counts.lists).toBe(1);
  });

  test('is renewed from here where that is due within a second, which the API server cannot do', async () => {
    const { watch, errors, changes } = await start({ renewEvery: 100 });
    await expect.poll(() => errors.length).toBeGreaterThan(3);
    api.put('late');
    await expect.poll(() => changes).toEqual(['added late']);
    expect(new Set(errors)).toEqual(new Set([undefined]));
    expect(watch.trouble()).toBeUndefined();
    expect(api.counts.lists).toBe(1);
  });

  test.each(['an answer', 'an event'])(
    '410 as %s: lists anew and delivers what was missed, deletions too',
    async (how) => {
      for (const name of ['a', 'b', 'c', 'd']) api.put(name);
      const { watch, changes } = await start();
      changes.length = 0;
      if (how === 'an event') {
        // The event comes on a watch that is open; what happened before it was never sent.
        const send = api.send.bind(api);
        api.send = () => {};
        change();
        api.send = send;
        api.endWatches((answer) => answer.write(`${JSON.stringify({ type: 'ERROR', object: gone('too old') })}\n`));
      } else {
        api.interfere = (_request, answer) => {
          answer.json(503, {});
          return true;
        };
        api.endWatches((answer) => answer.break());
        await expect.poll(() => watch.trouble()?.code).toBe('Unavailable');
        change();
        api.interfere = () => false;
      }
      await expect.poll(() => names(watch)).toEqual(['b', 'c', 'd', 'e']);
      expect([...changes].sort()).toEqual(['added e', 'deleted a', 'modified b']);
      expect(api.counts.lists).toBe(2);

      function change(): void {
        api.remove('a');
        api.put('b', { color: 'red' });
        api.put('e');
        api.compact();
      }
    },
  );

  test('an object that was deleted and made again in a gap is both', async () => {
    api.put('a');
    const { changes } = await start();
    api.send = () => {};
    api.remove('a');
    api.put('a');
    api.compact();
    api.endWatches((answer) => answer.break());
    await expect.poll(() => changes).toEqual(['added a', 'deleted a', 'added a']);
  });

  test.each([429, 500, 503, 504])('%i is waited out without a list', async (code) => {
    const { watch } = await start();
    let failures = 3;
    api.interfere = (_request, answer) => {
      failures -= 1;
      if (failures >= 0) answer.json(code, { kind: 'Status', code });
      return failures >= 0;
    };
    api.endWatches((answer) => answer.break());
    api.put('a');
    await expect.poll(() => names(watch)).toEqual(['a']);
    expect(api.counts.lists).toBe(1);
  });

  test('Retry-After is honoured', async () => {
    const { watch } = await start();
    let refused: number | undefined;
    api.interfere = (_request, answer) => {
      if (refused !== undefined) return false;
      refused = performance.now();
      answer.json(429, { kind: 'Status' }, { 'retry-after': '1' });
      return true;
    };
    api.endWatches((answer) => answer.break());
    api.put('a');
    await expect.poll(() => names(watch), { timeout: 3_000 }).toEqual(['a']);
    expect(performance.now() - (refused ?? 0)).toBeGreaterThan(990);
  });

  test('a watch that is silent for longer than bookmarks take is no proof: it lists', async () => {
    api.put('a');
    const { watch } = await start({ idle: 200 });
    // The store was restored from a backup: its history is behind what we know, and nothing would ever come.
    api.send = () => {};
    api.remove('a');
    api.turnBack(50);
    api.put('b');
    await expect.poll(() => names(watch), { timeout: 3_000 }).toEqual(['b']);
  });

  test('events of the past mean that history was turned back: it lists', async () => {
    api.put('a');
    const { watch } = await start();
    api.turnBack(10);
    api.put('b');
    await expect.poll(() => names(watch)).toEqual(['a', 'b']);
    expect(api.counts.lists).toBe(2);
  });

  test('a server that accepts and ends at once is not asked in a busy loop', async () => {
    await start({ backoff: { base: 100, cap: 1_000 } });
    api.interfere = (request, answer) => {
      if (!request.query.has('watch')) return false;
      answer.status(200);
      answer.end();
      return true;
    };
    api.endWatches();
    const before = server.requests.length;
    await wait(500);
    expect(server.requests.length - before).toBeLessThan(30);
    expect(api.counts.lists).toBe(1);
  });

  test('nothing is delivered after the signal', async () => {
    const { changes } = await start();
    stop.abort();
    api.put('a');
    await wait(100);
    expect(changes).toEqual([]);
  });
});

describe('an object that cannot be understood', () => {
  const decode = (raw: unknown): Thing => {
    const thing = raw as Thing;
    if (thing.metadata.labels?.broken !== undefined) throw new Error(`cannot read ${thing.metadata.labels.broken}`);
    return thing;
  };

  test('is left out of a list and logged without its content; the others come', async () => {
    api.put('a');
    api.put('b', { broken: 'hunter2' });
    api.put('c');
    const { watch, logged } = await start({ decode });
    expect(names(watch)).toEqual(['a', 'c']);
    expect(logged).toHaveLength(1);
    expect(logged[0]?.fields).toMatchObject({ namespace: 'team', name: 'b' });
    expect(JSON.stringify(logged)).not.toContain('hunter2');
  });

  test('goes away when it breaks and comes back when it is repaired', async () => {
    api.put('a');
    const { watch, changes } = await start({ decode });
    api.put('a', { broken: 'yes' });
    api.put('b');
    await expect.poll(() => names(watch)).toEqual(['b']);
    api.put('a');
    await expect.poll(() => names(watch)).toEqual(['a', 'b']);
    expect(changes).toEqual(['added a', 'deleted a', 'added b', 'added a']);
  });

  test('a listener that throws does not stop the others either', async () => {
    const taken: string[] = [];
    await start({
      onChange: ({ object }) => {
        if (object.metadata.name === 'bad') throw new Error('bug');
        taken.push(object.metadata.name);
      },
    });
    for (const name of ['a', 'bad', 'c']) api.put(name);
    await expect.poll(() => taken).toEqual(['a', 'c']);
  });
});

describe('lastAlive', () => {
  test('is minus infinity before the first list, and moves with events, bookmarks and reconnects alone', async () => {
    const { watch } = build();
    expect(watch.lastAlive()).toBe(Number.NEGATIVE_INFINITY);
    await watch.start(stop.signal);
    await expect.poll(() => api.watchers).toBe(1);
    for (const proof of [() => api.put('a'), () => api.bookmark(), () => api.endWatches()]) {
      await wait(30);
      const before = watch.lastAlive();
      expect(performance.now() - before).toBeGreaterThanOrEqual(25);
      proof();
      await expect.poll(() => watch.lastAlive()).toBeGreaterThan(before);
    }
    api.interfere = (_request, answer) => {
      answer.json(503, {});
      return true;
    };
    await expect.poll(() => api.watchers).toBe(1);
    api.endWatches((answer) => answer.break());
    await wait(100);
    const stale = watch.lastAlive();
    await wait(300);
    expect(watch.lastAlive()).toBe(stale);
  });
});

describe('observe', () => {
  test('the answer of an own write is there at once, and its echo is no change', async () => {
    api.put('a');
    const { watch, changes } = await start();
    const send = api.send.bind(api);
    const held: unknown[] = [];
    api.send = (event) => void held.push(event);
    const written = api.put('a', { by: 'us' });
    watch.store.observe(written);
    expect(watch.store.get('team', 'a')).toBe(written);
    for (const event of held) send(event);
    send({ type: 'BOOKMARK', object: { metadata: { resourceVersion: `${api.version}` } } });
    await expect.poll(() => server.requests.length).toBe(2);
    await wait(50);
    expect(changes).toEqual(['added a']);
  });
});

test('whatever breaks when, in the end the store is what the server has, and the changes add up to it', async () => {
  let seed = 7;
  const random = (): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const pick = <T>(choices: readonly T[]): T => choices[Math.floor(random() * choices.length)] as T;
  for (let index = 0; index < 20; index += 1) api.put(`thing-${index}`);
  let calm = false;
  api.interfere = (request, answer) => {
    if (calm || random() < 0.6) return false;
    const code = pick([429, 500, 503, 410, 0, 1]);
    if (code === 0) answer.break();
    else if (code === 1) {
      answer.status(200);
      answer.write(request.query.has('watch') ? '{"type":"ADDED","obj' : '{"items":[{"meta');
      setTimeout(() => answer.break(), 1);
    } else answer.json(code, code === 410 ? gone('gone') : { kind: 'Status', code });
    return true;
  };
  const folded = new Map<string, Thing>();
  const problems: string[] = [];
  const watch = new ListWatch<Thing>(client, {
    path: '/things',
    pageSize: 4,
    decode: (raw) => raw as Thing,
    backoff: { base: 2, cap: 5 },
    onChange: ({ type, object, previous }) => {
      const { name } = object.metadata;
      if (folded.get(name) !== previous) problems.push(`${type} ${name}: not what was known before`);
      if (type === 'deleted') folded.delete(name);
      else folded.set(name, object);
    },
  });
  const started = watch.start(stop.signal);
  for (let step = 0; step < 600; step += 1) {
    const name = `thing-${Math.floor(random() * 30)}`;
    if (random() < 0.6) api.put(name, { step: `${step}` });
    else api.remove(name);
    if (random() < 0.05) api.compact();
    if (random() < 0.05) api.bookmark();
    if (random() < 0.05) api.endWatches(pick([(answer) => answer.end(), (answer) => answer.break()]));
    if (random() < 0.02) await server.restart();
    if (random() < 0.3) await wait(1);
  }
  calm = true;
  await started;
  await expect
    .poll(() => [...watch.store.values()].map(({ metadata }) => metadata.resourceVersion).sort(), { timeout: 10_000 })
    .toEqual([...api.things.values()].map(({ metadata }) => metadata.resourceVersion).sort());
  expect(new Set(folded.values())).toEqual(new Set(watch.store.values()));
  expect(problems).toEqual([]);
}, 60_000);
