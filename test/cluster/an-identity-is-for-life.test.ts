import { expect, test } from 'vitest';
import { useOperator } from './connections/use-operator.ts';
import { createReference, deleteReference } from './connections/write-reference.ts';
import { eventually } from './control-plane/eventually.ts';

const scene = useOperator();

test('code, client id and username stay, whatever is rotated, edited, deleted, refused or restarted', async () => {
  const { desk } = scene;
  const role = `role-${desk.namespace}`;
  await createReference('ConnectionRole', role);
  const { status } = await desk.issue('erp', { roleRef: { name: role }, rotation: { overlap: '1h' } });
  const identity = { code: status?.code, clientId: status?.clientId, username: status?.username };
  const inSecret = { 'client-id': identity.clientId, username: identity.username };

  const steps: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['rotated', () => desk.request('erp', 'connect.pim.dev/rotate', 'a')],
    ['revoked', () => desk.request('erp', 'connect.pim.dev/revoke', 'b')],
    ['the Secret deleted', () => desk.deleteSecret('erp-credentials')],
    ['a value edited', () => desk.patchSecret('erp-credentials', { stringData: { password: 'edited' } })],
    [
      'the names edited',
      () => desk.patchSecret('erp-credentials', { stringData: { 'client-id': 'x', username: 'y' } }),
    ],
    ['suspended', () => desk.patch('erp', { spec: { suspend: true } })],
    ['resumed', () => desk.patch('erp', { spec: { suspend: false } })],
    ['another label', () => desk.patch('erp', { spec: { label: 'Another label' } })],
    ['the code written out', () => desk.patch('erp', { spec: { code: identity.code } })],
    ['a broken template', () => desk.patch('erp', { spec: { secret: { data: { key: '{{x}}' } } } })],
    ['a template mended', () => desk.patch('erp', { spec: { secret: null } })],
    ['the role deleted', () => deleteReference('ConnectionRole', role)],
    ['the role back', () => createReference('ConnectionRole', role)],
    ['restarted', () => scene.stop().then(() => scene.start())],
  ];
  for (const [step, take] of steps) {
    await take();
    await desk.settle();
    const texts = await eventually(async () => {
      const now = await desk.texts('erp-credentials');
      expect(now, step).toMatchObject(inSecret);
      return now;
    });
    expect(Object.keys(texts), step).toContain('password');
    expect((await desk.waitUntil('erp', () => {})).status, step).toMatchObject(identity);
  }
  // Each change of a value is in the history: two rotations and two reissues of two values each.
  expect((await desk.read('erp')).status?.rotation?.history).toHaveLength(8);
});
