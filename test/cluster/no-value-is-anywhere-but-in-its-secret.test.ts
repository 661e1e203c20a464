import { expect, test } from 'vitest';
import type { ConnectionDesk } from './connections/connection-desk.ts';
import { findLeaks } from './connections/find-leaks.ts';
import { markMoment, readSecretHistory } from './connections/read-secret-history.ts';
import { refuseSecrets } from './connections/refuse-secrets.ts';
import { useOperator } from './connections/use-operator.ts';

const scene = useOperator({ args: ['--gateway-url', 'https://api.example.com'] });
const rotate = 'connect.pim.dev/rotate';

/** Lives of Connections in which as much as possible happens to their values. */
const lives: Readonly<Record<string, (desk: ConnectionDesk) => Promise<unknown>>> = {
  async rotated(desk) {
    const data = { dsn: '{{username}}:{{password}}@{{clientSecret}}' };
    await desk.issue('rotated', { rotation: { overlap: '1h' }, secret: { data, htpasswd: true } });
    for (let i = 0; i < 6; i++) await desk.request('rotated', rotate, String(i));
    await desk.request('rotated', 'connect.pim.dev/revoke', 'x');
  },
  async broken(desk) {
    await desk.issue('broken', { secret: { data: { dsn: '{{password}}' } } });
    await desk.patch('broken', { spec: { secret: { data: { dsn: '{{password}} {{#x}}' } } } });
    await desk.waitFor('broken', 'InvalidTemplate');
    await desk.request('broken', rotate, 'a');
  },
  async contested(desk) {
    await desk.issue('contested');
    const { data, metadata } = await desk.secret('contested-credentials');
    for (let i = 0; i < 3; i++) {
      await desk.request('contested', rotate, String(i));
      await desk.patchSecret('contested-credentials', { data, metadata: { annotations: metadata.annotations } });
    }
    await desk.deleteSecret('contested-credentials');
    await desk.settle();
  },
  async adopted(desk) {
    await desk.createSecret({
      metadata: { name: 'adopted-credentials', annotations: { 'connect.pim.dev/adopt': 'adopted' } },
      stringData: { password: 'cpwd_chosen_by_people' },
    });
    await desk.issue('adopted');
    await desk.request('adopted', rotate, 'a');
  },
};

test('not in a log, an event, a status, a metric or the audit log, as it is or in base64', async () => {
  const { desk } = scene;
  const since = await markMoment(desk.namespace);
  await Promise.all(Object.values(lives).map((live) => live(desk)));
  const stop = await refuseSecrets(desk.namespace, "'no Secret for ' + object.metadata.name");
  await desk.annotate('rotated', { [rotate]: 'refused' });
  await desk.waitFor('rotated', 'SecretRefused');
  await stop();

  for (const secret of await readSecretHistory(desk.namespace, since)) desk.remember(secret);
  // Six rotations and a revoke of two values are fourteen, and there is more.
  expect(desk.seen.size).toBeGreaterThan(25);
  expect(await findLeaks(scene.desks, [scene.operator])).toEqual([]);
  await scene.stop();
  expect(scene.operator.lines.length).toBeGreaterThan(3);
  expect(await findLeaks(scene.desks, [scene.operator])).toEqual([]);
});

test('a value that is somewhere else is found there', async () => {
  const { desk } = scene;
  const [value = ''] = desk.seen;
  const label = `to ${value}`;
  await desk.create('careless', { label });
  const places = await findLeaks(scene.desks, []);
  expect(places).toEqual([`/apis/connect.pim.dev/v1beta1/namespaces/${desk.namespace}/connections`]);
  const dsn = Buffer.from(`?${label}`).toString('base64').slice(0, 99);
  await desk.patch('careless', { spec: { label: 'careless', secret: { data: { dsn } } } });
  expect(await findLeaks(scene.desks, [])).toEqual(places);
  await desk.delete('careless');
});
