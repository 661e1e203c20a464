import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { createNamespace } from './control-plane/create-namespace.ts';
import { eventually } from './control-plane/eventually.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';
import { buildConnection } from './manifests/build-connection.ts';
import { collectionPath } from './manifests/read-manifests.ts';
import { type Verdict, writeAs } from './manifests/write-as.ts';

const cluster = sharedCluster();
let inside = '';
let outside = '';
let name = '';

/** As the administrator: the list of namespaces binds everybody, whatever they may bind. */
const create = (namespace: string, connection: string, spec: object): Promise<Verdict> =>
  writeAs(cluster, undefined, {
    method: 'POST',
    path: collectionPath('Connection', namespace),
    body: buildConnection(connection, spec),
  });

const write = (kind: string, method: 'POST' | 'PATCH', spec: object): Promise<Verdict> => {
  const path = collectionPath(kind, '') + (method === 'POST' ? '' : `/${name}`);
  return writeAs(cluster, undefined, {
    method,
    path,
    body: { apiVersion: 'connect.pim.dev/v1beta1', kind, metadata: { name }, spec },
  });
};

beforeAll(async () => {
  inside = await createNamespace();
  outside = await createNamespace();
  name = `only-${inside}`;
  for (const kind of ['ConnectionRole', 'ConnectionGroup']) {
    expect(await write(kind, 'POST', { namespaces: [inside] })).toMatchObject({ status: 201 });
  }
  // The API server reads the new role and group within a moment.
  for (const spec of [{ roleRef: { name } }, { groupRef: { name } }]) {
    await eventually(async () => {
      expect(await create(outside, randomUUID(), spec)).toMatchObject({ status: 403 });
    });
  }
});

test.each([
  ['ConnectionRole', 'roleRef'],
  ['ConnectionGroup', 'groupRef'],
])('a %s with namespaces is accepted there and refused elsewhere', async (kind, ref) => {
  expect(await create(inside, ref.toLowerCase(), { [ref]: { name } })).toMatchObject({ status: 201 });
  const elsewhere = await create(outside, ref.toLowerCase(), { [ref]: { name } });
  expect(elsewhere).toMatchObject({ status: 403 });
  expect(elsewhere.message).toContain(`the ${kind} ${name} is not open to namespace ${outside}: choose another one`);
});

test('it cannot be put there later either, and one without namespaces or without an object can', async () => {
  expect(await create(outside, 'plain', { roleRef: { name: 'does-not-exist-yet' } })).toMatchObject({ status: 201 });
  const path = `${collectionPath('Connection', outside)}/plain`;
  const body = { spec: { roleRef: { name } } };
  expect(await writeAs(cluster, undefined, { method: 'PATCH', path, body })).toMatchObject({ status: 403 });
});

test('an empty list opens it to nobody; what stands there already can still be edited', async () => {
  expect(await create(inside, 'early', { roleRef: { name }, groupRef: { name } })).toMatchObject({ status: 201 });
  expect(await write('ConnectionRole', 'PATCH', { namespaces: [] })).toMatchObject({ status: 200 });
  await eventually(async () => {
    expect(await create(inside, randomUUID(), { roleRef: { name } })).toMatchObject({ status: 403 });
  });
  const path = `${collectionPath('Connection', inside)}/early`;
  const body = { spec: { label: 'Another label' } };
  expect(await writeAs(cluster, undefined, { method: 'PATCH', path, body })).toMatchObject({ status: 200 });
});
