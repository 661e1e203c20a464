import { expect, test } from 'vitest';
import { useOperator } from './connections/use-operator.ts';

const scene = useOperator();

test('labels, foreign annotations and finalizers of the Connection cost no write, and are not on the Secret', async () => {
  const { desk } = scene;
  await desk.issue('erp', { secret: { labels: { team: 'a' }, htpasswd: true } });
  const secret = await desk.secret('erp-credentials');
  const { status } = await desk.read('erp');
  const before = (await desk.operatorWrites()).filter(({ name }) => name.startsWith('erp'));

  for (let i = 0; i < 5; i++) {
    const labels = { 'helm.sh/chart': `connections-${i}`, team: 'b', 'app.kubernetes.io/managed-by': 'Helm' };
    const annotations = { 'argocd.argoproj.io/tracking-id': `x${i}`, note: 'x', 'connect.example.com/rotate': `${i}` };
    await desk.patch('erp', { metadata: { labels, annotations, finalizers: i % 2 ? ['example.com/hold'] : null } });
  }
  await desk.settle();
  expect((await desk.operatorWrites()).filter(({ name }) => name.startsWith('erp'))).toEqual(before);
  expect(await desk.secret('erp-credentials')).toEqual(secret);
  expect((await desk.read('erp')).status).toEqual(status);
});

test('nor do another label in the spec, a picture or tracking change the Secret', async () => {
  const { desk } = scene;
  await desk.issue('shop');
  const secret = await desk.secret('shop-credentials');
  const { status } = await desk.read('shop');
  await desk.patch('shop', { spec: { label: 'A new name', image: 'https://example.com/x.png', tracked: true } });
  const after = await desk.waitFor('shop', 'Issued');
  expect(await desk.secret('shop-credentials')).toEqual(secret);
  expect(after.status?.credentials).toEqual(status?.credentials);
  // The picture is not lost by the operator's writes.
  expect(after.spec).toMatchObject({ label: 'A new name', image: 'https://example.com/x.png', tracked: true });
});
