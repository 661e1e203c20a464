import { expect, test } from 'vitest';
import type { Connection } from '../../src/api/generated/connection.ts';
import { type Reason, reasons } from '../../src/api/reasons.ts';
import type { ConnectionDesk } from './connections/connection-desk.ts';
import { useOperator } from './connections/use-operator.ts';
import { createReference } from './connections/write-reference.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';

const scene = useOperator();

/** Ready alone, or with the one condition that belongs to the reason, all of this generation and with one message. */
function expectConditions({ status, metadata }: Connection, reason: Reason): void {
  const { beside, status: ready } = reasons[reason];
  const [first, ...others] = status?.conditions ?? [];
  const common = { reason, observedGeneration: metadata.generation, message: first?.message };
  expect(first).toMatchObject({ type: 'Ready', status: ready, ...common });
  expect(first?.message).toMatch(/[.:]/);
  expect(others).toMatchObject(beside ? [{ type: beside, status: 'True', ...common }] : []);
}

async function expectReason(desk: ConnectionDesk, name: string, reason: Reason): Promise<Connection> {
  const connection = await desk.waitFor(name, reason);
  expectConditions(connection, reason);
  return connection;
}

test('through a life: waiting, issued, broken, suspended, conflicting', async () => {
  const { desk } = scene;
  const role = `role-${desk.namespace}`;
  await desk.create('erp', { roleRef: { name: role } });
  await expectReason(desk, 'erp', 'RoleNotFound');
  await createReference('ConnectionRole', role);
  await expectReason(desk, 'erp', 'Issued');
  await desk.patch('erp', { spec: { groupRef: { name: 'nobody' } } });
  await expectReason(desk, 'erp', 'GroupNotFound');
  await desk.patch('erp', { spec: { secret: { data: { key: '{{x}}' } } } });
  await expectReason(desk, 'erp', 'InvalidTemplate');
  // What is wrong is told before what was wished.
  await desk.patch('erp', { spec: { suspend: true } });
  await expectReason(desk, 'erp', 'InvalidTemplate');
  await desk.patch('erp', { spec: { secret: null, groupRef: null } });
  await expectReason(desk, 'erp', 'Suspended');
  await desk.patch('erp', { spec: { suspend: false } });
  await expectReason(desk, 'erp', 'Issued');
});

test('the time of a transition is that of the status, not of the reason', async () => {
  const { desk } = scene;
  await desk.create('timed', { roleRef: { name: 'nobody' } });
  const first = await expectReason(desk, 'timed', 'RoleNotFound');
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  await desk.patch('timed', { spec: { roleRef: null, groupRef: { name: 'nobody' } } });
  const second = await expectReason(desk, 'timed', 'GroupNotFound');
  const since = ({ status }: Connection): string | undefined => status?.conditions?.[0]?.lastTransitionTime;
  expect(since(second)).toBe(since(first));
  await desk.patch('timed', { spec: { groupRef: null } });
  expect(since(await expectReason(desk, 'timed', 'Issued'))).not.toBe(since(first));
});

test('kubectl wait', async () => {
  const { desk } = scene;
  await desk.create('awaited');
  const wait = ['wait', '--for=condition=Ready', 'conn/awaited', '-n', desk.namespace, '--timeout=20s'];
  expect(await sharedCluster().kubectl(wait)).toMatchObject({ code: 0 });
  await desk.patch('awaited', { spec: { suspend: true } });
  const suspended = ['wait', "--for=jsonpath={.status.conditions[?(@.type=='Ready')].reason}=Suspended"];
  const rest = ['conn/awaited', '-n', desk.namespace, '--timeout=20s'];
  expect(await sharedCluster().kubectl([...suspended, ...rest])).toMatchObject({ code: 0 });
});
