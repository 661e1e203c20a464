import { describe, expect, test } from 'vitest';
import { labels, secretAnnotations } from '../../../../src/api/names.ts';
import { readSecretText, type Secret } from '../../../../src/api/secret.ts';
import { parseMark } from '../../../../src/credentials/mark.ts';
import type { Mutable } from '../model/model-server.ts';
import type { World } from '../model/world.ts';
import { ask, issue, look, readyOf, textOf } from './issued-world.ts';

const text = ({ secret }: World, key: string) => readSecretText(secret as Secret, key);
const encode = (plain: string) => Buffer.from(plain).toString('base64');

/** Everything about a Secret but what an edit changes by itself. */
function contentOf({ secret }: World) {
  const { resourceVersion: _version, managedFields: _managed, ...metadata } = (secret as Secret).metadata;
  return { ...secret, metadata };
}

describe('anything but a value that somebody changes is simply put right', () => {
  test.each<[string, (secret: Mutable<Secret>) => void]>([
    ['client id', (secret) => Object.assign(secret, { data: { ...secret.data, 'client-id': encode('other') } })],
    ['username', (secret) => Object.assign(secret, { data: { ...secret.data, username: encode('other') } })],
    ['template key', (secret) => Object.assign(secret, { data: { ...secret.data, DSN: encode('other') } })],
    ['key that is missing', (secret) => Object.assign(secret, { data: { ...secret.data, DSN: undefined } })],
    ['key that nobody asked for', (secret) => Object.assign(secret, { data: { ...secret.data, extra: encode('x') } })],
    ['htpasswd line', (secret) => Object.assign(secret, { data: { ...secret.data, auth: encode('me:mine') } })],
    ['mark', (secret) => Object.assign(secret.metadata, { annotations: {} })],
    [
      'mark that is broken',
      (secret) => Object.assign(secret.metadata, { annotations: { [secretAnnotations.issued]: '{}' } }),
    ],
    ['label of ours', (secret) => Object.assign(secret.metadata, { labels: {} })],
    [
      'label of the spec',
      (secret) => Object.assign(secret.metadata, { labels: { ...secret.metadata.labels, team: 'other' } }),
    ],
    ['owner', (secret) => Object.assign(secret.metadata, { ownerReferences: [] })],
  ])('%s', async (what, edit) => {
    const world = await issue({
      spec: { secret: { data: { DSN: '{{password}}' }, htpasswd: true, labels: { team: 'shop' } } },
    });
    const before = contentOf(world);
    world.editSecret(edit);
    await look(world);
    if (what === 'htpasswd line') {
      expect(text(world, 'auth')).toMatch(/^erp_[0-9]{4}:\$2b\$10\$/);
    } else expect(contentOf(world)).toEqual(before);
    expect(world.events).toHaveLength(1);
    expect(readyOf(world)?.reason).toBe('Issued');
  });

  test('but labels and annotations of others stay', async () => {
    const world = await issue();
    world.editSecret(({ metadata }) => {
      metadata.labels = { ...metadata.labels, theirs: 'x' };
      metadata.annotations = { ...metadata.annotations, 'example.com/theirs': 'x' };
    });
    const writes = world.server.operatorWrites;
    await look(world);
    expect(world.server.operatorWrites).toBe(writes);
    await ask(world, 'rotate');
    expect(world.secret?.metadata.labels).toMatchObject({ theirs: 'x' });
    expect(world.secret?.metadata.annotations).toMatchObject({ 'example.com/theirs': 'x' });
  });
});

