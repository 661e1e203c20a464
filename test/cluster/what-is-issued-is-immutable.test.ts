import { beforeAll, expect, test } from 'vitest';
import { createNamespace } from './control-plane/create-namespace.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';
import { buildConnection } from './manifests/build-connection.ts';
import { collectionPath } from './manifests/read-manifests.ts';
import { type Verdict, writeAs } from './manifests/write-as.ts';

const cluster = sharedCluster();
let connections = '';

const patch = (name: string, spec: object): Promise<Verdict> =>
  writeAs(cluster, undefined, { method: 'PATCH', path: `${connections}/${name}`, body: { spec } });

/** A Connection as the operator leaves it after the first issue, or before it. */
async function createConnection(
  name: string,
  spec: object,
  issuedAs?: { code: string; secret: string },
): Promise<void> {
  await writeAs(cluster, undefined, { method: 'POST', path: connections, body: buildConnection(name, spec) });
  if (issuedAs === undefined) return;
  const status = { code: issuedAs.code, binding: { name: issuedAs.secret } };
  const write = { method: 'PATCH', path: `${connections}/${name}/status`, body: { status } } as const;
  expect(await writeAs(cluster, undefined, write)).toMatchObject({ status: 200 });
}

beforeAll(async () => {
  connections = collectionPath('Connection', await createNamespace());
});

test('a code that was written is immutable from the start, whether issued or not', async () => {
  await createConnection('coded', { code: 'first' });
  const changed = await patch('coded', { code: 'second' });
  expect(changed).toMatchObject({ status: 422 });
  expect(changed.message).toContain(
    'code is immutable, because client id and username are made of it: write code: first',
  );
  expect(await patch('coded', { code: null })).toMatchObject({ status: 422 });
  expect(await patch('coded', { label: 'Another label' })).toMatchObject({ status: 200 });
});

test('a code may be added later: any before the first issue, after it only the one that was issued', async () => {
  await createConnection('not-issued', {});
  expect(await patch('not-issued', { code: 'anything' })).toMatchObject({ status: 200 });

  await createConnection('was-issued', {}, { code: 'was_issued', secret: 'was-issued-credentials' });
  const other = await patch('was-issued', { code: 'other' });
  expect(other).toMatchObject({ status: 422 });
  expect(other.message).toContain('write spec.code: was_issued or leave it away');
  expect(await patch('was-issued', { code: 'was_issued' })).toMatchObject({ status: 200 });
});

test('the name of the Secret may change before the first issue and not after it; the default may be written out', async () => {
  await createConnection('pending', { secret: { name: 'one' } });
  expect(await patch('pending', { secret: { name: 'two' } })).toMatchObject({ status: 200 });

  await createConnection('issued', {}, { code: 'issued', secret: 'issued-credentials' });
  const renamed = await patch('issued', { secret: { name: 'another' } });
  expect(renamed).toMatchObject({ status: 422 });
  expect(renamed.message).toContain(
    'the credentials are issued, so secret.name cannot change: keep issued-credentials',
  );
  expect(await patch('issued', { secret: { name: 'issued-credentials' } })).toMatchObject({ status: 200 });
  expect(await patch('issued', { secret: null })).toMatchObject({ status: 200 });

  await createConnection('named', { secret: { name: 'chosen' } }, { code: 'named', secret: 'chosen' });
  expect(await patch('named', { secret: null })).toMatchObject({ status: 422 });
});

test('the type of the Secret may change before the first issue and not after it', async () => {
  await createConnection('type-pending', {});
  expect(await patch('type-pending', { secret: { type: 'kubernetes.io/basic-auth' } })).toMatchObject({ status: 200 });

  await createConnection('type-issued', {}, { code: 'type_issued', secret: 'type-issued-credentials' });
  const changed = await patch('type-issued', { secret: { type: 'kubernetes.io/basic-auth' } });
  expect(changed).toMatchObject({ status: 422 });
  expect(changed.message).toContain('so secret.type cannot change: keep Opaque');
  expect(await patch('type-issued', { secret: { type: 'Opaque', htpasswd: true } })).toMatchObject({ status: 200 });
});
