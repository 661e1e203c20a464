import { expect, test } from 'vitest';
import type { ConnectionDesk } from './connections/connection-desk.ts';
import { conditionOf, readyOf } from './connections/connection-desk.ts';
import { useOperator } from './connections/use-operator.ts';

const scene = useOperator({ namespaces: 2 });

async function expectRefused(desk: ConnectionDesk, name: string, given: Record<string, string>): Promise<void> {
  const metadata = { name: `${name}-credentials`, annotations: { 'connect.pim.dev/adopt': name } };
  const before = await desk.createSecret({ metadata, stringData: { ...given, password: 'x' } });
  await desk.create(name);
  const connection = await desk.waitFor(name, 'IdentityConflict');
  expect(readyOf(connection).message).toBe(
    `The ${Object.keys(given)[0]} in the Secret belongs, belonged or could be given to another Connection: use another one.`,
  );
  expect(conditionOf(connection, 'Stalled')).toMatchObject({ status: 'True' });
  expect(connection.status?.credentials).toBeUndefined();
  expect(await desk.secret(`${name}-credentials`)).toEqual(before);
}

test('not the client id or username that one has, here or in another namespace', async () => {
  const [here, there] = scene.desks as [ConnectionDesk, ConnectionDesk];
  const { status } = await there.issue('holder');
  await expectRefused(here, 'wants-id', { 'client-id': status?.clientId ?? '' });
  await expectRefused(here, 'wants-user', { username: status?.username ?? '' });
  await expectRefused(there, 'wants-user-too', { username: status?.username ?? '' });
});

test('not one that another one could be given, because it begins with its code', async () => {
  const { desk } = scene;
  await desk.issue('shop-de', { code: 'shop_de' });
  await expectRefused(desk, 'wants-future', { username: 'shop_de_0001' });
  await expectRefused(desk, 'wants-any-case', { 'client-id': 'SHOP_DE_anything' });
});

test('not one that was another one’s within 30 days, also after a restart of the operator', async () => {
  const { desk } = scene;
  const { status } = await desk.issue('deleted');
  await desk.delete('deleted');
  await desk.settle();
  await expectRefused(desk, 'too-early', { 'client-id': status?.clientId ?? '' });
  await scene.stop();
  await scene.start();
  await expectRefused(desk, 'still-too-early', { username: status?.username ?? '' });
});

test('one’s own prefix and a name of nobody’s are free', async () => {
  const { desk } = scene;
  const metadata = { name: 'own-name-credentials', annotations: { 'connect.pim.dev/adopt': 'own-name' } };
  await desk.createSecret({ metadata, stringData: { 'client-id': 'own_name_from_before', username: 'jane.doe' } });
  const { status } = await desk.issue('own-name');
  expect(status).toMatchObject({ clientId: 'own_name_from_before', username: 'jane.doe' });
});