describe('what the spec says later', () => {
  test('is brought about: keys, labels and annotations come and go', async () => {
    const world = await issue({
      spec: { secret: { data: { A: 'x' }, labels: { old: 'x' }, annotations: { 'e.com/old': 'x' } } },
    });
    const mark = () => parseMark(world.secret?.metadata.annotations?.[secretAnnotations.issued]);
    const versions = mark()?.versions;
    world.server.editConnection(world.key, ({ spec }) => {
      spec.secret = { data: { B: '{{code}}' }, labels: { new: 'x' }, annotations: {}, htpasswd: true };
    });
    await look(world);
    expect(text(world, 'A')).toBeUndefined();
    expect(text(world, 'B')).toBe('erp');
    expect(text(world, 'auth')).toBeDefined();
    expect(world.secret?.metadata.labels).toEqual({
      'app.kubernetes.io/managed-by': 'connection-operator',
      [labels.connection]: 'erp',
      new: 'x',
    });
    expect(world.secret?.metadata.annotations).not.toHaveProperty(['e.com/old']);
    expect(mark()?.versions).toEqual(versions);
    world.server.editConnection(world.key, ({ spec }) => {
      spec.secret = {};
    });
    await look(world);
    expect(text(world, 'auth')).toBeUndefined();
  });

  test('takes labels and annotations away also where the mark went at the same time, and leaves those of others', async () => {
    const spec = { secret: { labels: { old: 'x' }, annotations: { 'e.com/old': 'x' } } };
    const world = await issue({ spec });
    world.editSecret(({ metadata }) => {
      metadata.labels = { ...metadata.labels, theirs: 'x' };
      metadata.annotations = { 'e.com/old': 'x', 'e.com/theirs': 'x' };
    });
    world.server.editConnection(world.key, ({ spec }) => {
      spec.secret = {};
    });
    await look(world);
    const { labels: kept = {}, annotations = {} } = world.secret?.metadata ?? {};
    expect(Object.keys(kept)).toEqual(['theirs', 'app.kubernetes.io/managed-by', labels.connection]);
    expect(Object.keys(annotations)).toEqual(['e.com/theirs', secretAnnotations.issued]);
  });

  test('costs one status write when it is nothing to the Secret', async () => {
    const world = await issue();
    const writes = world.server.operatorWrites;
    world.server.editConnection(world.key, ({ spec }) => {
      spec.label = 'Another name';
    });
    await look(world);
    expect(world.server.operatorWrites).toBe(writes + 1);
    expect(world.connection.status?.observedGeneration).toBe(2);
  });

  test('costs nothing when only metadata of the Connection changes', async () => {
    const world = await issue();
    const writes = world.server.operatorWrites;
    world.server.editConnection(world.key, ({ metadata }) => {
      metadata.labels = { any: 'x' };
      metadata.annotations = { 'example.com/any': 'x' };
    });
    await look(world);
    world.first.restart();
    await look(world);
    expect(world.server.operatorWrites).toBe(writes);
    expect(world.slowHashes).toBe(0);
  });
});

