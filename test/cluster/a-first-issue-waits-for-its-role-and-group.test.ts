import { expect, test } from 'vitest';
import { conditionOf, readyOf } from './connections/connection-desk.ts';
import { useOperator } from './connections/use-operator.ts';
import { createReference, openReference } from './connections/write-reference.ts';
import { eventually } from './control-plane/eventually.ts';

const scene = useOperator();

test.each([
  ['ConnectionRole', 'roleRef', 'RoleNotFound', 'RoleNotAllowed'],
  ['ConnectionGroup', 'groupRef', 'GroupNotFound', 'GroupNotAllowed'],
] as const)('%s: missing, then closed to the namespace, then open to it', async (kind, field, missing, closed) => {
  const { desk } = scene;
  const name = `late-${kind.toLowerCase()}`;
  const reference = `${name}-${desk.namespace}`;
  await desk.create(name, { [field]: { name: reference } });
  const first = await desk.waitFor(name, missing);
  expect(readyOf(first)).toMatchObject({ status: 'False' });
  expect(readyOf(first).message).toBe(`There is no ${kind} ${reference}: create it, or change spec.${field}.`);
  expect(conditionOf(first, 'Reconciling')).toMatchObject({ status: 'True', reason: missing });
  expect(conditionOf(first, 'Stalled')).toBeUndefined();

  await createReference(kind, reference, ['somewhere-else']);
  const second = await desk.waitFor(name, closed);
  expect(readyOf(second).message).toContain(`may not be used in namespace ${desk.namespace}`);
  expect(await desk.isSecretThere(`${name}-credentials`)).toBe(false);
  expect(second.status?.clientId).toBeUndefined();

  await openReference(kind, reference, ['somewhere-else', desk.namespace]);
  const third = await desk.waitFor(name, 'Issued');
  expect(conditionOf(third, 'Reconciling')).toBeUndefined();
  await eventually(async () => {
    expect((await desk.events(name)).map(({ reason }) => reason)).toEqual([missing, closed, 'Issued']);
  });
});

test('one that appears with the namespace allowed is enough', async () => {
  const { desk } = scene;
  await desk.create('appears', { roleRef: { name: `appears-${desk.namespace}` } });
  await desk.waitFor('appears', 'RoleNotFound');
  await createReference('ConnectionRole', `appears-${desk.namespace}`);
  await desk.waitFor('appears', 'Issued');
});
