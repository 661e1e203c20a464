import { afterAll, beforeAll, expect, test } from 'vitest';
import { parts, rotationAnnotations } from '../../src/api/names.ts';
import { eventually } from './control-plane/eventually.ts';
import { operatorKubeconfig, type RunningOperator, startOperator } from './control-plane/start-operator.ts';
import { connectionsAt, readWorlds, secretsAt, succeed } from './failure/read-world.ts';
import { runUntilSettled, waitUntilSettled } from './failure/run-scenarios.ts';
import { createFor } from './failure/scenarios.ts';
import { argumentsFor, buildStage, type Stage } from './failure/stage.ts';
import { type Asked, type Fate, startTroubledProxy, type TroubledProxy } from './failure/start-troubled-proxy.ts';

const names = Array.from({ length: 40 }, (_, i) => `erp-${i}`);
/** What happens to the requests for one thing, one after the other; then all is well. */
const troubles: readonly Fate[] = [
  { kind: 'answered', status: 429, reason: 'TooManyRequests', retryAfter: 1 },
  { kind: 'broken' },
  { kind: 'answered', status: 409, reason: 'Conflict' },
  { kind: 'answered', status: 500, reason: 'InternalError' },
  { kind: 'spoilt' },
  { kind: 'answered', status: 503, reason: 'ServiceUnavailable' },
  { kind: 'answered', status: 504, reason: 'Timeout' },
];

let stage: Stage;
let proxy: TroubledProxy;
let operator: RunningOperator;
const met = new Map<string, number>();
let isCalm = false;

/** Each Connection, each Secret, each list and each watch begins its row of troubles at another place and has three. */
function decide({ method, path, isWatch }: Asked): Fate {
  if (isCalm || path.includes('leases')) return { kind: 'passed' };
  const about = `${isWatch ? 'watch' : method === 'GET' ? 'read' : 'write'} ${path}`;
  const times = met.get(about) ?? 0;
  met.set(about, times + 1);
  // All creations of a kind go to one path.
  if (times >= (method === 'POST' ? 30 : 3)) return { kind: 'passed' };
  const begin = [...about].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  return troubles[(begin + times) % troubles.length] ?? { kind: 'passed' };
}

beforeAll(async () => {
  stage = await buildStage();
  // So that there are keys: each failure counts against the same one that is to make them.
  await runUntilSettled(stage);
  proxy = await startTroubledProxy(stage.cluster, await operatorKubeconfig(), decide);
  operator = await startOperator({
    namespaces: [stage.namespace],
    args: argumentsFor(stage),
    kubeconfig: proxy.kubeconfig,
  });
  const { cluster, namespace } = stage;
  await Promise.all(names.map((name) => createFor({ cluster, namespace, name }, { rotation: { overlap: '1h' } })));
});
afterAll(async () => {
  expect(await operator?.stop()).toEqual({ code: 0, signal: null });
  await proxy?.close();
});

test('every Connection is issued, and once', async () => {
  await waitUntilSettled(stage);
  const { cluster, namespace } = stage;
  for (const [name, { connection, events }] of await readWorlds(cluster, namespace)) {
    for (const part of parts)
      expect(connection.status?.credentials?.[part], name).toMatchObject([{ version: expect.stringMatching(/^1-/) }]);
    expect((events.Issued ?? 0) + (events.CredentialsTakenOver ?? 0), name).toBeLessThanOrEqual(2);
  }
  const creates = (await cluster.writes()).filter(
    (write) =>
      write.namespace === namespace && write.resource === 'secrets' && write.verb === 'create' && write.code < 300,
  );
  expect(creates.map(({ name }) => name).sort()).toEqual(names.map((name) => `${name}-credentials`).sort());
});

test('every kind of trouble was met', () => {
  for (const kind of ['429', '409', '500', '503', '504', 'broken', 'spoilt'])
    expect(proxy.made.get(kind), kind).toBeGreaterThan(3);
});

test('every request is answered by one rotation', async () => {
  const { cluster, namespace } = stage;
  met.clear();
  const body = { metadata: { annotations: { [rotationAnnotations.rotate]: 'a' } } };
  const path = (name: string): string => connectionsAt(namespace, name);
  await Promise.all(names.map((name) => succeed(cluster, { method: 'PATCH', path: path(name), body })));
  await eventually(
    async () => {
      const handled = [...(await readWorlds(cluster, namespace)).values()].filter(
        ({ connection }) => connection.status?.rotation?.handled?.length === 1,
      );
      expect(handled).toHaveLength(names.length);
    },
    { within: 120_000, every: 250 },
  );
  await waitUntilSettled(stage);
  for (const [name, { connection, events }] of await readWorlds(cluster, namespace)) {
    expect(connection.status?.rotation?.history, name).toHaveLength(2);
    expect(Object.keys(events)).not.toContain('CredentialsReissued');
    expect(Object.keys(events)).not.toContain('CredentialsTampered');
  }
});

test('nobody takes trouble for the loss of a Secret', async () => {
  isCalm = true;
  const { cluster, namespace } = stage;
  const { items } = await succeed<{ items: readonly unknown[] }>(cluster, {
    path: `${secretsAt(namespace)}?limit=500`,
  });
  expect(items).toHaveLength(names.length);
});
