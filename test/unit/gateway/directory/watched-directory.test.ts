import { describe, expect, onTestFinished, test } from 'vitest';
import type { Connection } from '../../../../src/api/generated/connection.ts';
import type { ConnectionChange } from '../../../../src/gateway/directory/directory.ts';
import { type DirectoryOptions, WatchedDirectory } from '../../../../src/gateway/directory/watched-directory.ts';
import { silentLog } from '../../../../src/kube/kube-log.ts';
import { type IssueOptions, issueConnection } from '../credentials/issue-connection.ts';
import { makeKeys } from '../keys/build-key-secret.ts';
import { MemoryCluster } from './memory-cluster.ts';

const { ring } = makeKeys();
const build = (options: IssueOptions = {}): Connection => issueConnection(ring, options).connection;

async function openDirectory(
  cluster: MemoryCluster,
  options: Partial<Omit<DirectoryOptions, 'client'>> = {},
): Promise<WatchedDirectory> {
  const { client } = cluster;
  const directory = new WatchedDirectory({ client, log: silentLog, namespaces: [], selector: '', ...options });
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  await directory.start(stop.signal);
  await new Promise((resolve) => setImmediate(resolve));
  return directory;
}

function nameOf(connection: Connection | undefined): string | undefined {
  return connection && `${connection.metadata.namespace}/${connection.metadata.name}`;
}

describe('a Connection is found', () => {
  test('by client id, username and uid, each for itself', async () => {
    const cluster = new MemoryCluster();
    const erp = await cluster.put(build({ name: 'erp' }));
    const directory = await openDirectory(cluster);
    const { clientId = '', username = '' } = erp.status ?? {};
    expect(directory.findByClientId(clientId)).toEqual(erp);
    expect(directory.findByUsername(username)).toEqual(erp);
    expect(directory.findByUid(erp.metadata.uid)).toEqual(erp);
    expect(directory.findByClientId(username)).toBeUndefined();
    expect(directory.findByUsername(clientId)).toBeUndefined();
    for (const name of ['', clientId.toUpperCase(), '__proto__'])
      expect(directory.findByClientId(name)).toBeUndefined();
    expect([...directory.connections()].map(nameOf)).toEqual(['team/erp']);
  });

  test('as soon as the watch tells of it, and no longer than it is there', async () => {
    const cluster = new MemoryCluster();
    const changes: string[] = [];
    const onChange = ({ type, connection }: ConnectionChange): void =>
      void changes.push(`${type} ${nameOf(connection)}`);
    const directory = await openDirectory(cluster, { onChange });
    const erp = await cluster.put(build());
    expect(nameOf(directory.findByUid(erp.metadata.uid))).toBe('team/erp');
    await cluster.put({ ...erp, spec: { ...erp.spec, suspend: true } });
    expect(directory.findByUid(erp.metadata.uid)?.spec.suspend).toBe(true);
    await cluster.remove(erp);
    expect(directory.findByUid(erp.metadata.uid)).toBeUndefined();
    expect(changes).toEqual(['added team/erp', 'modified team/erp', 'deleted team/erp']);
  });

  test('not by names that stand in the status of another object', async () => {
    const cluster = new MemoryCluster();
    const erp = build();
    const restored = { ...erp, metadata: { ...erp.metadata, uid: 'another' } };
    await cluster.put(restored);
    const directory = await openDirectory(cluster);
    expect(directory.findByClientId(erp.status?.clientId ?? '')).toBeUndefined();
    expect(nameOf(directory.findByUid('another'))).toBe('team/erp');
  });

  test('without its picture, which no gateway needs', async () => {
    const cluster = new MemoryCluster();
    const erp = await cluster.put(build({ spec: { image: 'https://a.example/a.png' } }));
    const directory = await openDirectory(cluster);
    expect(directory.findByUid(erp.metadata.uid)?.spec.image).toBeUndefined();
  });
});

/** Two Connections that claim one thing; the first one has it. */
const claims: readonly (readonly [string, IssueOptions, IssueOptions])[] = [
  ['a client id', { name: 'first', clientId: 'same' }, { name: 'second', clientId: 'same' }],
  ['a username', { name: 'first', username: 'same' }, { name: 'second', username: 'same' }],
  [
    'a client id that is the username of the other',
    { name: 'first', clientId: 'same' },
    { name: 'second', username: 'same' },
  ],
  ['a code', { name: 'same', namespace: 'a' }, { name: 'same', namespace: 'b', username: 'same_0002' }],
];

