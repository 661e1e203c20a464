import { expect, test } from 'vitest';
import { readyOf, textsOf } from './connections/connection-desk.ts';
import { areAccepted } from './connections/find-accepted-version.ts';
import { refuseSecrets } from './connections/refuse-secrets.ts';
import { useOperator } from './connections/use-operator.ts';
import { eventually } from './control-plane/eventually.ts';

const scene = useOperator();

test('repairs of what it holds wait and are told; a rotation deletes it and creates it anew', async () => {
  const { desk } = scene;
  await desk.issue('erp');
  const texts = await desk.texts('erp-credentials');
  const immutable = await desk.patchSecret('erp-credentials', { immutable: true });

  await desk.patch('erp', { spec: { secret: { data: { late: '{{username}}' } } } });
  const waiting = await desk.waitFor('erp', 'Issued');
  expect(readyOf(waiting).message).toContain(
    'was made immutable or another type: it is repaired with the next rotation',
  );
  expect((await desk.secret('erp-credentials')).metadata.resourceVersion).toBe(immutable.metadata.resourceVersion);
  expect(await areAccepted(waiting, texts)).toBe(true);

  const rotated = await desk.request('erp', 'connect.pim.dev/rotate-password', 'a');
  const secret = await desk.secret('erp-credentials');
  expect(secret.metadata.uid).not.toBe(immutable.metadata.uid);
  expect(secret.immutable).toBeUndefined();
  const after = await desk.texts('erp-credentials');
  expect(after).toEqual({ ...texts, password: after.password, late: texts.username });
  expect(after.password).not.toBe(texts.password);
  expect(await areAccepted(rotated, after)).toBe(true);
  expect(readyOf(rotated).message).not.toContain('immutable');
  await eventually(async () => {
    expect((await desk.events('erp')).map(({ reason }) => reason)).toEqual(['Issued', 'CredentialsRotated']);
  });
});

test('metadata can still be repaired in place', async () => {
  const { desk } = scene;
  await desk.issue('labelled');
  const before = await desk.patchSecret('labelled-credentials', { immutable: true });
  await desk.patch('labelled', { spec: { secret: { labels: { team: 'a' } } } });
  const connection = await desk.waitFor('labelled', 'Issued');
  const { metadata, immutable } = await desk.secret('labelled-credentials');
  expect(metadata).toMatchObject({ uid: before.metadata.uid, labels: { team: 'a' } });
  expect(immutable).toBe(true);
  expect(readyOf(connection).message).not.toContain('immutable');
});

test('it is not deleted when the new one would be refused', async () => {
  const { desk } = scene;
  await desk.issue('guarded', { rotation: { overlap: '1h' } });
  const before = await desk.patchSecret('guarded-credentials', { immutable: true });
  const stop = await refuseSecrets(desk.namespace, "'not now'");
  await desk.annotate('guarded', { 'connect.pim.dev/rotate': 'a' });
  const refused = await desk.waitFor('guarded', 'SecretRefused');
  expect(await desk.secret('guarded-credentials')).toEqual(before);
  expect(await areAccepted(refused, await desk.texts('guarded-credentials'))).toBe(true);
  expect(refused.status?.rotation?.handled).toBeUndefined();

  await stop();
  await desk.patch('guarded', { metadata: { labels: { looked: 'at' } } });
  const rotated = await desk.request('guarded', 'connect.pim.dev/rotate', 'a');
  const after = await desk.secret('guarded-credentials');
  expect(after.metadata.uid).not.toBe(before.metadata.uid);
  expect(await areAccepted(rotated, textsOf(after))).toBe(true);
});
