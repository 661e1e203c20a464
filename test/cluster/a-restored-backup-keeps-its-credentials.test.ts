import { expect, test } from 'vitest';
import type { Connection } from '../../src/api/generated/connection.ts';
import type { Secret } from '../../src/api/secret.ts';
import { type ConnectionDesk, textsOf } from './connections/connection-desk.ts';
import { areAccepted } from './connections/find-accepted-version.ts';
import { useOperator } from './connections/use-operator.ts';
import { eventually } from './control-plane/eventually.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';

const scene = useOperator();

/** What a backup tool keeps: no status, no owner references, nothing that the API server sets. */
interface Backup {
  readonly connection: Connection;
  readonly secret: Secret;
}

/** Takes a backup and deletes the Connection; returns when the garbage collector has taken the Secret too. */
async function backUpAndDelete(desk: ConnectionDesk, name: string): Promise<Backup> {
  const backup = { connection: await desk.read(name), secret: await desk.secret(`${name}-credentials`) };
  await desk.delete(name);
  await eventually(async () => expect(await desk.isSecretThere(`${name}-credentials`)).toBe(false));
  return backup;
}

async function restoreSecret(desk: ConnectionDesk, { metadata, type, data }: Secret): Promise<void> {
  const { name, labels, annotations } = metadata;
  await desk.createSecret({ metadata: { name, labels, annotations }, type, data });
}

async function restore(
  desk: ConnectionDesk,
  { connection, secret }: Backup,
  annotations: Readonly<Record<string, string>> = {},
): Promise<Connection> {
  await restoreSecret(desk, secret);
  const { name } = connection.metadata;
  await desk.create(name, connection.spec, { annotations: { ...connection.metadata.annotations, ...annotations } });
  return desk.waitFor(name, 'Issued');
}

test('same values, same names, same versions; requests that were handled before do not fire', async () => {
  const { desk } = scene;
  await desk.issue('erp');
  await desk.request('erp', 'connect.pim.dev/revoke', 'long ago');
  const old = await desk.request('erp', 'connect.pim.dev/rotate', 'monday');
  const texts = await desk.texts('erp-credentials');

  const restored = await restore(desk, await backUpAndDelete(desk, 'erp'));
  await desk.settle();
  expect(await desk.texts('erp-credentials')).toEqual(texts);
  expect(restored.metadata.uid).not.toBe(old.metadata.uid);
  expect(await areAccepted(restored, texts)).toBe(true);
  expect(restored.status).toMatchObject({ clientId: old.status?.clientId, username: old.status?.username });
  expect(restored.status?.credentials?.password?.at(-1)?.version).toBe(
    old.status?.credentials?.password?.at(-1)?.version,
  );
  expect(restored.status?.rotation?.handled).toEqual(old.status?.rotation?.handled);
  expect(restored.status?.rotation?.history).toBeUndefined();
  expect((await desk.secret('erp-credentials')).metadata.ownerReferences).toMatchObject([
    { uid: restored.metadata.uid, controller: true },
  ]);
  await eventually(async () => {
    const reasons = (await desk.events('erp')).map(({ reason }) => reason);
    expect(reasons.filter((reason) => reason === 'CredentialsTakenOver')).toHaveLength(1);
    expect(reasons).not.toContain('CredentialsTampered');
  });
});

test('a request that the backup’s Secret does not know is acted on', async () => {
  const { desk } = scene;
  await desk.issue('dam');
  await desk.request('dam', 'connect.pim.dev/rotate-client-secret', 'known');
  const texts = await desk.texts('dam-credentials');
  await restore(desk, await backUpAndDelete(desk, 'dam'), { 'connect.pim.dev/rotate-password': 'new' });
  const connection = await desk.waitUntil('dam', ({ status }) => {
    expect(status?.rotation?.history).toMatchObject([{ part: 'password', cause: 'Requested' }]);
  });
  const after = await desk.texts('dam-credentials');
  expect(after['client-secret']).toBe(texts['client-secret']);
  expect(after.password).not.toBe(texts.password);
  expect(await areAccepted(connection, after)).toBe(true);
});

test('an older Secret than the Connection’s annotations: what came after it is done again', async () => {
  const { desk } = scene;
  await desk.issue('shop');
  const secret = await desk.secret('shop-credentials');
  await desk.request('shop', 'connect.pim.dev/rotate', 'after the backup');
  const backup = await backUpAndDelete(desk, 'shop');
  await restore(desk, { ...backup, secret });
  const connection = await desk.waitUntil('shop', ({ status }) => {
    expect(status?.rotation?.handled).toContainEqual({
      annotation: 'connect.pim.dev/rotate',
      token: 'after the backup',
    });
  });
  const texts = await desk.texts('shop-credentials');
  expect(texts.password).not.toBe(Buffer.from(secret.data?.password ?? '', 'base64').toString());
  expect(texts['client-id']).toBe(connection.status?.clientId);
  expect(await areAccepted(connection, texts)).toBe(true);
});

