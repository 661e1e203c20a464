import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rotationAnnotations } from '../../src/api/names.ts';
import { waitForAdmission } from '../../tools/apply-project.ts';
import { eventually } from './control-plane/eventually.ts';
import { connectionsAt, readWorlds, succeed } from './failure/read-world.ts';
import { waitUntilSettled } from './failure/run-scenarios.ts';
import { createFor } from './failure/scenarios.ts';
import { buildStage, type Stage } from './failure/stage.ts';
import { type OwnCluster, startOwnCluster } from './failure/start-own-cluster.ts';
import { type SupervisedOperator, superviseOperator } from './failure/supervise-operator.ts';

const names = Array.from({ length: 200 }, (_, i) => `erp-${i}`);
/** So many are done when the API server goes. */
const begun = 50;
const minute = 60_000;
let own: OwnCluster;
let stage: Stage;
let operator: SupervisedOperator;

beforeAll(async () => {
  own = await startOwnCluster();
  stage = await buildStage(own.cluster);
  const { cluster, namespace } = stage;
  await Promise.all(names.map((name) => createFor({ cluster, namespace, name }, undefined)));
});
afterAll(async () => {
  await operator?.stop();
  await own?.cluster.stop();
});

/** Waits until that many Connections have been dealt with. */
async function waitForSome(isDone: (status: object) => boolean): Promise<void> {
  await eventually(
    async () => {
      const worlds = [...(await readWorlds(own.cluster, stage.namespace)).values()];
      const done = worlds.filter(({ connection }) => isDone(connection.status ?? {}));
      expect(done.length).toBeGreaterThanOrEqual(begun);
    },
    { within: minute, every: 20 },
  );
}

test('killed with SIGKILL in the middle of 200 first issues and started again', { timeout: 5 * minute }, async () => {
  operator = await superviseOperator({
    namespaces: 'all',
    kubeconfig: own.kubeconfig,
    args: ['--connection-limit', '0', '--workers', '4'],
  });
  await waitForSome((status) => 'credentials' in status);
  await own.cluster.killApiServer();
  await sleep(1_000);
  await own.cluster.restartApiServer();
  const then = await readWorlds(own.cluster, stage.namespace);
  const issued = [...then.values()].filter(({ connection }) => connection.status?.credentials).length;
  expect(issued, 'it came too late').toBeLessThan(names.length);

  await waitUntilSettled(stage);
  const creates = (await own.cluster.writes()).filter(
    ({ namespace, resource, verb, code }) =>
      namespace === stage.namespace && resource === 'secrets' && verb === 'create' && code < 300,
  );
  expect(new Set(creates.map(({ name }) => name)).size).toBe(creates.length);
  for (const [name, { connection, events }] of await readWorlds(own.cluster, stage.namespace)) {
    expect(connection.status?.credentials?.password, name).toMatchObject([{ version: expect.stringMatching(/^1-/) }]);
    const { Issued = 0, CredentialsTakenOver = 0, ...others } = events;
    expect(others, name).toEqual({});
    expect(Issued + CredentialsTakenOver).toBeLessThanOrEqual(1);
  }
});

test('paused in the middle of 200 rotations until the leader has lost its Lease', { timeout: 5 * minute }, async () => {
  const body = { metadata: { annotations: { [rotationAnnotations.rotate]: 'a' } } };
  const path = (name: string): string => connectionsAt(stage.namespace, name);
  await waitForAdmission(own.cluster.kubectl);
  const asked = Promise.all(names.map((name) => succeed(own.cluster, { method: 'PATCH', path: path(name), body })));
  await waitForSome((status) => 'rotation' in status);
  const { ends } = operator;
  await own.cluster.pauseApiServer();
  await eventually(() => expect(operator.ends).toBeGreaterThan(ends), { within: minute });
  await own.cluster.resumeApiServer();
  await asked;

  await eventually(
    async () => {
      const worlds = [...(await readWorlds(own.cluster, stage.namespace)).values()];
      expect(worlds.filter(({ connection }) => !connection.status?.rotation?.handled)).toEqual([]);
    },
    { within: 2 * minute, every: 250 },
  );
  await waitUntilSettled(stage);
  for (const [name, { connection, events }] of await readWorlds(own.cluster, stage.namespace)) {
    expect(connection.status?.rotation?.history, name).toHaveLength(2);
    expect(Object.keys(events), name).not.toContain('CredentialsReissued');
    expect(Object.keys(events), name).not.toContain('CredentialsTampered');
  }
});

test('a leader that could not renew its Lease has ended, and the next start went on', () => {
  expect(operator.ends).toBeGreaterThanOrEqual(1);
  expect(operator.lines.filter((line) => line.includes('could not be renewed in time'))).not.toEqual([]);
});
