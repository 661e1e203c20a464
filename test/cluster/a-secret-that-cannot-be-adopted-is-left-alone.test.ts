import { expect, test } from 'vitest';
import { conditionOf, readyOf } from './connections/connection-desk.ts';
import { useOperator } from './connections/use-operator.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';

const scene = useOperator();
interface GivenSecret {
  readonly metadata?: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly stringData?: Readonly<Record<string, string>>;
  readonly immutable?: boolean;
  readonly type?: string;
}

const cases: readonly (readonly [what: string, secret: GivenSecret, sentence: string])[] = [
  [
    'a newline at the end of a password',
    { stringData: { password: 'secret\n' } },
    'password must be 1 to 512 bytes of printable ASCII and it ends in a newline (echo adds one: use printf or echo -n).',
  ],
  ['a newline at the end of a client id', { stringData: { 'client-id': 'abc\n' } }, 'and it ends in a newline'],
  ['an empty password', { stringData: { password: '' } }, 'password must be 1 to 512 bytes'],
  [
    'a secret of 513 bytes',
    { stringData: { 'client-secret': 'x'.repeat(513) } },
    'client-secret must be 1 to 512 bytes',
  ],
  ['a secret beyond ASCII', { stringData: { 'client-secret': 'pässword' } }, 'printable ASCII.'],
  [
    'a client id with a colon',
    { stringData: { 'client-id': 'a:b' } },
    'client-id must be 1 to 128 letters, digits or one of _ . @ -.',
  ],
  ['a username of 129 characters', { stringData: { username: 'x'.repeat(129) } }, 'username must be 1 to 128'],
  ['immutable', { immutable: true }, 'it is immutable; create it anew without immutable: true'],
  [
    'of another type',
    { type: 'kubernetes.io/basic-auth', stringData: { username: 'abc', password: 'def' } },
    'has type kubernetes.io/basic-auth and spec.secret.type says Opaque',
  ],
  [
    'managed by another tool',
    { metadata: { labels: { 'app.kubernetes.io/managed-by': 'Helm' } } },
    'Helm manages it and would write it again',
  ],
  ['synced by Argo CD', { metadata: { annotations: { 'argocd.argoproj.io/tracking-id': 'x' } } }, 'Argo CD manages it'],
  [
    'given to another Connection',
    { metadata: { annotations: { 'connect.pim.dev/adopt': 'another' } } },
    'was not written by this operator and is left alone',
  ],
];

const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'somebody', uid: '11111111-1111-1111-1111-111111111111' };

test.each(cases)('%s', async (what, secret, sentence) => {
  const { desk } = scene;
  const name = what.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  const annotations = { 'connect.pim.dev/adopt': name, ...secret.metadata?.annotations };
  const metadata = { ...secret.metadata, name: `${name}-credentials`, annotations };
  const before = await desk.createSecret({ stringData: { 'client-secret': 'a secret' }, ...secret, metadata });

  await desk.create(name, { code: `code_${name.replaceAll('-', '_')}` });
  const connection = await desk.waitFor(name, 'SecretConflict');
  expect(readyOf(connection).message).toContain(sentence);
  expect(conditionOf(connection, 'Stalled')).toMatchObject({ status: 'True', reason: 'SecretConflict' });
  expect(connection.status?.clientId).toBeUndefined();
  expect(await desk.secret(`${name}-credentials`)).toEqual(before);
});

test('one that another controller owns', async () => {
  const { desk } = scene;
  const path = `/api/v1/namespaces/${desk.namespace}/configmaps`;
  const { body } = await sharedCluster().request<{ metadata: { uid: string } }>({
    method: 'POST',
    path,
    body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: owner.name } },
  });
  const ownerReferences = [{ ...owner, uid: body.metadata.uid, controller: true }];
  const annotations = { 'connect.pim.dev/adopt': 'owned' };
  const before = await desk.createSecret({ metadata: { name: 'owned-credentials', annotations, ownerReferences } });
  await desk.create('owned');
  const connection = await desk.waitFor('owned', 'SecretConflict');
  expect(readyOf(connection).message).toContain('ConfigMap somebody owns it');
  expect(await desk.secret('owned-credentials')).toEqual(before);
});

test('it is adopted once what was wrong is put right', async () => {
  const { desk } = scene;
  await desk.createSecret({
    metadata: { name: 'healed-credentials', annotations: { 'connect.pim.dev/adopt': 'healed' } },
    stringData: { password: 'with a newline\n' },
  });
  await desk.create('healed');
  await desk.waitFor('healed', 'SecretConflict');
  await desk.patchSecret('healed-credentials', { stringData: { password: 'without one' } });
  // Seen within ten seconds, or at once when the Connection is touched.
  await desk.patch('healed', { metadata: { labels: { looked: 'at' } } });
  await desk.waitFor('healed', 'Issued');
  expect(await desk.texts('healed-credentials')).toMatchObject({ password: 'without one' });
});
