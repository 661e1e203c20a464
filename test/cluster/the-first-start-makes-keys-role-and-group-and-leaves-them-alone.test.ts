import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConnectionGroup } from '../../src/api/generated/connection-group.ts';
import type { ConnectionRole } from '../../src/api/generated/connection-role.ts';
import { eventually } from './control-plane/eventually.ts';
import { startOperator } from './control-plane/start-operator.ts';
import { succeed } from './failure/read-world.ts';
import { defaultKeys, type Stage } from './failure/stage.ts';
import { type OwnCluster, startOwnCluster } from './failure/start-own-cluster.ts';
import { readKeyIds, readKeySecret } from './failure/write-keys.ts';

let own: OwnCluster;
let stage: Stage;
const role = '/apis/connect.pim.dev/v1beta1/connectionroles/user';
const group = '/apis/connect.pim.dev/v1beta1/connectiongroups/all';

beforeAll(async () => {
  own = await startOwnCluster();
  stage = { cluster: own.cluster, namespace: 'default', keySecret: defaultKeys };
});
afterAll(() => own?.cluster.stop());

/** From the start until it has seen everything, as a pod that is started again. */
async function runOnce(): Promise<void> {
  const operator = await startOperator({ namespaces: 'all', kubeconfig: own.kubeconfig });
  await operator.ready();
  await eventually(() => expect(operator.lines.some((line) => line.includes('"synced"'))).toBe(true));
  expect(await operator.stop()).toEqual({ code: 0, signal: null });
}

test('the first start makes a key of each kind, a role that reads all and a group that sees all', async () => {
  expect((await own.cluster.request({ path: role })).status).toBe(404);
  await runOnce();
  expect(Object.values(await readKeyIds(stage)).map((ids) => ids.length)).toEqual([1, 1, 1]);
  const { spec } = await succeed<ConnectionRole>(own.cluster, { path: role });
  expect(spec).toMatchObject({ overallAccess: true, readOnly: true, permissions: expect.any(Array) });
  const everything = { view: ['*'], edit: ['*'] };
  expect((await succeed<ConnectionGroup>(own.cluster, { path: group })).spec.catalog).toEqual({
    categories: { ...everything, own: ['*'] },
    attributeGroups: everything,
    locales: everything,
  });
});

test('later ones change nothing: what people edited stays so, what they deleted stays away', async () => {
  await succeed(own.cluster, { method: 'PATCH', path: role, body: { spec: { readOnly: false, permissions: null } } });
  await succeed(own.cluster, { method: 'DELETE', path: group });
  const [edited, keys] = [await succeed(own.cluster, { path: role }), await readKeySecret(stage)];
  await runOnce();
  await runOnce();
  expect(await succeed(own.cluster, { path: role })).toEqual(edited);
  expect((await own.cluster.request({ path: group })).status).toBe(404);
  expect(await readKeySecret(stage)).toEqual(keys);
});
