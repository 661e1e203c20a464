import { expect, test } from 'vitest';
import type { LivePage } from '../../../src/api/dashboard-api.ts';
import { eventually } from '../../cluster/control-plane/eventually.ts';
import { ListWatchScript, refuseList } from './list-watch-script.ts';
import { openEvents, type ReadStream } from './read-events.ts';
import { sendJson, sendStatus } from './start-fake-cluster.ts';
import { type SignedIn, startTestDashboard, type TestDashboard } from './start-test-dashboard.ts';

interface Scene extends TestDashboard {
  readonly world: ListWatchScript;
  readonly signedIn: SignedIn;
  open(query?: string, headers?: Readonly<Record<string, string>>): Promise<ReadStream>;
}

async function start(): Promise<Scene> {
  const dashboard = await startTestDashboard();
  const world = new ListWatchScript();
  dashboard.cluster.script = world.script;
  const signedIn = await dashboard.signIn();
  const open: Scene['open'] = (query = '', headers = {}) =>
    openEvents(dashboard.port, `/api/live${query}`, { cookie: signedIn.cookie, ...headers });
  return { ...dashboard, world, signedIn, open };
}

const namesOf = (pages: readonly LivePage[]): string[] =>
  pages.flatMap(({ items }) => items.map(({ metadata }) => metadata.name));

/** Waits until as many watches are open: what is changed from then on is told. */
async function waitForWatches(world: ListWatchScript, count: number): Promise<void> {
  await eventually(() => expect(world.watches.size).toBe(count));
}

