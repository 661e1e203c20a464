import { expect, test } from 'vitest';
import { readyOf } from './connections/connection-desk.ts';
import { areAccepted, findAcceptedVersion } from './connections/find-accepted-version.ts';
import { useOperator } from './connections/use-operator.ts';
import { eventually } from './control-plane/eventually.ts';

const scene = useOperator();
const adopt = (name: string): Record<string, string> => ({ 'connect.pim.dev/adopt': name });

test('every value as it was, other keys too, and slow hashes because people chose them', async () => {
  const { desk } = scene;
  const given = {
    'client-id': '12_abc.d@e-f',
    'client-secret': 's3cr3t "with" blanks',
    username: 'm_0713',
    password: 'p',
  };
  await desk.createSecret({
    metadata: {
      name: 'magento-credentials',
      annotations: { ...adopt('magento'), note: 'ours' },
      labels: { team: 'web' },
    },
    stringData: { ...given, 'base-url': 'https://pim.example.com' },
  });
  const connection = await desk.issue('magento', { secret: { data: { dsn: '{{username}}:{{password}}' } } });
  expect(await desk.texts('magento-credentials')).toEqual({
    ...given,
    'base-url': 'https://pim.example.com',
    dsn: 'm_0713:p',
    type: 'pim',
    provider: 'connection-operator',
  });
  const { metadata } = await desk.secret('magento-credentials');
  expect(metadata.labels).toMatchObject({ team: 'web', 'connect.pim.dev/connection': 'magento' });
  expect(metadata.annotations).toMatchObject({ note: 'ours' });
  expect(metadata.ownerReferences).toMatchObject([{ uid: connection.metadata.uid, controller: true }]);

  const { status } = connection;
  expect(status).toMatchObject({ clientId: '12_abc.d@e-f', username: 'm_0713', code: 'magento' });
  expect(status?.credentials?.adopted).toEqual(['clientId', 'username', 'clientSecret', 'password']);
  expect(status?.credentials?.clientSecret).toMatchObject([
    { alg: 'bcrypt', hash: expect.stringMatching(/^\$2.\$10\$/) },
  ]);
  expect(status?.credentials?.password).toMatchObject([{ alg: 'bcrypt' }]);
  expect(await areAccepted(connection, given)).toBe(true);
  expect(await areAccepted(connection, { ...given, password: 'P' })).toBe(false);
  expect(readyOf(connection).message).toContain('adopted, not generated: rotate them');
  await eventually(async () => {
    expect((await desk.events('magento')).map(({ reason }) => reason)).toEqual(['CredentialsAdopted']);
  });
});

test('what is missing is generated', async () => {
  const { desk } = scene;
  await desk.createSecret({
    metadata: { name: 'half-credentials', annotations: adopt('half') },
    stringData: { username: 'half.user', password: 'chosen by a person' },
  });
  const connection = await desk.issue('half');
  const texts = await desk.texts('half-credentials');
  expect(texts).toMatchObject({
    'client-id': expect.stringMatching(/^half_[0-9a-z]{24}$/),
    'client-secret': expect.stringMatching(/^csec_/),
    username: 'half.user',
    password: 'chosen by a person',
  });
  const { adopted, clientSecret, password } = connection.status?.credentials ?? {};
  expect(adopted).toEqual(['username', 'password']);
  expect(clientSecret).toMatchObject([{ alg: 'hmac-sha256' }]);
  expect(password).toMatchObject([{ alg: 'bcrypt' }]);
  expect(await areAccepted(connection, texts)).toBe(true);
});

test('a rotation replaces adopted values by generated ones and keeps the names and other keys', async () => {
  const { desk } = scene;
  await desk.createSecret({
    metadata: { name: 'old-credentials', annotations: adopt('old') },
    stringData: { 'client-id': 'old-id', 'client-secret': 'old-secret', password: 'old-password', extra: 'stays' },
  });
  await desk.issue('old', { rotation: { overlap: '1h' } });
  const rotated = await desk.request('old', 'connect.pim.dev/rotate', 'a');
  const texts = await desk.texts('old-credentials');
  expect(texts).toMatchObject({
    'client-id': 'old-id',
    'client-secret': expect.stringMatching(/^csec_/),
    password: expect.stringMatching(/^cpwd_/),
    extra: 'stays',
  });
  expect(await findAcceptedVersion(rotated, 'clientSecret', 'old-secret')).toMatch(/^1-/);
  expect(await areAccepted(rotated, texts)).toBe(true);
  expect(rotated.status?.credentials?.adopted).toEqual(['clientId']);
  expect(readyOf(rotated).message).not.toContain('adopted');
});

test('a revoke that came with it is acted on, a rotation is not', async () => {
  const { desk } = scene;
  for (const name of ['revoked', 'rotated']) {
    await desk.createSecret({
      metadata: { name: `${name}-credentials`, annotations: adopt(name) },
      stringData: { 'client-secret': 'leaked', password: 'leaked' },
    });
  }
  const annotations = { 'connect.pim.dev/rotate': 'a' };
  const rotated = await desk.issue('rotated', {}, { annotations });
  expect(await areAccepted(rotated, { 'client-secret': 'leaked', password: 'leaked' })).toBe(true);

  await desk.issue('revoked', {}, { annotations: { ...annotations, 'connect.pim.dev/revoke': 'b' } });
  const revoked = await desk.waitUntil('revoked', ({ status }) => expect(status?.rotation?.handled).toHaveLength(2));
  expect(await areAccepted(revoked, { 'client-secret': 'leaked', password: 'leaked' })).toBe(false);
  expect(await areAccepted(revoked, await desk.texts('revoked-credentials'))).toBe(true);
});
