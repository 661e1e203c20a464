import { expect, test } from 'vitest';
import type { Connection } from '../../src/api/generated/connection.ts';
import type { ConnectionDesk } from './connections/connection-desk.ts';
import { areAccepted } from './connections/find-accepted-version.ts';
import { useOperator } from './connections/use-operator.ts';
import { eventually } from './control-plane/eventually.ts';

const scene = useOperator();

const rotate = 'connect.pim.dev/rotate';
const rotateSecret = 'connect.pim.dev/rotate-client-secret';
const rotatePassword = 'connect.pim.dev/rotate-password';
const revoke = 'connect.pim.dev/revoke';

/** How often each part was rotated, and why. */
function historyOf({ status }: Connection): readonly string[] {
  return (status?.rotation?.history ?? []).map(({ part, cause }) => `${part} ${cause}`).sort();
}

/** Which values of the Secret are no longer those of `before`. */
async function changedKeys(
  desk: ConnectionDesk,
  name: string,
  before: Readonly<Record<string, string>>,
): Promise<string[]> {
  const after = await desk.texts(`${name}-credentials`);
  return Object.keys(after).filter((key) => after[key] !== before[key]);
}

test.each([
  [rotateSecret, ['client-secret'], ['clientSecret Requested']],
  [rotatePassword, ['password'], ['password Requested']],
  [rotate, ['client-secret', 'password'], ['clientSecret Requested', 'password Requested']],
  [revoke, ['client-secret', 'password'], ['clientSecret Revoked', 'password Revoked']],
])('%s replaces %j', async (annotation, keys, history) => {
  const { desk } = scene;
  const name = annotation.replace('connect.pim.dev/', 'by-');
  await desk.issue(name);
  const before = await desk.texts(`${name}-credentials`);
  const connection = await desk.request(name, annotation, 'today');
  expect((await changedKeys(desk, name, before)).sort()).toEqual(keys);
  expect(historyOf(connection)).toEqual(history);
  expect(await areAccepted(connection, await desk.texts(`${name}-credentials`))).toBe(true);
  expect(await areAccepted(connection, before)).toBe(false);

  const { rotation } = connection.status ?? {};
  for (const line of history) {
    const part = line.startsWith('password') ? 'password' : 'clientSecret';
    expect(rotation?.[part]).toEqual({ lastHandledRequest: 'today', lastRotated: rotation?.lastRotated });
  }
  expect(connection.metadata.annotations).toMatchObject({ [annotation]: 'today' });
  const reason = annotation === revoke ? 'CredentialsRevoked' : 'CredentialsRotated';
  await eventually(async () => {
    expect((await desk.events(name)).map((event) => event.reason)).toEqual(['Issued', ...keys.map(() => reason)]);
  });
});

test('several annotations on one object, set at once, are one rotation of each value; a revoke goes first', async () => {
  const { desk } = scene;
  await desk.issue('several', { rotation: { overlap: '1h' } });
  await desk.annotate('several', { [rotate]: 'a', [rotateSecret]: 'b', [rotatePassword]: 'c' });
  const rotated = await desk.waitUntil('several', ({ status }) => expect(status?.rotation?.handled).toHaveLength(3));
  expect(historyOf(rotated)).toEqual(['clientSecret Requested', 'password Requested']);
  expect(rotated.status?.credentials?.password).toHaveLength(2);

  await desk.annotate('several', { [rotate]: 'd', [revoke]: 'e' });
  const revoked = await desk.waitUntil('several', ({ status }) => expect(status?.rotation?.handled).toHaveLength(5));
  expect(historyOf(revoked).filter((line) => line.includes('Revoked'))).toHaveLength(2);
  expect(historyOf(revoked)).toHaveLength(4);
  expect(revoked.status?.credentials?.password).toHaveLength(1);
});

test('set one after the other, each rotates what it names, and those that stand do nothing', async () => {
  const { desk } = scene;
  await desk.issue('standing');
  await desk.request('standing', rotate, 'same');
  await desk.request('standing', rotateSecret, 'same');
  const connection = await desk.request('standing', rotatePassword, 'same');
  expect(historyOf(connection)).toEqual([
    'clientSecret Requested',
    'clientSecret Requested',
    'password Requested',
    'password Requested',
  ]);
});

test('annotations that a new Connection comes with are recorded, not acted on', async () => {
  const { desk } = scene;
  const annotations = { [rotate]: 'a', [revoke]: 'b' };
  const connection = await desk.issue('from-git', {}, { annotations });
  expect(connection.status?.rotation).toEqual({
    handled: [
      { annotation: rotate, token: 'a' },
      { annotation: revoke, token: 'b' },
    ],
  });
  await desk.settle();
  expect((await desk.read('from-git')).status?.credentials?.password).toMatchObject([{ version: /^1-/ }]);
});

test('a restart does not act on them again', async () => {
  const { desk } = scene;
  await desk.issue('restarted');
  const before = await desk.request('restarted', rotate, 'a');
  await scene.stop();
  await scene.start();
  await desk.settle();
  expect(await desk.read('restarted')).toEqual(before);
});