test('first the list, then every change', async () => {
  const { open, world } = await start();
  world.put('team', 'erp');
  world.put('team', 'shop');
  const stream = await open();
  expect(stream.status).toBe(200);
  expect(stream.headers).toMatchObject({ 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  expect(await stream.wait('sources')).toEqual([
    { sources: [{ kind: 'connections' }, { kind: 'roles' }, { kind: 'groups' }] },
  ]);
  await stream.wait('ready', 3);
  const pages = (await stream.wait('page', 3)).filter(({ kind }) => kind === 'connections');
  expect(namesOf(pages)).toEqual(['erp', 'shop']);
  expect(pages.map(({ first }) => first)).toEqual([true]);
  await waitForWatches(world, 3);
  world.put('team', 'dam');
  world.remove('team', 'erp');
  const changes = await stream.wait('change', 2);
  expect(changes.map(({ kind, type, object }) => [kind, type, object.metadata.name])).toEqual([
    ['connections', 'changed', 'dam'],
    ['connections', 'removed', 'erp'],
  ]);
  expect(JSON.stringify(stream.events)).not.toContain('managedFields');
});

test('a long list comes in pages, and the next one is read when the browser took the last', async () => {
  const { open, world, cluster } = await start();
  const label = 'x'.repeat(8_000);
  for (let i = 0; i < 2_500; i++) world.put('team', `c${i}`, { spec: { label } });
  const stream = await open();
  stream.pause();
  const listed = (): number => cluster.requests.filter(({ url }) => url.includes('connections?limit')).length;
  await eventually(() => expect(listed()).toBeGreaterThan(0));
  await new Promise((resolve) => setTimeout(resolve, 300));
  // Whatever lies between the two programs is full by then: a page has 2 MB.
  expect(listed()).toBeLessThan(10);
  stream.resume();
  await stream.wait('ready', 3);
  expect(listed()).toBe(10);
  const pages = (await stream.wait('page', 12)).filter(({ kind }) => kind === 'connections');
  expect(new Set(namesOf(pages)).size).toBe(2_500);
});

test('only the namespaces that were asked for', async () => {
  const { open, world } = await start();
  world.put('a', 'erp');
  world.put('b', 'shop');
  world.put('c', 'dam');
  const stream = await open('?namespace=a&namespace=b&namespace=a');
  await stream.wait('ready', 4);
  const pages = await stream.wait('page', 4);
  expect(namesOf(pages.filter(({ kind }) => kind === 'connections')).sort()).toEqual(['erp', 'shop']);
  await waitForWatches(world, 4);
  world.put('c', 'dam');
  world.put('b', 'shop');
  expect(await stream.wait('change')).toMatchObject([{ namespace: 'b', object: { metadata: { name: 'shop' } } }]);
});

test('who may not list all gets those namespaces that they may list', async () => {
  const { open, world } = await start();
  world.put('b', 'shop');
  world.interfere = ({ url, body }, response) => {
    if (url.startsWith('/api/v1/namespaces')) {
      sendJson(response, 200, { items: ['a', 'b', 'c'].map((name) => ({ metadata: { name } })), metadata: {} });
      return true;
    }
    if (!url.includes('/selfsubjectaccessreviews')) return false;
    const { spec } = body as { spec: { resourceAttributes: { namespace?: string } } };
    sendJson(response, 201, { status: { allowed: spec.resourceAttributes.namespace === 'b' } });
    return true;
  };
  const stream = await open();
  const [{ sources = [] } = {}] = await stream.wait('sources');
  expect(sources.filter(({ kind }) => kind === 'connections')).toEqual([{ kind: 'connections', namespace: 'b' }]);
  await stream.wait('ready', 3);
  expect(namesOf(await stream.wait('page', 3))).toEqual(['shop']);
});

test('what may not be listed is said, and the rest comes', async () => {
  const { open, world } = await start();
  world.put('a', 'erp');
  world.interfere = (request, response) =>
    request.url.includes('/namespaces/b/connections') && refuseList(request, response);
  const stream = await open('?namespace=a&namespace=b');
  expect(await stream.wait('denied')).toMatchObject([{ kind: 'connections', namespace: 'b' }]);
  await stream.wait('ready', 3);
  expect(namesOf(await stream.wait('page', 3))).toEqual(['erp']);
});

test('a watch that the cluster ends goes on where it was', async () => {
  const { open, world, cluster } = await start();
  world.put('team', 'erp');
  const stream = await open();
  await stream.wait('ready', 3);
  await waitForWatches(world, 3);
  world.put('team', 'shop');
  await stream.wait('change');
  world.endWatches();
  const wanted = 'resourceVersion=102&';
  await eventually(() => {
    const watches = cluster.requests.filter(({ url }) => url.includes('/connections?') && url.includes('watch='));
    expect(watches.at(-1)?.url).toContain(wanted);
  });
  await waitForWatches(world, 3);
  world.put('team', 'dam');
  await stream.wait('change', 2);
  expect(await stream.wait('page', 3)).toHaveLength(3);
  expect(stream.events.filter(({ name }) => name === 'page')).toHaveLength(3);
});

test('a place that is too old is a new list', async () => {
  const { open, world } = await start();
  world.put('team', 'erp');
  let old = true;
  world.interfere = ({ url }, response) => {
    if (!old || !url.includes('/connections?') || !url.includes('watch=')) return false;
    old = false;
    sendStatus(response, 410, 'Expired', 'too old resource version');
    return true;
  };
  const stream = await open();
  const pages = await stream.wait('page', 4);
  expect(pages.filter(({ kind }) => kind === 'connections').map(({ first }) => first)).toEqual([true, true]);
  await waitForWatches(world, 3);
});

test('a cluster that is away is said, and so is its return', async () => {
  const { open, world } = await start();
  world.put('team', 'erp');
  let away = false;
  world.interfere = ({ url }, response) => {
    if (!away || !url.includes('/connections')) return false;
    response.destroy();
    return true;
  };
  const stream = await open();
  await stream.wait('ready', 3);
  await waitForWatches(world, 3);
  away = true;
  world.endWatches();
  expect(await stream.wait('trouble')).toMatchObject([{ kind: 'connections' }]);
  away = false;
  expect(await stream.wait('resumed')).toEqual([{ kind: 'connections' }]);
  await waitForWatches(world, 3);
  world.put('team', 'erp');
  await stream.wait('change');
});

test('a right that was taken away ends with the next watch', async () => {
  const { open, world } = await start();
  world.put('team', 'erp');
  const stream = await open();
  await stream.wait('ready', 3);
  await waitForWatches(world, 3);
  world.interfere = (request, response) => request.url.includes('/connections?') && refuseList(request, response);
  world.endWatches();
  expect(await stream.wait('denied')).toMatchObject([{ kind: 'connections' }]);
});

test.each([
  ['a token that is taken back', async ({ cluster }: Scene) => void cluster.users.delete('alices-token')],
  ['eight hours', async ({ pass }: Scene) => pass(9 * 3_600_000)],
  [
    'signing out',
    async ({ send, signedIn }: Scene) =>
      void (await send('/api/session', { method: 'DELETE', headers: signedIn.headers })),
  ],
])('%s ends it, and every watch with it', async (_, end) => {
  const scene = await start();
  const stream = await scene.open();
  await stream.wait('ready', 3);
  await waitForWatches(scene.world, 3);
  await end(scene);
  const [ended] = await stream.wait('ended');
  expect(ended?.message).toMatch(/sign/i);
  await eventually(() => expect([stream.closed, scene.world.watches.size]).toEqual([true, 0]));
  expect(stream.events.at(-1)?.name).toBe('ended');
});

test('a browser that goes leaves no watch behind', async () => {
  const { open, world } = await start();
  const stream = await open();
  await waitForWatches(world, 3);
  stream.close();
  await waitForWatches(world, 0);
});

test('one session opens twelve, and another one after the first of them closed', async () => {
  const { open } = await start();
  const streams = await Promise.all(Array.from({ length: 12 }, () => open()));
  expect(streams.map(({ status }) => status)).toEqual(streams.map(() => 200));
  expect((await open()).status).toBe(429);
  streams[0]?.close();
  await eventually(async () => expect((await open()).status).toBe(200));
});

test('nobody who is not signed in gets one', async () => {
  const { open } = await start();
  expect((await open('', { cookie: '' })).status).toBe(401);
  expect((await open('?namespace=..%2fsecrets')).status).toBe(400);
  expect((await open('', { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
});