describe('of two that claim', () => {
  test.each(claims)('%s: whoever was issued first is found, the other by nothing', async (_name, first, second) => {
    for (const isFirstTold of [true, false]) {
      const cluster = new MemoryCluster();
      const holder = build({ ...first, issuedAt: '2026-01-01T00:00:00Z' });
      const other = build({ ...second, issuedAt: '2026-01-02T00:00:00Z', creationTimestamp: '2020-01-01T00:00:00Z' });
      for (const connection of isFirstTold ? [holder, other] : [other, holder]) await cluster.put(connection);
      const directory = await openDirectory(cluster);
      const find = ({ metadata, status }: Connection) => [
        nameOf(directory.findByUid(metadata.uid)),
        nameOf(directory.findByClientId(status?.clientId ?? '')),
        nameOf(directory.findByUsername(status?.username ?? '')),
      ];
      const name = nameOf(holder);
      expect(find(holder)).toEqual([name, name, name]);
      expect(find(other)).not.toContain(nameOf(other));
      await cluster.remove(holder);
      expect(find(other)).toEqual([nameOf(other), nameOf(other), nameOf(other)]);
    }
  });

  test('a code, ignoring case', async () => {
    const cluster = new MemoryCluster();
    const first = await cluster.put(build({ name: 'erp', issuedAt: '2026-01-01T00:00:00Z' }));
    const second = build({ name: 'erp2', issuedAt: '2026-01-02T00:00:00Z' });
    await cluster.put({ ...second, status: { ...second.status, code: 'ERP' } });
    const directory = await openDirectory(cluster);
    expect(nameOf(directory.findByUid(first.metadata.uid))).toBe('team/erp');
    expect(directory.findByUid(second.metadata.uid)).toBeUndefined();
  });

  test('a code, issued at the same time: the older one, then by namespace and name', async () => {
    const at = '2026-01-01T00:00:00Z';
    for (const [older, younger] of [
      [{ namespace: 'b', creationTimestamp: '2025-01-01T00:00:00Z' }, { namespace: 'a' }],
      [{ namespace: 'a' }, { namespace: 'b' }],
    ] as const) {
      const cluster = new MemoryCluster();
      await cluster.put(build({ name: 'erp', issuedAt: at, creationTimestamp: at, ...younger }));
      const holder = await cluster.put(build({ name: 'erp', issuedAt: at, creationTimestamp: at, ...older }));
      const directory = await openDirectory(cluster);
      expect([...directory.connections()].filter(({ metadata }) => directory.findByUid(metadata.uid))).toEqual([
        holder,
      ]);
    }
  });

  test('a code, one of them not issued yet: it takes nothing from the one that is', async () => {
    const cluster = new MemoryCluster();
    const issued = await cluster.put(build({ name: 'erp', creationTimestamp: '2026-01-02T00:00:00Z' }));
    const { status: _, ...unissued } = build({
      name: 'erp',
      namespace: 'a',
      creationTimestamp: '2020-01-01T00:00:00Z',
    });
    await cluster.put(unissued);
    const directory = await openDirectory(cluster);
    expect(directory.findByUid(issued.metadata.uid)).toEqual(issued);
  });
});

describe('what exists for this gateway', () => {
  test('Connections of its namespaces alone', async () => {
    const cluster = new MemoryCluster();
    const [a, b, c] = [
      await cluster.put(build({ name: 'one', namespace: 'a' })),
      await cluster.put(build({ name: 'two', namespace: 'b' })),
      await cluster.put(build({ name: 'three', namespace: 'c' })),
    ];
    const directory = await openDirectory(cluster, { namespaces: ['a', 'b'] });
    const isKnown = ({ metadata }: Connection): boolean => directory.findByUid(metadata.uid) !== undefined;
    expect([a, b, c].map(isKnown)).toEqual([true, true, false]);
    await cluster.put(build({ name: 'four', namespace: 'c' }));
    await cluster.put(build({ name: 'five', namespace: 'b' }));
    expect([...directory.connections()].map(nameOf).sort()).toEqual(['a/one', 'b/five', 'b/two']);
    await cluster.remove(b);
    expect(isKnown(b)).toBe(false);
  });

  test('a claim of a Connection outside counts for nothing', async () => {
    const cluster = new MemoryCluster();
    await cluster.put(build({ name: 'erp', namespace: 'outside', issuedAt: '2020-01-01T00:00:00Z' }));
    const inside = await cluster.put(build({ name: 'erp', namespace: 'inside' }));
    const directory = await openDirectory(cluster, { namespaces: ['inside'] });
    expect(directory.findByUid(inside.metadata.uid)).toEqual(inside);
  });

  test('Connections with its labels alone; one that loses them is gone at once', async () => {
    const cluster = new MemoryCluster();
    const label = (connection: Connection, stage: string): Connection => ({
      ...connection,
      metadata: { ...connection.metadata, labels: { stage } },
    });
    const erp = await cluster.put(label(build({ name: 'erp' }), 'production'));
    await cluster.put(label(build({ name: 'dam' }), 'staging'));
    const directory = await openDirectory(cluster, { selector: 'stage=production' });
    expect([...directory.connections()].map(nameOf)).toEqual(['team/erp']);
    await cluster.put(label(erp, 'staging'));
    expect([...directory.connections()]).toEqual([]);
  });
});

