import { afterAll, beforeAll, expect, test } from 'vitest';
import { applyCrds, applyFolder, succeed as succeedAt } from '../../tools/apply-project.ts';
import { type ControlPlane, startControlPlane } from '../../tools/control-plane/start-control-plane.ts';
import { eventually } from './control-plane/eventually.ts';
import { startOperator } from './control-plane/start-operator.ts';
import { waitForLine } from './failure/wait-for-line.ts';

let own: ControlPlane;
let kubeconfig = '';

beforeAll(async () => {
  own = await startControlPlane({ prepare: ({ kubectl }) => applyCrds(kubectl) });
  await applyFolder(own.kubectl, 'manifests');
  await succeedAt(own.kubectl, ['delete', 'validatingadmissionpolicy', 'connection-status']);
  await succeedAt(own.kubectl, ['delete', 'validatingadmissionpolicybinding', 'connection-bind']);
  kubeconfig = await own.kubeconfigForServiceAccount('connection-system', 'connection-operator');
});
afterAll(() => own?.stop());

test('a policy or a binding that is not there is a log line and a metric; it works nevertheless', async () => {
  const operator = await startOperator({ namespaces: 'all', kubeconfig });
  await waitForLine(operator, '"synced"');
  const missing = await eventually(async () => {
    const text = await (await fetch(`${operator.admin}/metrics`)).text();
    const rows = [...text.matchAll(/^connection_operator_policy_missing\{policy="([^"]+)"\} (\d)$/gm)];
    expect(rows.length).toBeGreaterThanOrEqual(4);
    return Object.fromEntries(rows.map(([, policy, value]) => [policy, value]));
  });
  expect(missing).toMatchObject({
    'connection-status': '1',
    'connection-bind': '1',
    'connection-role-namespaces': '0',
    'connection-group-namespaces': '0',
  });
  const told = operator.lines.filter((line) => line.includes('this admission policy or its binding is missing'));
  expect(told.map((line) => (JSON.parse(line) as { policy: string }).policy).sort()).toEqual([
    'connection-bind',
    'connection-status',
  ]);
  expect(await operator.stop()).toEqual({ code: 0, signal: null });
});