test('one that is adopted stays adopted', async () => {
  const { desk } = scene;
  await desk.createSecret({
    metadata: { name: 'legacy-credentials', annotations: { 'connect.pim.dev/adopt': 'legacy' } },
    stringData: { 'client-id': 'legacy-id', 'client-secret': 'legacy', extra: 'stays' },
  });
  await desk.issue('legacy');
  const texts = await desk.texts('legacy-credentials');
  const restored = await restore(desk, await backUpAndDelete(desk, 'legacy'));
  expect(await desk.texts('legacy-credentials')).toEqual(texts);
  expect(await areAccepted(restored, texts)).toBe(true);
  expect(restored.status?.credentials?.clientSecret).toMatchObject([{ alg: 'bcrypt' }]);
  expect(restored.status?.credentials?.password).toMatchObject([{ alg: 'hmac-sha256' }]);
});

test('a Secret that its owner left behind (cascade=orphan) is taken over by the next of that name', async () => {
  const { desk } = scene;
  await desk.issue('orphaned');
  const texts = await desk.texts('orphaned-credentials');
  const args = ['delete', 'conn', 'orphaned', '-n', desk.namespace, '--cascade=orphan'];
  expect(await sharedCluster().kubectl(args)).toMatchObject({ code: 0 });
  expect((await desk.secret('orphaned-credentials')).metadata.ownerReferences).toBeUndefined();
  const connection = await desk.issue('orphaned');
  expect(await desk.texts('orphaned-credentials')).toEqual(texts);
  expect(await areAccepted(connection, texts)).toBe(true);
});

test('a restored status is another object’s and counts for nothing', async () => {
  const { desk } = scene;
  const old = await desk.issue('velero');
  const backup = await backUpAndDelete(desk, 'velero');
  const lost = await desk.issue('secret-lost');
  const lostTexts = await desk.texts('secret-lost-credentials');
  await backUpAndDelete(desk, 'secret-lost');
  await scene.stop();
  await restoreSecret(desk, backup.secret);
  for (const { metadata, spec, status } of [old, lost]) {
    await desk.create(metadata.name, spec);
    await desk.writeStatus(metadata.name, () => status ?? {});
  }
  // Before an operator has seen them.
  expect(await areAccepted(await desk.read('velero'), textsOf(backup.secret))).toBe(false);
  await scene.start();
  const restored = await desk.waitUntil('velero', ({ metadata, status }) => {
    expect(status?.credentials?.uid).toBe(metadata.uid);
  });
  expect(await areAccepted(restored, textsOf(backup.secret))).toBe(true);
  expect(restored.status?.clientId).toBe(old.status?.clientId);

  // Without the Secret nothing is left of what was: the names in the status prove nothing.
  const reissued = await desk.waitUntil('secret-lost', ({ metadata, status }) => {
    expect(status?.credentials?.uid).toBe(metadata.uid);
  });
  expect(reissued.status?.clientId).not.toBe(lost.status?.clientId);
  expect(await areAccepted(reissued, lostTexts)).toBe(false);
  expect(await areAccepted(reissued, await desk.texts('secret-lost-credentials'))).toBe(true);
});

test('a Secret that was restored under a name that is asked for no more goes', async () => {
  const { desk } = scene;
  await desk.issue('renamed', { secret: { name: 'old-name' } });
  const secret = await desk.secret('old-name');
  await desk.delete('renamed');
  await eventually(async () => expect(await desk.isSecretThere('old-name')).toBe(false));
  await restoreSecret(desk, secret);
  await desk.issue('renamed', { secret: { name: 'new-name' } });
  await eventually(async () => expect(await desk.isSecretThere('old-name')).toBe(false));
  expect(await areAccepted(await desk.read('renamed'), await desk.texts('new-name'))).toBe(true);
});

test('a mark is right for one namespace and one name only', async () => {
  const { desk } = scene;
  await desk.issue('source');
  const { metadata, data } = await desk.secret('source-credentials');
  const { annotations } = metadata;
  const labels = { ...metadata.labels, 'connect.pim.dev/connection': 'copy' };
  const before = await desk.createSecret({ metadata: { name: 'copy-credentials', labels, annotations }, data });
  await desk.create('copy');
  await desk.waitFor('copy', 'SecretConflict');
  expect(await desk.secret('copy-credentials')).toEqual(before);
});
