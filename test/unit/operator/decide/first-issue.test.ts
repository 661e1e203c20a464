import { describe, expect, test } from 'vitest';
import { labels, rotationAnnotations, secretAnnotations } from '../../../../src/api/names.ts';
import { readSecretText, type Secret } from '../../../../src/api/secret.ts';
import { parseMark } from '../../../../src/credentials/mark.ts';
import { World, type WorldOptions } from '../model/world.ts';

/** The world after one operator has looked at a new Connection. */
async function issue(options: WorldOptions = {}): Promise<World> {
  const world = new World(options);
  await world.first.finish();
  return world;
}

function textsOf({ secret }: World): Record<string, string | undefined> {
  return Object.fromEntries(Object.keys(secret?.data ?? {}).map((key) => [key, readSecretText(secret as Secret, key)]));
}

describe('a new Connection', () => {
  test('costs two writes, the Secret and then the status', async () => {
    const world = new World();
    const order: string[] = [];
    world.server.onChange.push(({ kind }) => order.push(kind));
    await world.first.finish();
    expect(order).toEqual(['secret', 'connection']);
    await world.first.finish();
    expect(order).toHaveLength(2);
  });

  test('has a Secret with the documented keys, and no others', async () => {
    const texts = textsOf(await issue());
    expect(texts).toEqual({
      'client-id': expect.stringMatching(/^erp_[0-9a-z]{24}$/),
      'client-secret': expect.stringMatching(/^csec_[0-9A-Za-z]{49}$/),
      username: expect.stringMatching(/^erp_[0-9]{4}$/),
      password: expect.stringMatching(/^cpwd_[0-9A-Za-z]{49}$/),
      type: 'pim',
      provider: 'connection-operator',
    });
  });

  test('has the addresses of the gateway where the operator knows it', async () => {
    const texts = textsOf(await issue({ gatewayUrl: 'https://api.example.com' }));
    expect(texts.uri).toBe('https://api.example.com');
    expect(texts['token-uri']).toBe('https://api.example.com/api/oauth/v1/token');
  });

  test('has templates rendered, and an htpasswd line of a slow hash', async () => {
    const data = { DSN: 'https://{{clientId}}:{{clientSecret}}@pim', WHO: '{{namespace}}/{{name}}' };
    const texts = textsOf(await issue({ spec: { secret: { data, htpasswd: true } } }));
    expect(texts.DSN).toBe(`https://${texts['client-id']}:${texts['client-secret']}@pim`);
    expect(texts.WHO).toBe('shop/erp');
    expect(texts.auth?.split(':')).toEqual([texts.username, expect.stringMatching(/^\$2b\$10\$/)]);
  });

  test('owns its Secret as controller, without blocking the deletion of the owner', async () => {
    const { secret, connection } = await issue();
    expect(secret?.metadata.ownerReferences).toEqual([
      {
        apiVersion: 'connect.pim.dev/v1beta1',
        kind: 'Connection',
        name: 'erp',
        uid: connection.metadata.uid,
        controller: true,
        blockOwnerDeletion: false,
      },
    ]);
  });

  test('has our labels and those of the spec on its Secret, never its own', async () => {
    const world = new World({
      spec: { secret: { labels: { team: 'shop' }, annotations: { 'example.com/note': 'x' } } },
      annotations: { 'example.com/own': 'x', [rotationAnnotations.rotate]: 'a' },
    });
    world.server.editConnection(world.key, ({ metadata }) => {
      metadata.labels = { 'argocd.argoproj.io/instance': 'x' };
    });
    world.first.deliver();
    await world.first.finish();
    const { labels: found, annotations = {} } = world.secret?.metadata ?? {};
    expect(found).toEqual({
      'app.kubernetes.io/managed-by': 'connection-operator',
      [labels.connection]: 'erp',
      team: 'shop',
    });
    expect(Object.keys(annotations).sort()).toEqual([secretAnnotations.issued, 'example.com/note']);
  });

  test.each([
    [undefined, 'Opaque'],
    ['kubernetes.io/basic-auth', 'kubernetes.io/basic-auth'],
    ['servicebinding.io/pim', 'servicebinding.io/pim'],
  ])('of type %s has a Secret of type %s', async (type, expected) => {
    const { secret } = await issue({ spec: { secret: { ...(type && { type }) } } });
    expect(secret?.type).toBe(expected);
  });

  test('says in its status who it is, where the Secret is and that all is well', async () => {
    const { connection, secret } = await issue();
    expect(connection.status).toMatchObject({
      observedGeneration: 1,
      code: 'erp',
      clientId: readSecretText(secret as Secret, 'client-id'),
      username: readSecretText(secret as Secret, 'username'),
      binding: { name: 'erp-credentials' },
      credentials: { uid: connection.metadata.uid, issuedAt: '2026-03-01T00:00:00.000Z' },
      conditions: [{ type: 'Ready', status: 'True', reason: 'Issued' }],
    });
    expect(connection.status?.credentials?.clientSecret).toHaveLength(1);
    expect(connection.status?.credentials?.password?.[0]).toMatchObject({
      version: expect.stringMatching(/^1-[0-9a-z]{6}$/),
      alg: 'hmac-sha256',
      issued: '2026-03-01T00:00:00.000Z',
    });
  });

  test('records the tokens that it was born with, on the Secret too, and does not rotate', async () => {
    const world = await issue({
      annotations: { [rotationAnnotations.rotate]: 'a', [rotationAnnotations.revoke]: 'b' },
    });
    const handled = [
      { annotation: rotationAnnotations.rotate, token: 'a' },
      { annotation: rotationAnnotations.revoke, token: 'b' },
    ];
    expect(world.connection.status?.rotation?.handled).toEqual(handled);
    expect(parseMark(world.secret?.metadata.annotations?.[secretAnnotations.issued])?.handled).toEqual(handled);
    const before = world.secret;
    await world.first.finish();
    expect(world.secret).toEqual(before);
  });

  test('names the moment of the next rotation where there is a schedule', async () => {
    const { connection } = await issue({ spec: { rotation: { interval: '2h', overlap: '1h' } } });
    expect(connection.status?.rotation?.password?.nextRotation).toBe('2026-03-01T02:00:00.000Z');
  });

  test('is issued under the name that spec.secret.name says', async () => {
    const world = await issue({ spec: { secret: { name: 'elsewhere' } } });
    expect([...world.server.secrets].map(({ metadata }) => metadata.name)).toEqual(['elsewhere']);
    expect(world.connection.status?.binding?.name).toBe('elsewhere');
  });

  test('whose name changed before the status was written leaves no second Secret', async () => {
    const world = new World();
    await world.first.finishWrites(1);
    world.server.editConnection(world.key, ({ spec }) => {
      spec.secret = { name: 'elsewhere' };
    });
    world.first.restart();
    await world.first.finish();
    world.first.deliver();
    await world.first.finish();
    expect([...world.server.secrets].map(({ metadata }) => metadata.name)).toEqual(['elsewhere']);
    expect(world.connection.status?.binding?.name).toBe('elsewhere');
  });

  test('that is being deleted gets nothing', async () => {
    const world = new World();
    world.server.editConnection(world.key, ({ metadata }) => {
      metadata.deletionTimestamp = '2026-03-01T00:00:00Z';
    });
    world.first.deliver();
    await world.first.finish();
    expect(world.server.operatorWrites).toBe(0);
  });
});

