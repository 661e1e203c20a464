import { beforeAll, expect, test } from 'vitest';
import type { Connection } from '../../src/api/generated/connection.ts';
import type { Secret } from '../../src/api/secret.ts';
import { textsOf } from './connections/connection-desk.ts';
import { areAccepted } from './connections/find-accepted-version.ts';
import { useOperator } from './connections/use-operator.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';

const scene = useOperator();
let connection: Connection;
let secret: Secret;
let texts: Readonly<Record<string, string>>;

beforeAll(async () => {
  connection = await scene.desk.issue(
    'my-erp',
    { label: 'The ERP' },
    { labels: { team: 'erp' }, annotations: { note: 'x' } },
  );
  secret = await scene.desk.secret('my-erp-credentials');
  texts = textsOf(secret);
});

test('keys of the Secret', () => {
  expect(texts).toEqual({
    'client-id': expect.stringMatching(/^my_erp_[0-9a-z]{24}$/),
    'client-secret': expect.stringMatching(/^csec_[0-9A-Za-z]{49}$/),
    username: expect.stringMatching(/^my_erp_\d{4}$/),
    password: expect.stringMatching(/^cpwd_[0-9A-Za-z]{49}$/),
    type: 'pim',
    provider: 'connection-operator',
  });
  expect(secret.type).toBe('Opaque');
});

test('labels, mark and owner of the Secret, and nothing of the Connection’s own metadata', () => {
  expect(secret.metadata.labels).toEqual({
    'app.kubernetes.io/managed-by': 'connection-operator',
    'connect.pim.dev/connection': 'my-erp',
  });
  expect(Object.keys(secret.metadata.annotations ?? {})).toEqual(['connect.pim.dev/issued']);
  expect(secret.metadata.ownerReferences).toEqual([
    {
      apiVersion: 'connect.pim.dev/v1beta1',
      kind: 'Connection',
      name: 'my-erp',
      uid: connection.metadata.uid,
      controller: true,
      blockOwnerDeletion: false,
    },
  ]);
});

test('the status names code, client id, username and Secret, and holds one verifier for each value', async () => {
  expect(connection.status).toMatchObject({
    observedGeneration: 1,
    code: 'my_erp',
    clientId: texts['client-id'],
    username: texts.username,
    binding: { name: 'my-erp-credentials' },
    conditions: [{ type: 'Ready', status: 'True', reason: 'Issued', observedGeneration: 1 }],
    credentials: { uid: connection.metadata.uid },
  });
  const { clientSecret, password, retired } = connection.status?.credentials ?? {};
  for (const verifiers of [clientSecret, password]) {
    expect(verifiers).toMatchObject([{ alg: 'hmac-sha256', version: expect.stringMatching(/^1-[0-9a-z]{6}$/) }]);
  }
  expect(retired).toBeUndefined();
  expect(connection.status?.rotation).toBeUndefined();
  expect(await areAccepted(connection, texts)).toBe(true);
  expect(await areAccepted(connection, { ...texts, password: texts['client-secret'] ?? '' })).toBe(false);
});

test('default role and group are said to be defaults', () => {
  expect(connection.status?.conditions?.[0]?.message).toMatch(/default role user.*default group all/);
});

test('kubectl shows it', async () => {
  const { stdout } = await sharedCluster().kubectl(['get', 'conn', '-n', scene.desk.namespace, '-o', 'wide']);
  const [, row = ''] = stdout.split('\n');
  const cells = row.split(/ {2,}/);
  expect(cells.slice(0, 6)).toEqual(['my-erp', 'The ERP', 'Source', 'false', 'True', 'Issued']);
  expect(cells.slice(7, 12)).toEqual([texts['client-id'], texts.username, 'user', 'all', 'my-erp-credentials']);
});
