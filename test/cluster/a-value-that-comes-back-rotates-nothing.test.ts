import { expect, test } from 'vitest';
import { useOperator } from './connections/use-operator.ts';
import { eventually } from './control-plane/eventually.ts';

const rotate = 'connect.pim.dev/rotate';
const scene = useOperator();

async function ignoredEvents(): Promise<readonly string[]> {
  const events = await scene.desk.events('erp');
  return events.filter(({ reason }) => reason === 'RotationIgnored').map(({ message }) => message);
}

test('a revert in Git, and self-heal after it, are told once and do nothing', async () => {
  const { desk } = scene;
  await desk.issue('erp');
  await desk.request('erp', rotate, 'monday');
  const before = await desk.request('erp', rotate, 'tuesday');
  expect(await ignoredEvents()).toEqual([]);

  await desk.annotate('erp', { [rotate]: 'monday' });
  await eventually(async () => expect(await ignoredEvents()).toHaveLength(1));
  await desk.annotate('erp', { [rotate]: null });
  await desk.annotate('erp', { [rotate]: 'tuesday' });
  await desk.patch('erp', { spec: { label: 'Something else' } });
  await desk.waitUntil('erp', ({ metadata }) => expect(metadata.generation).toBe(2));
  await desk.settle();

  const after = await desk.read('erp');
  expect(after.status?.credentials).toEqual(before.status?.credentials);
  expect(after.status?.rotation).toEqual(before.status?.rotation);
  const [message] = await ignoredEvents();
  expect(message).toBe(
    `${rotate} was put back to a value that was acted on before; it does nothing. Set a new value to rotate.`,
  );
  // The same words about the same object are one event.
  expect(await ignoredEvents()).toHaveLength(1);
});

test('sixteen values later it still does nothing while it stands', async () => {
  const { desk } = scene;
  await desk.issue('long');
  await desk.request('long', 'connect.pim.dev/rotate-password', 'stands');
  for (let i = 0; i < 17; i++) await desk.request('long', 'connect.pim.dev/rotate-client-secret', String(i));
  const { status } = await desk.read('long');
  expect(status?.rotation?.handled).toHaveLength(16);
  expect(status?.rotation?.handled).toContainEqual({ annotation: 'connect.pim.dev/rotate-password', token: 'stands' });
  expect(status?.rotation?.history).toHaveLength(10);
  expect(status?.credentials?.password).toMatchObject([{ version: expect.stringMatching(/^2-/) }]);
  expect(status?.credentials?.clientSecret).toMatchObject([{ version: expect.stringMatching(/^18-/) }]);
});