describe('an adopted Secret', () => {
  const given = {
    'client-id': '1_abc',
    'client-secret': 'given-secret',
    username: 'julia',
    password: 'given-password',
    note: 'x',
    uri: 'https://old',
  };

  test('keeps its values and every key that is its owner’s', async () => {
    const texts = textsOf(await issue({ given }));
    expect(texts).toEqual({ ...given, type: 'pim', provider: 'connection-operator' });
  });

  test('keeps its object: a running connector goes on', async () => {
    const world = new World({ given });
    const before = world.secret?.metadata.uid;
    await world.first.finish();
    expect(world.secret?.metadata.uid).toBe(before);
    expect(world.secret?.metadata.annotations?.[secretAnnotations.adopt]).toBe('erp');
  });

  test('gets the keys that are missing', async () => {
    const texts = textsOf(await issue({ given: { password: 'given-password' } }));
    expect(texts.password).toBe('given-password');
    expect(texts['client-secret']).toMatch(/^csec_/);
    expect(texts['client-id']).toMatch(/^erp_/);
  });

  test('has the gateway’s addresses where the operator knows it', async () => {
    const texts = textsOf(await issue({ given, gatewayUrl: 'https://api.example.com' }));
    expect(texts.uri).toBe('https://api.example.com');
  });

  test('is hashed slowly, shown as adopted, with the hint to rotate', async () => {
    const { connection } = await issue({ given });
    const { credentials, conditions = [] } = connection.status ?? {};
    expect(credentials?.adopted).toEqual(['clientId', 'username', 'clientSecret', 'password']);
    expect(credentials?.clientSecret?.[0]).toMatchObject({ alg: 'bcrypt', hash: expect.stringMatching(/^\$2b\$10\$/) });
    expect(conditions[0]?.message).toContain('The client secret and password were adopted, not generated: rotate');
  });

  test('is asked for bcrypt once, and never again at rest', async () => {
    const world = await issue({ given });
    const hashes = world.slowHashes;
    expect(hashes).toBe(2);
    world.first.restart();
    await world.first.finish();
    expect(world.slowHashes).toBe(hashes);
  });

  test('is no longer hashed slowly, nor shown as adopted, when it was rotated', async () => {
    const world = await issue({ given });
    world.server.editConnection(world.key, ({ metadata }) => {
      metadata.annotations = { [rotationAnnotations.rotate]: 'a' };
    });
    world.first.deliver();
    await world.first.finish();
    const { credentials, conditions = [] } = world.connection.status ?? {};
    expect(credentials?.adopted).toEqual(['clientId', 'username']);
    expect(credentials?.password?.[0]?.alg).toBe('hmac-sha256');
    expect(conditions[0]?.message).not.toContain('adopted');
  });

  test('whose password is longer than 72 bytes has no htpasswd: the first issue waits', async () => {
    const { connection, secret } = await issue({
      given: { password: 'x'.repeat(73) },
      spec: { secret: { htpasswd: true } },
    });
    expect(connection.status?.conditions?.[0]).toMatchObject({ reason: 'InvalidTemplate' });
    expect(secret?.metadata.annotations).not.toHaveProperty(secretAnnotations.issued);
  });
});

