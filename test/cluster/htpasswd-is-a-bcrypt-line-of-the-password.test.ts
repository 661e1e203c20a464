import bcrypt from 'bcryptjs';
import { expect, test } from 'vitest';
import { useOperator } from './connections/use-operator.ts';
import { eventually } from './control-plane/eventually.ts';

const scene = useOperator();

/** Whether the Secret's htpasswd line is one for its own username and password. */
async function isLineRight({ auth = '', username, password = '' }: Readonly<Record<string, string>>): Promise<boolean> {
  const [user, hash = ''] = auth.split(':');
  return user === username && /^\$2[aby]\$10\$/.test(hash) && (await bcrypt.compare(password, hash));
}

test('it verifies the password, follows a rotation, and goes when it is not asked for', async () => {
  const { desk } = scene;
  await desk.issue('ingress', { secret: { htpasswd: true } });
  const first = await desk.texts('ingress-credentials');
  expect(await isLineRight(first)).toBe(true);

  await desk.request('ingress', 'connect.pim.dev/rotate-client-secret', 'a');
  const second = await desk.texts('ingress-credentials');
  expect(second).toEqual({ ...first, 'client-secret': second['client-secret'] });

  await desk.request('ingress', 'connect.pim.dev/rotate-password', 'b');
  const third = await desk.texts('ingress-credentials');
  expect(third.password).not.toBe(first.password);
  expect(await isLineRight(third)).toBe(true);

  await desk.patch('ingress', { spec: { secret: { htpasswd: false } } });
  await desk.waitFor('ingress', 'Issued');
  const { auth: _, ...rest } = third;
  expect(await desk.texts('ingress-credentials')).toEqual(rest);
});

test('a line that somebody edited is made again', async () => {
  const { desk } = scene;
  await desk.issue('edited', { secret: { htpasswd: true } });
  const texts = await desk.texts('edited-credentials');
  const forged = `${texts.username}:${await bcrypt.hash('forged', 4)}`;
  await desk.patchSecret('edited-credentials', { stringData: { auth: forged } });
  const after = await eventually(async () => {
    const now = await desk.texts('edited-credentials');
    expect(await isLineRight(now)).toBe(true);
    return now;
  });
  expect(after.password).toBe(texts.password);
});

test('a password over 72 bytes is not cut, but refused', async () => {
  const { desk } = scene;
  await desk.createSecret({
    metadata: { name: 'long-credentials', annotations: { 'connect.pim.dev/adopt': 'long' } },
    stringData: { password: 'x'.repeat(73) },
  });
  await desk.create('long', { secret: { htpasswd: true } });
  const waiting = await desk.waitFor('long', 'InvalidTemplate');
  expect(waiting.status?.conditions?.[0]?.message).toContain('72 bytes');
  await desk.patch('long', { spec: { secret: { htpasswd: false } } });
  await desk.waitFor('long', 'Issued');
});
