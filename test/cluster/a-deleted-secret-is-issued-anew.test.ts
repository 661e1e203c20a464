import { expect, test } from 'vitest';
import { areAccepted } from './connections/find-accepted-version.ts';
import { useOperator } from './connections/use-operator.ts';
import { eventually } from './control-plane/eventually.ts';

const scene = useOperator();

test('with new values under the same names; the old ones are refused, overlap or not', async () => {
  const { desk } = scene;
  await desk.issue('erp', { rotation: { overlap: '1h' } });
  const before = await desk.texts('erp-credentials');
  await desk.request('erp', 'connect.pim.dev/rotate', 'a');
  const second = await desk.texts('erp-credentials');
  await desk.deleteSecret('erp-credentials');
  const connection = await desk.waitUntil('erp', ({ status }) => {
    expect(status?.rotation?.history?.slice(-2)).toMatchObject([{ cause: 'Reissued' }, { cause: 'Reissued' }]);
  });
  const after = await desk.texts('erp-credentials');
  expect(after).toMatchObject({ 'client-id': before['client-id'], username: before.username });
  expect(await areAccepted(connection, after)).toBe(true);
  for (const texts of [before, second]) expect(await areAccepted(connection, texts)).toBe(false);

  await eventually(async () => {
    const events = await desk.events('erp');
    expect(events.filter(({ reason }) => /Reissued|Tampered/.test(reason))).toEqual([
      {
        type: 'Warning',
        reason: 'CredentialsReissued',
        message: 'Secret erp-credentials was gone: a new secret and password were issued, the old ones are refused.',
      },
    ]);
  });
});

test('also when it went while no operator ran', async () => {
  const { desk } = scene;
  await desk.issue('dam');
  const before = await desk.texts('dam-credentials');
  await scene.stop();
  await desk.deleteSecret('dam-credentials');
  await scene.start();
  const connection = await desk.waitUntil('dam', ({ status }) => expect(status?.rotation?.history).toHaveLength(2));
  expect(await areAccepted(connection, await desk.texts('dam-credentials'))).toBe(true);
  expect(await areAccepted(connection, before)).toBe(false);
});
