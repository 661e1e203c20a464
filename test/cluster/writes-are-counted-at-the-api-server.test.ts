import { expect, test } from 'vitest';
import { createNamespace } from './control-plane/create-namespace.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';

test('each write stands there with its user and answer, reads and questions do not', async () => {
  const cluster = sharedCluster();
  const namespace = await createNamespace();
  const configMaps = `/api/v1/namespaces/${namespace}/configmaps`;
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'one' } };

  await cluster.request({ method: 'POST', path: configMaps, body });
  await cluster.request({ method: 'POST', path: configMaps, body });
  await cluster.request({ method: 'PATCH', path: `${configMaps}/one`, body: { data: { key: 'value' } } });
  await cluster.request({ method: 'DELETE', path: `${configMaps}/one?dryRun=All` });
  await cluster.request({ method: 'DELETE', path: `${configMaps}/one` }, cluster.kubeconfigFor('bob'));
  await cluster.request({ path: `${configMaps}/one` });
  await cluster.kubectl(['auth', 'can-i', 'create', 'secrets', '-n', namespace]);

  const all = await cluster.writes();
  expect(all.filter((write) => /reviews$/.test(write.resource))).toEqual([]);
  const writes = all.filter((write) => write.namespace === namespace && write.name === 'one');
  expect(writes.map(({ user, verb, code, dryRun }) => ({ user, verb, code, dryRun }))).toEqual([
    { user: 'admin', verb: 'create', code: 201, dryRun: false },
    { user: 'admin', verb: 'create', code: 409, dryRun: false },
    { user: 'admin', verb: 'patch', code: 200, dryRun: false },
    { user: 'admin', verb: 'delete', code: 200, dryRun: true },
    { user: 'bob', verb: 'delete', code: 403, dryRun: false },
  ]);
  expect(writes.every((write) => write.resource === 'configmaps')).toBe(true);
});
