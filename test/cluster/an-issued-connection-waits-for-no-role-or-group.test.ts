import { expect, test } from 'vitest';
import type { ConnectionDesk } from './connections/connection-desk.ts';
import { areAccepted } from './connections/find-accepted-version.ts';
import { useOperator } from './connections/use-operator.ts';
import { createReference, deleteReference, openReference } from './connections/write-reference.ts';

const scene = useOperator();

/** A rotation goes through, and what the Secret holds then is accepted, whatever is wrong besides. */
async function expectRotation(desk: ConnectionDesk, name: string, token: string): Promise<void> {
  const before = await desk.texts(`${name}-credentials`);
  expect(await areAccepted(await desk.read(name), before)).toBe(true);
  const connection = await desk.request(name, 'connect.pim.dev/rotate', token);
  const after = await desk.texts(`${name}-credentials`);
  expect(after['client-secret']).not.toBe(before['client-secret']);
  expect(await areAccepted(connection, after)).toBe(true);
  expect(await areAccepted(connection, before)).toBe(false);
}

test.each([
  ['ConnectionRole', 'roleRef', 'RoleNotFound', 'RoleNotAllowed'],
  ['ConnectionGroup', 'groupRef', 'GroupNotFound', 'GroupNotAllowed'],
] as const)('%s closed, deleted, and there again', async (kind, field, missing, closed) => {
  const { desk } = scene;
  const name = kind.toLowerCase();
  const reference = `${name}-${desk.namespace}`;
  await createReference(kind, reference);
  await desk.issue(name, { [field]: { name: reference } });

  await openReference(kind, reference, ['somewhere-else']);
  await desk.waitFor(name, closed);
  await expectRotation(desk, name, 'closed');
  await deleteReference(kind, reference);
  await desk.waitFor(name, missing);
  await expectRotation(desk, name, 'missing');
  await createReference(kind, reference);
  await desk.waitFor(name, 'Issued');
  await expectRotation(desk, name, 'there');
});

test('a Secret that is deleted meanwhile is written again', async () => {
  const { desk } = scene;
  const role = `gone-${desk.namespace}`;
  await createReference('ConnectionRole', role);
  await desk.issue('gone', { roleRef: { name: role } });
  await deleteReference('ConnectionRole', role);
  await desk.waitFor('gone', 'RoleNotFound');
  await desk.deleteSecret('gone-credentials');
  const connection = await desk.waitUntil('gone', ({ status }) => {
    expect(status?.rotation?.history).toMatchObject([{ cause: 'Reissued' }, { cause: 'Reissued' }]);
  });
  expect(await areAccepted(connection, await desk.texts('gone-credentials'))).toBe(true);
});
