import { beforeAll, expect, test } from 'vitest';
import { createNamespace } from './control-plane/create-namespace.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';
import { buildConnection } from './manifests/build-connection.ts';
import { collectionPath } from './manifests/read-manifests.ts';
import { type Verdict, writeAs } from './manifests/write-as.ts';

const cluster = sharedCluster();
let connections = '';

const annotate = (name: string, annotations: Readonly<Record<string, string | null>>): Promise<Verdict> =>
  writeAs(cluster, undefined, { method: 'PATCH', path: `${connections}/${name}`, body: { metadata: { annotations } } });

beforeAll(async () => {
  connections = collectionPath('Connection', await createNamespace());
  const body = buildConnection('erp');
  expect(await writeAs(cluster, undefined, { method: 'POST', path: connections, body })).toMatchObject({ status: 201 });
});

test.each([
  'connect.pim.dev/rotate',
  'connect.pim.dev/rotate-client-secret',
  'connect.pim.dev/rotate-password',
  'connect.pim.dev/revoke',
])('%s takes 1 to 128 characters of any text', async (annotation) => {
  expect(await annotate('erp', { [annotation]: 'é'.repeat(128) })).toMatchObject({ status: 200 });
  expect(await annotate('erp', { [annotation]: 'x'.repeat(129) })).toMatchObject({ status: 422 });
  expect(await annotate('erp', { [annotation]: '' })).toMatchObject({ status: 422 });
});

test('an unknown annotation of ours is refused with the known ones, other people’s are nobody’s business', async () => {
  const unknown = await annotate('erp', { 'connect.pim.dev/adopt': 'erp' });
  expect(unknown).toMatchObject({ status: 422 });
  expect(unknown.message).toContain('there is no annotation connect.pim.dev/adopt on a Connection: write one of');
  expect(await annotate('erp', { 'example.com/rotate': '', rotate: 'x' })).toMatchObject({ status: 200 });
});
