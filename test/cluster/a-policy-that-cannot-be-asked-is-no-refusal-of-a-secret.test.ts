import { expect, test } from 'vitest';
import { eventually } from './control-plane/eventually.ts';
import { startOperator } from './control-plane/start-operator.ts';
import { readWorld, secretsAt, succeed } from './failure/read-world.ts';
import { waitUntilSettled } from './failure/run-scenarios.ts';
import { createFor } from './failure/scenarios.ts';
import { argumentsFor, buildStage } from './failure/stage.ts';
import { waitForLine } from './failure/wait-for-line.ts';

const policies = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies';
const bindings = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings';

// As it is for some seconds with every API server that has just started and does not know all kinds yet.
test('it is in the log, and the Connection waits as if the API server were away', async () => {
  const stage = await buildStage();
  const { cluster, namespace } = stage;
  const name = `test-unready-${namespace}`;
  const kind = { apiVersion: 'admissionregistration.k8s.io/v1', metadata: { name } };
  const match = { apiGroups: [''], apiVersions: ['v1'], resources: ['secrets'], operations: ['CREATE', 'UPDATE'] };
  const spec = {
    matchConstraints: {
      resourceRules: [match],
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    },
    paramKind: { apiVersion: 'connect.pim.dev/v1beta1', kind: 'Nothing' },
    validations: [{ expression: 'true' }],
  };
  const bound = { policyName: name, validationActions: ['Deny'], paramRef: { name, parameterNotFoundAction: 'Deny' } };
  await succeed(cluster, {
    method: 'POST',
    path: policies,
    body: { ...kind, kind: 'ValidatingAdmissionPolicy', spec },
  });
  await succeed(cluster, {
    method: 'POST',
    path: bindings,
    body: { ...kind, kind: 'ValidatingAdmissionPolicyBinding', spec: bound },
  });
  const probe = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'probe' } };
  await eventually(async () => {
    const path = `${secretsAt(namespace)}?dryRun=All`;
    const { body } = await cluster.request<{ message?: string }>({ method: 'POST', path, body: probe });
    expect(body.message).toContain('failed to configure policy');
  });

  const operator = await startOperator({ namespaces: [namespace], args: argumentsFor(stage) });
  await waitForLine(operator, '"synced"');
  await createFor({ cluster, namespace, name: 'erp' }, undefined);
  await waitForLine(operator, 'failed to configure policy');
  const waiting = await readWorld(cluster, namespace, 'erp');
  expect(waiting.connection.status?.conditions).toMatchObject([{ type: 'Ready', reason: 'Pending' }]);

  await succeed(cluster, { method: 'DELETE', path: `${bindings}/${name}` });
  await succeed(cluster, { method: 'DELETE', path: `${policies}/${name}` });
  await waitUntilSettled(stage);
  await operator.stop();
  expect((await readWorld(cluster, namespace, 'erp')).events).toEqual({ Issued: 1 });
});
