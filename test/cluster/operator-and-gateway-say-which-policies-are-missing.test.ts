import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyCrds, applyFolder, succeed as succeedAt } from '../../tools/apply-project.ts';
import { type ControlPlane, startControlPlane } from '../../tools/control-plane/start-control-plane.ts';
import type { RunningProgram } from '../../tools/start-program.ts';
import { eventually } from './control-plane/eventually.ts';
import { startOperator } from './control-plane/start-operator.ts';
import { startGateway } from './gateway/start-gateway.ts';

let own: ControlPlane;

/** Kubeconfig with exactly the rights that the manifests give. */
const rightsOf = (program: 'connection-operator' | 'connection-gateway'): Promise<string> =>
  own.kubeconfigForServiceAccount('connection-system', program);

beforeAll(async () => {
  own = await startControlPlane({ prepare: ({ kubectl }) => applyCrds(kubectl) });
  await applyFolder(own.kubectl, 'manifests');
  await succeedAt(own.kubectl, ['delete', 'validatingadmissionpolicy', 'connection-status']);
  await succeedAt(own.kubectl, ['delete', 'validatingadmissionpolicybinding', 'connection-bind']);
});
afterAll(() => own?.stop());

async function expectToTell(program: RunningProgram & { readonly admin: string }, metric: string): Promise<void> {
  const missing = await eventually(async () => {
    const text = await (await fetch(`${program.admin}/metrics`)).text();
    const rows = [...text.matchAll(/^(\w+_policy_missing)\{policy="([^"]+)"\} (\d)$/gm)];
    expect(rows.filter(([, name]) => name === metric)).toHaveLength(4);
    return Object.fromEntries(rows.map(([, , policy, value]) => [policy, value]));
  });
  expect(missing).toEqual({
    'connection-status': '1',
    'connection-bind': '1',
    'connection-role-namespaces': '0',
    'connection-group-namespaces': '0',
  });
  const told = program.lines.filter((line) => line.includes('this admission policy or its binding is missing'));
  expect(told.map((line) => (JSON.parse(line) as { policy: string }).policy).sort()).toEqual([
    'connection-bind',
    'connection-status',
  ]);
}

test('a policy or a binding that is not there is a log line and a metric; both programs work nevertheless', async () => {
  const operator = await startOperator({ namespaces: 'all', kubeconfig: await rightsOf('connection-operator') });
  await operator.ready();
  // Ready once there is a key Secret, which the operator makes.
  const gateway = await startGateway({
    namespaces: [],
    upstream: 'http://127.0.0.1:1',
    kubeconfig: await rightsOf('connection-gateway'),
  });
  await gateway.ready();
  await expectToTell(operator, 'connection_operator_policy_missing');
  await expectToTell(gateway, 'connection_gateway_policy_missing');
  expect(await operator.stop()).toEqual({ code: 0, signal: null });
  expect(await gateway.stop()).toEqual({ code: 0, signal: null });
});
