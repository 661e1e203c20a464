import { expect, test } from 'vitest';
import { ageCredentials } from './connections/age-credentials.ts';
import { areAccepted } from './connections/find-accepted-version.ts';
import { useOperator } from './connections/use-operator.ts';

const hour = 3_600_000;
const scene = useOperator();

test('an interval after the last rotation, with the overlap, and then counts anew', async () => {
  const { desk } = scene;
  const issued = await desk.issue('scheduled', { rotation: { interval: '2h', overlap: '30m' } });
  const issuedAt = Date.parse(issued.status?.credentials?.password?.[0]?.issued ?? '');
  const nextAt = new Date(issuedAt + 2 * hour).toISOString();
  expect(issued.status?.rotation).toEqual({
    clientSecret: { nextRotation: nextAt },
    password: { nextRotation: nextAt },
  });
  const before = await desk.texts('scheduled-credentials');

  // Not due yet.
  await ageCredentials(desk, 'scheduled', hour);
  const sooner = await desk.waitUntil('scheduled', ({ status }) => {
    expect(status?.rotation?.password?.nextRotation).toBe(new Date(issuedAt + hour).toISOString());
  });
  expect(sooner.status?.rotation?.lastRotated).toBeUndefined();
  await ageCredentials(desk, 'scheduled', hour);
  const rotated = await desk.waitUntil('scheduled', ({ status }) => {
    expect(status?.rotation?.history).toMatchObject([{ cause: 'Scheduled' }, { cause: 'Scheduled' }]);
  });
  const after = await desk.texts('scheduled-credentials');
  expect(after['client-secret']).not.toBe(before['client-secret']);
  expect(after.password).not.toBe(before.password);
  expect(await areAccepted(rotated, before)).toBe(true);
  expect(await areAccepted(rotated, after)).toBe(true);

  const { clientSecret, lastRotated = '' } = rotated.status?.rotation ?? {};
  expect(clientSecret?.nextRotation).toBe(new Date(Date.parse(lastRotated) + 2 * hour).toISOString());
  const [old] = rotated.status?.credentials?.clientSecret ?? [];
  expect(old?.expires).toBe(new Date(Date.parse(lastRotated) + hour / 2).toISOString());
});

test('a rotation by request moves it for the value that was rotated', async () => {
  const { desk } = scene;
  await desk.issue('moved', { rotation: { interval: '2h', overlap: '0s' } });
  await ageCredentials(desk, 'moved', hour);
  const { status } = await desk.request('moved', 'connect.pim.dev/rotate-password', 'a');
  const { clientSecret, password } = status?.rotation ?? {};
  expect(Date.parse(password?.nextRotation ?? '')).toBe(Date.parse(password?.lastRotated ?? '') + 2 * hour);
  expect(Date.parse(clientSecret?.nextRotation ?? '')).toBeLessThan(
    Date.parse(password?.nextRotation ?? '') - hour / 2,
  );
});

test('a schedule that is added counts from the issue, and is gone with the spec', async () => {
  const { desk } = scene;
  await desk.issue('added');
  await desk.patch('added', { spec: { rotation: { interval: '1h', overlap: '0s' } } });
  const added = await desk.waitFor('added', 'Issued');
  expect(added.status?.rotation?.password?.nextRotation).toBeDefined();
  await desk.patch('added', { spec: { rotation: null } });
  expect((await desk.waitFor('added', 'Issued')).status?.rotation).toBeUndefined();
  await ageCredentials(desk, 'added', 2 * hour);
  await desk.settle();
  expect((await desk.read('added')).status?.rotation).toBeUndefined();
});