describe('an immutable Secret', () => {
  const freeze = (world: World): void => world.editSecret((secret) => Object.assign(secret, { immutable: true }));

  test('waits with repairs of its data, and says so', async () => {
    const world = await issue();
    freeze(world);
    world.server.editConnection(world.key, ({ spec }) => {
      spec.secret = { data: { B: '{{code}}' }, htpasswd: true };
    });
    await look(world);
    expect(text(world, 'B')).toBeUndefined();
    expect(readyOf(world)).toMatchObject({ reason: 'Issued' });
    expect(readyOf(world)?.message).toContain('it is repaired with the next rotation');
    const [writes, hashes] = [world.server.operatorWrites, world.slowHashes];
    await look(world);
    expect([world.server.operatorWrites, world.slowHashes]).toEqual([writes, hashes]);
  });

  test('has its metadata repaired all the same: it stays watched and owned', async () => {
    const world = await issue();
    freeze(world);
    world.editSecret(({ metadata }) => Object.assign(metadata, { labels: {}, ownerReferences: [], annotations: {} }));
    world.server.editConnection(world.key, ({ spec }) => {
      spec.secret = { data: { B: '{{code}}' } };
    });
    // Without label, owner and mark it would be somebody else's.
    world.editSecret(({ metadata }) => {
      metadata.ownerReferences = [
        { apiVersion: 'connect.pim.dev/v1beta1', kind: 'Connection', name: 'erp', uid: 'uid-1', controller: true },
      ];
    });
    await look(world);
    expect(world.secret?.metadata.labels).toHaveProperty([labels.connection], 'erp');
    expect(world.secret?.metadata.ownerReferences).toMatchObject([{ uid: 'uid-1', blockOwnerDeletion: false }]);
    expect(parseMark(world.secret?.metadata.annotations?.[secretAnnotations.issued])).toBeDefined();
    expect(world.secret?.immutable).toBe(true);
  });

  test('is deleted and created anew by a rotation', async () => {
    const world = await issue();
    freeze(world);
    const [uid, password] = [world.secret?.metadata.uid, textOf(world, 'password')];
    await ask(world, 'rotateClientSecret');
    expect(world.secret?.metadata.uid).not.toBe(uid);
    expect(world.secret?.immutable).toBeUndefined();
    expect(textOf(world, 'password')).toBe(password);
    expect(world.connection.status?.credentials?.password).toMatchObject([{ version: expect.stringMatching(/^1-/) }]);
    expect(world.connection.status?.credentials?.password?.[0]).not.toHaveProperty('expires');
    expect(world.events.filter(({ type }) => type === 'Warning')).toEqual([]);
  });
});

describe('a foreign Secret under the name of an issued one', () => {
  test('is left alone; what was issued stays valid, and it is looked at again within 10 seconds', async () => {
    const world = await issue();
    const before = world.connection.status?.credentials;
    world.server.deleteSecret('person', world.secretKey);
    const metadata = { namespace: 'shop', name: 'erp-credentials', labels: {}, annotations: {}, ownerReferences: [] };
    world.server.createSecret('person', { apiVersion: 'v1', kind: 'Secret', metadata, data: { theirs: 'eA==' } });
    const foreign = world.secret;
    await ask(world, 'rotate');
    expect(world.secret).toEqual(foreign);
    expect(world.connection.status?.credentials).toEqual(before);
    expect(readyOf(world)).toMatchObject({ reason: 'SecretConflict', status: 'False' });
    expect(world.connection.status?.conditions?.[1]).toMatchObject({ type: 'Stalled', status: 'True' });
    const { ended } = world.first;
    expect(ended?.kind === 'done' && ended.recheckIn).toBeLessThanOrEqual(10_000);
    const writes = world.server.operatorWrites;
    await look(world);
    expect(world.server.operatorWrites).toBe(writes);
  });
});

test('a problem is told by an event when it appears, not again, and not when it ends', async () => {
  const world = await issue();
  for (const has of [false, false, true, false]) {
    world.hasRole = has;
    world.first.restart();
    await look(world);
  }
  const told = world.events.slice(1).map(({ type, reason }) => `${type} ${reason}`);
  expect(told).toEqual(['Warning RoleNotFound', 'Warning RoleNotFound']);
  expect(readyOf(world)?.reason).toBe('RoleNotFound');
});

test('a suspension is told when it begins and when it ends', async () => {
  const world = await issue();
  for (const suspend of [true, true, false]) {
    world.server.editConnection(world.key, ({ spec }) => {
      spec.suspend = suspend;
    });
    await look(world);
  }
  const told = world.events.slice(1).map(({ type, reason }) => `${type} ${reason}`);
  expect(told).toEqual(['Normal Suspended', 'Normal Issued']);
});

test('a Connection that is being deleted gets no write, whatever is wrong with its Secret', async () => {
  const world = await issue();
  world.server.editConnection(world.key, ({ metadata }) => {
    metadata.deletionTimestamp = '2026-03-01T00:00:00Z';
  });
  world.server.deleteSecret('person', world.secretKey);
  const writes = world.server.operatorWrites;
  await look(world);
  world.first.restart();
  await look(world);
  expect(world.server.operatorWrites).toBe(writes);
});