describe('role and group', () => {
  const putRole = (cluster: MemoryCluster, name: string, spec: object = {}) =>
    cluster.put({ apiVersion: 'connect.pim.dev/v1beta1', kind: 'ConnectionRole', metadata: { name, uid: name }, spec });
  const putGroup = (cluster: MemoryCluster, name: string, spec: object = {}) =>
    cluster.put({
      apiVersion: 'connect.pim.dev/v1beta1',
      kind: 'ConnectionGroup',
      metadata: { name, uid: name },
      spec,
    });

  test('are those that the Connection names, else user and all', async () => {
    const cluster = new MemoryCluster();
    for (const name of ['user', 'erp']) await putRole(cluster, name);
    for (const name of ['all', 'erp']) await putGroup(cluster, name);
    const directory = await openDirectory(cluster);
    const plain = build();
    const own = build({ spec: { roleRef: { name: 'erp' }, groupRef: { name: 'erp' } } });
    expect(directory.findRole(plain)).toMatchObject({ state: 'allowed', object: { metadata: { name: 'user' } } });
    expect(directory.findGroup(plain)).toMatchObject({ state: 'allowed', object: { metadata: { name: 'all' } } });
    expect(directory.findRole(own)).toMatchObject({ state: 'allowed', object: { metadata: { name: 'erp' } } });
    expect(directory.findGroup(own)).toMatchObject({ state: 'allowed', object: { metadata: { name: 'erp' } } });
  });

  test('that are not there, or not for this namespace, say so, and heal with the next event', async () => {
    const cluster = new MemoryCluster();
    const directory = await openDirectory(cluster);
    const erp = build({ spec: { roleRef: { name: 'erp' }, groupRef: { name: 'erp' } } });
    expect(directory.findRole(erp)).toEqual({ state: 'notFound', name: 'erp' });
    expect(directory.findGroup(erp)).toEqual({ state: 'notFound', name: 'erp' });
    await putRole(cluster, 'erp', { namespaces: ['other'] });
    await putGroup(cluster, 'erp', { namespaces: [] });
    expect(directory.findRole(erp)).toEqual({ state: 'notAllowed', name: 'erp' });
    expect(directory.findGroup(erp)).toEqual({ state: 'notAllowed', name: 'erp' });
    await putRole(cluster, 'erp', { namespaces: ['team'] });
    await putGroup(cluster, 'erp');
    expect(directory.findRole(erp).state).toBe('allowed');
    expect(directory.findGroup(erp).state).toBe('allowed');
  });
});

describe('staleness', () => {
  test('is infinite before the first list, and grows while the API server is away; what is known stays', async () => {
    const cluster = new MemoryCluster();
    const { client } = cluster;
    const unstarted = new WatchedDirectory({ client, log: silentLog, namespaces: [], selector: '' });
    expect(unstarted.staleness()).toBe(Number.POSITIVE_INFINITY);
    const erp = await cluster.put(build());
    const directory = await openDirectory(cluster);
    await cluster.setAway(true);
    const began = performance.now();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(directory.staleness()).toBeGreaterThanOrEqual(250);
    expect(nameOf(directory.findByUid(erp.metadata.uid))).toBe('team/erp');
    await cluster.setAway(false);
    await expect.poll(() => directory.staleness() < performance.now() - began, { timeout: 10_000 }).toBe(true);
  });

  test('is that of the slowest watch: one namespace that cannot be watched is enough', async () => {
    const cluster = new MemoryCluster();
    const { list, watch } = cluster.client;
    const refuses = (path: string): boolean => path.includes('/namespaces/broken/');
    const client = {
      ...cluster.client,
      list: ((path: string, ...rest: []) =>
        refuses(path) ? Promise.reject(new Error('refused')) : list(path, ...rest)) as typeof list,
      watch,
    };
    const directory = new WatchedDirectory({ client, log: silentLog, namespaces: ['team', 'broken'], selector: '' });
    const stop = new AbortController();
    onTestFinished(() => stop.abort());
    directory.start(stop.signal).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(directory.staleness()).toBe(Number.POSITIVE_INFINITY);
  });
});