describe('a restored backup', () => {
  test('keeps names, values and versions, and says so', async () => {
    const world = await issue();
    const [before, status] = [textsOf(world), world.connection.status];
    world.restoreBackup(world.secret);
    world.first.restart();
    await world.first.finish();
    expect(textsOf(world)).toEqual(before);
    expect(world.connection.status).toMatchObject({ clientId: status?.clientId, username: status?.username });
    const versions = (of: typeof status) => [
      of?.credentials?.clientSecret?.[0]?.version,
      of?.credentials?.password?.[0]?.version,
    ];
    expect(versions(world.connection.status)).toEqual(versions(status));
    expect(world.secret?.metadata.ownerReferences?.[0]?.uid).toBe(world.connection.metadata.uid);
    expect(world.events.at(-1)?.reason).toBe('CredentialsTakenOver');
  });

  test('acts on the tokens that its mark does not list, once', async () => {
    const world = await issue({ annotations: { [rotationAnnotations.rotate]: 'a' } });
    const before = textsOf(world);
    world.server.editConnection(world.key, ({ metadata }) => {
      metadata.annotations = { ...metadata.annotations, [rotationAnnotations.rotatePassword]: 'b' };
    });
    world.restoreBackup(world.secret);
    world.first.restart();
    for (let i = 0; i < 3; i++) await world.first.finish();
    expect(textsOf(world)).toMatchObject({ 'client-secret': before['client-secret'] });
    expect(textsOf(world).password).not.toBe(before.password);
    expect(world.connection.status?.rotation?.password?.lastHandledRequest).toBe('b');
  });

  test('with the status of before: entries of another uid are none', async () => {
    const world = await issue();
    const { status } = world.connection;
    world.restoreBackup(world.secret);
    world.server.replaceStatus('person', world.key, { metadata: world.connection.metadata, status: status ?? {} });
    world.first.restart();
    await world.first.finish();
    expect(world.connection.status?.credentials?.uid).toBe(world.connection.metadata.uid);
    expect(world.connection.status?.clientId).toBe(status?.clientId);
  });
});
