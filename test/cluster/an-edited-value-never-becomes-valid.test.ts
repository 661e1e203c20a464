import { expect, test } from 'vitest';
import { makeValue } from '../../src/credentials/generated-value.ts';
import { systemRandom } from '../../src/credentials/random-source.ts';
import { areAccepted, findAcceptedVersion } from './connections/find-accepted-version.ts';
import { useOperator } from './connections/use-operator.ts';
import { eventually } from './control-plane/eventually.ts';

const scene = useOperator();

test.each([
  ['password', 'password', makeValue('password', systemRandom)],
  ['client-secret', 'clientSecret', makeValue('clientSecret', systemRandom)],
  ['password', 'password', 'chosen by a person'],
] as const)('%s edited: both values are issued anew', async (key, part, edit) => {
  const { desk } = scene;
  const name = `edited-${part.toLowerCase()}-${edit.length}`;
  await desk.issue(name, { secret: { htpasswd: true } });
  const before = await desk.texts(`${name}-credentials`);
  await desk.patchSecret(`${name}-credentials`, { stringData: { [key]: edit } });
  const connection = await desk.waitUntil(name, ({ status }) => {
    expect(status?.rotation?.history).toMatchObject([{ cause: 'Tampered' }, { cause: 'Tampered' }]);
  });
  const after = await desk.texts(`${name}-credentials`);
  for (const value of ['client-secret', 'password'] as const) expect(after[value]).not.toBe(before[value]);
  expect(after).toMatchObject({ 'client-id': before['client-id'], username: before.username });
  expect(await areAccepted(connection, after)).toBe(true);
  expect(await areAccepted(connection, before)).toBe(false);
  expect(await findAcceptedVersion(connection, part, edit)).toBeUndefined();
  await eventually(async () => {
    expect((await desk.events(name)).map(({ type, reason }) => `${type} ${reason}`)).toEqual([
      'Normal Issued',
      'Warning CredentialsTampered',
    ]);
  });
});

test('a value that is taken away is issued anew too', async () => {
  const { desk } = scene;
  await desk.issue('emptied');
  await desk.patchSecret('emptied-credentials', { data: { password: null } });
  const connection = await desk.waitUntil('emptied', ({ status }) => expect(status?.rotation?.history).toHaveLength(2));
  expect(await areAccepted(connection, await desk.texts('emptied-credentials'))).toBe(true);
});

test('the values of another Connection, mark and all, are an edit', async () => {
  const { desk } = scene;
  await desk.issue('victim');
  await desk.issue('donor');
  const { data, metadata } = await desk.secret('donor-credentials');
  const annotations = metadata.annotations ?? {};
  await desk.patchSecret('victim-credentials', { metadata: { annotations }, data });
  const victim = await desk.waitUntil('victim', ({ status }) => expect(status?.rotation?.history).toHaveLength(2));
  const donated = await desk.texts('donor-credentials');
  expect(await areAccepted(victim, donated)).toBe(false);
  const texts = await desk.texts('victim-credentials');
  expect(texts['client-id']).toBe(victim.status?.clientId);
  expect(await areAccepted(victim, texts)).toBe(true);
});

test('an edited value of an adopted Secret is generated', async () => {
  const { desk } = scene;
  await desk.createSecret({
    metadata: { name: 'legacy-credentials', annotations: { 'connect.pim.dev/adopt': 'legacy' } },
    stringData: { 'client-secret': 'legacy', password: 'legacy' },
  });
  await desk.issue('legacy');
  await desk.patchSecret('legacy-credentials', { stringData: { password: 'other' } });
  const connection = await desk.waitUntil('legacy', ({ status }) => expect(status?.rotation?.history).toHaveLength(2));
  const texts = await desk.texts('legacy-credentials');
  expect(texts).toMatchObject({
    'client-secret': expect.stringMatching(/^csec_/),
    password: expect.stringMatching(/^cpwd_/),
  });
  for (const password of ['legacy', 'other']) {
    expect(await findAcceptedVersion(connection, 'password', password)).toBeUndefined();
  }
});
