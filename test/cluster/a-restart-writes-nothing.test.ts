import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { ConnectionSpec } from '../../src/api/generated/connection.ts';
import { rotationAnnotations } from '../../src/api/names.ts';
import { bcryptTools } from '../../src/operator/bcrypt-tools.ts';
import { waitForAdmission } from '../../tools/apply-project.ts';
import type { WriteRecord } from '../../tools/control-plane/read-audit-log.ts';
import { eventually } from './control-plane/eventually.ts';
import { type RunningOperator, startOperator } from './control-plane/start-operator.ts';
import { connectionsAt, readWorlds, succeed } from './failure/read-world.ts';
import { runHere } from './failure/run-here.ts';
import { createFor, scenarios } from './failure/scenarios.ts';
import { buildStage, type Stage } from './failure/stage.ts';
import { type OwnCluster, startOwnCluster } from './failure/start-own-cluster.ts';

const count = 200;
/** Every tenth Connection is one of these, the others are plain. */
const kinds: Readonly<Record<string, Partial<ConnectionSpec>>> = {
  templated: { secret: { data: { DSN: 'https://{{clientId}}:{{clientSecret}}@pim', NAME: '{{namespace}}/{{name}}' } } },
  htpasswd: { secret: { htpasswd: true } },
  labelled: { secret: { labels: { team: 'a' }, annotations: { note: 'b' }, type: 'kubernetes.io/basic-auth' } },
  scheduled: { rotation: { interval: '720h', overlap: '1h' } },
  overlapping: { rotation: { overlap: '24h' } },
  suspended: { suspend: true },
};

let own: OwnCluster;
let stage: Stage;
let operator: RunningOperator;

async function start(...args: readonly string[]): Promise<void> {
  const all = ['--connection-limit', '0', ...args];
  operator = await (await startOperator({ namespaces: 'all', kubeconfig: own.kubeconfig, args: all })).ready();
  await eventually(() => expect(operator.lines.some((line) => line.includes('"synced"'))).toBe(true));
}

/** What the operator wrote, its Lease aside. */
async function readWrites(): Promise<readonly WriteRecord[]> {
  return (await own.cluster.writes()).filter(
    ({ user, resource }) => user.endsWith(':connection-operator') && resource !== 'leases',
  );
}

async function readMetric(name: string): Promise<number> {
  const text = await (await fetch(`${operator.admin}/metrics`)).text();
  const lines = text.split('\n').filter((line) => line.startsWith(`connection_operator_${name}`));
  return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

/** Waits until the operator has looked at every Connection so many more times than `before`. */
async function waitForLooks(before: number, looks: number): Promise<void> {
  await eventually(async () => expect(await readMetric('reconciles_total')).toBeGreaterThanOrEqual(before + looks), {
    within: 90_000,
  });
}

beforeAll(async () => {
  own = await startOwnCluster();
  stage = await buildStage(own.cluster);
  const { cluster, namespace } = stage;
  const names = Object.keys(kinds);
  const adopt = scenarios.find(({ name }) => name === 'adopt');
  for (let i = 0; i < count; i++) {
    const kind = names[i % 10];
    const place = { cluster, namespace, name: `${kind ?? (i % 10 === 9 ? 'adopted' : 'plain')}-${i}` };
    await (i % 10 === 9 ? adopt?.act(place) : createFor(place, kinds[kind ?? '']));
  }
  await start();
  await eventually(
    async () => {
      const worlds = [...(await readWorlds(cluster, namespace)).values()];
      expect(worlds.filter(({ connection }) => !connection.status?.credentials)).toEqual([]);
    },
    { within: 120_000, every: 500 },
  );
  const rotated = [...(await readWorlds(cluster, namespace)).keys()].filter((name) => name.startsWith('overlapping'));
  const annotations = { [rotationAnnotations.rotate]: 'a' };
  for (const name of rotated)
    await succeed(cluster, {
      method: 'PATCH',
      path: connectionsAt(namespace, name),
      body: { metadata: { annotations } },
    });
  await eventually(async () => {
    const worlds = await readWorlds(cluster, namespace);
    for (const name of rotated)
      expect(worlds.get(name)?.connection.status?.credentials?.password).toMatchObject([{}, { version: /^2-/ }]);
  });
});
afterAll(async () => {
  await operator?.stop();
  await own?.cluster.stop();
});

test('a restart reads everything and writes nothing', async () => {
  // Events wait for their turn; an end in order writes them.
  expect(await operator.stop()).toEqual({ code: 0, signal: null });
  const before = await readWrites();
  expect(before.filter(({ subresource }) => subresource === 'status').length).toBeGreaterThanOrEqual(count);
  await start();
  await waitForLooks(0, count);
  expect((await readWrites()).slice(before.length)).toEqual([]);
});

test('labels and annotations of other tools, on Connections and on their Secrets, are left alone', async () => {
  const { cluster, namespace } = stage;
  const [before, looks] = [await readWrites(), await readMetric('reconciles_total')];
  const metadata = { labels: { 'example.com/team': 'b' }, annotations: { 'example.com/ticket': '42', plain: 'x' } };
  const lists = [connectionsAt(namespace), `/api/v1/namespaces/${namespace}/secrets`];
  for (const list of lists) {
    const { items } = await succeed<{ items: { metadata: { name: string } }[] }>(cluster, { path: list });
    await Promise.all(
      items.map(({ metadata: { name } }) =>
        succeed(cluster, { method: 'PATCH', path: `${list}/${name}`, body: { metadata } }),
      ),
    );
  }
  await waitForLooks(looks, count);
  expect((await readWrites()).slice(before.length)).toEqual([]);
  const { secret } = (await readWorlds(cluster, namespace)).get('labelled-2') ?? {};
  expect(secret?.metadata).toMatchObject({
    labels: { team: 'a', 'example.com/team': 'b' },
    annotations: { plain: 'x' },
  });
});

test('nor does a watch that was lost for so long that everything is listed anew', async () => {
  await operator.stop();
  await start('--no-leader-election');
  await waitForLooks(0, count);
  const [before, lists] = [await readWrites(), await readMetric('lists_total')];
  operator.signal('SIGSTOP');
  const body = { metadata: { labels: { 'example.com/meanwhile': 'c' } } };
  await succeed(own.cluster, { method: 'PATCH', path: connectionsAt(stage.namespace, 'templated-0'), body });
  await own.cluster.compactStore();
  await own.cluster.restartApiServer();
  await waitForAdmission(own.cluster.kubectl);
  operator.signal('SIGCONT');
  await eventually(async () => expect(await readMetric('lists_total')).toBeGreaterThanOrEqual(lists + 2), {
    within: 120_000,
  });
  await createFor({ ...stage, name: 'afterwards' }, undefined);
  await eventually(async () => {
    const worlds = await readWorlds(own.cluster, stage.namespace);
    expect(worlds.get('afterwards')?.connection.status?.credentials).toBeDefined();
  });
  const after = (await readWrites()).slice(before.length);
  expect(after.filter(({ name, resource }) => resource !== 'events' && !name.startsWith('afterwards'))).toEqual([]);
});

test('nor is anything hashed with bcrypt', async () => {
  await operator.stop();
  const before = await readWrites();
  const spies = [vi.spyOn(bcryptTools, 'hash'), vi.spyOn(bcryptTools, 'compare')];
  const here = await runHere({ settings: {}, kubeconfig: own.kubeconfig });
  await eventually(() => expect(here.operator.isIdle).toBe(true));
  await here.stop();
  for (const spy of spies) expect(spy).not.toHaveBeenCalled();
  expect((await readWrites()).slice(before.length)).toEqual([]);
});
