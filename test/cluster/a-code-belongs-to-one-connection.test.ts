import { expect, test } from 'vitest';
import { type ConnectionDesk, readyOf } from './connections/connection-desk.ts';
import { useOperator } from './connections/use-operator.ts';

const scene = useOperator({ namespaces: 2 });

test('the code is made of the name unless the spec says one', async () => {
  const { desk } = scene;
  expect((await desk.issue('a-b.c')).status).toMatchObject({ code: 'a_b_c' });
  expect((await desk.issue('named', { code: 'Other_Code' })).status).toMatchObject({ code: 'Other_Code' });
});

test('ignoring case; the later one waits, gets nothing, and heals when the first one goes', async () => {
  const { desk } = scene;
  await desk.issue('first', { code: 'Shared' });
  await desk.create('second', { code: 'sHARED' });
  const waiting = await desk.waitFor('second', 'CodeConflict');
  expect(readyOf(waiting)).toMatchObject({ status: 'False' });
  expect(readyOf(waiting).message).toMatch(/belongs to Connection first: set spec\.code/);
  expect(waiting.status?.credentials).toBeUndefined();
  expect(await desk.isSecretThere('second-credentials')).toBe(false);

  await desk.delete('first');
  const { status } = await desk.waitFor('second', 'Issued');
  expect(status).toMatchObject({ code: 'sHARED', clientId: expect.stringMatching(/^sHARED_/) });
});

test('two names can make one code', async () => {
  const { desk } = scene;
  await desk.issue('same-code');
  await desk.create('same.code');
  await desk.waitFor('same.code', 'CodeConflict');
  await desk.patch('same.code', { spec: { code: 'a_code_of_its_own' } });
  await desk.waitFor('same.code', 'Issued');
});

test('across namespaces, without naming the other one', async () => {
  const [here, there] = scene.desks as [ConnectionDesk, ConnectionDesk];
  await there.issue('hidden', { code: 'everywhere' });
  await here.create('seeker', { code: 'EVERYWHERE' });
  const { message } = readyOf(await here.waitFor('seeker', 'CodeConflict'));
  expect(message).toContain('set spec.code');
  expect(message).not.toContain('hidden');
  expect(message).not.toContain(there.namespace);
  for (const event of await here.events('seeker')) expect(event.message).not.toMatch(`hidden|${there.namespace}`);
  await there.delete('hidden');
  await here.waitFor('seeker', 'Issued');
});
