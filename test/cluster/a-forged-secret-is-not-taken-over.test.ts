import { expect, test } from 'vitest';
import type { Connection } from '../../src/api/generated/connection.ts';
import { makeValue } from '../../src/credentials/generated-value.ts';
import { systemRandom } from '../../src/credentials/random-source.ts';
import { areAccepted } from './connections/find-accepted-version.ts';
import { useOperator } from './connections/use-operator.ts';
import { createReference } from './connections/write-reference.ts';
import { eventually } from './control-plane/eventually.ts';

const scene = useOperator();

/** A Secret as like ours as somebody can make it who has no key. */
function forge({ metadata }: Connection, name: string, mark: string): { body: object; texts: Record<string, string> } {
  const texts = {
    'client-id': `${metadata.name}_0123456789abcdefghijklmn`,
    'client-secret': makeValue('clientSecret', systemRandom),
    username: `${metadata.name}_0001`,
    password: makeValue('password', systemRandom),
    type: 'pim',
    provider: 'connection-operator',
  };
  const labels = {
    'app.kubernetes.io/managed-by': 'connection-operator',
    'connect.pim.dev/connection': metadata.name,
  };
  const owner = { apiVersion: 'connect.pim.dev/v1beta1', kind: 'Connection', name: metadata.name, uid: metadata.uid };
  const ownerReferences = [{ ...owner, controller: true, blockOwnerDeletion: false }];
  const annotations = { 'connect.pim.dev/issued': mark };
  return { body: { metadata: { name, labels, annotations, ownerReferences }, stringData: texts }, texts };
}

test('before the first issue: it is left alone, and none of its values is valid', async () => {
  const { desk } = scene;
  await desk.issue('other');
  const mark = (await desk.secret('other-credentials')).metadata.annotations?.['connect.pim.dev/issued'] ?? '';
  const role = `late-${desk.namespace}`;
  const waiting = await desk.create('target', { roleRef: { name: role } });
  const { body, texts } = forge(waiting, 'target-credentials', mark);
  const forged = await desk.createSecret(body);
  await createReference('ConnectionRole', role);

  const connection = await desk.waitFor('target', 'SecretConflict');
  expect(connection.status?.credentials).toBeUndefined();
  expect(await areAccepted(connection, texts)).toBe(false);
  expect(await desk.secret('target-credentials')).toEqual(forged);
});

test('after it, in the place of ours: everything in it is replaced', async () => {
  const { desk } = scene;
  await desk.issue('issued');
  const before = await desk.secret('issued-credentials');
  await scene.stop();
  await desk.deleteSecret('issued-credentials');
  const mark = before.metadata.annotations?.['connect.pim.dev/issued'] ?? '';
  const { body, texts } = forge(await desk.read('issued'), 'issued-credentials', mark);
  await desk.createSecret(body);
  await scene.start();

  const connection = await desk.waitUntil('issued', ({ status }) => {
    expect(status?.rotation?.history).toMatchObject([{ cause: 'Tampered' }, { cause: 'Tampered' }]);
  });
  expect(await areAccepted(connection, texts)).toBe(false);
  const after = await desk.texts('issued-credentials');
  expect(await areAccepted(connection, after)).toBe(true);
  expect(after['client-id']).toBe(connection.status?.clientId);
});

test('a stray one under another name, with our labels, is not deleted', async () => {
  const { desk } = scene;
  const connection = await desk.issue('owner');
  const { body } = forge(connection, 'another-name', '{}');
  const forged = await desk.createSecret(body);
  await desk.settle();
  await desk.request('owner', 'connect.pim.dev/rotate', 'a');
  expect(await desk.secret('another-name')).toEqual(forged);
  await eventually(async () =>
    expect(await areAccepted(await desk.read('owner'), await desk.texts('owner-credentials'))).toBe(true),
  );
});
