import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { isKubeError } from '../../src/kube/kube-error.ts';
import { resourcesPath } from '../../src/kube/resource-paths.ts';
import { type ControlPlane, startControlPlane } from '../../tools/control-plane/start-control-plane.ts';
import { startRelay } from '../unit/kube/scripted/start-relay.ts';
import { createNamespace } from './control-plane/create-namespace.ts';
import { connectClient } from './kube/connect-client.ts';
import { followConfigMaps } from './kube/followed-config-maps.ts';

let own: ControlPlane;
beforeAll(async () => {
  own = await startControlPlane({ audit: false });
});
afterAll(() => own.stop());

async function write(method: 'POST' | 'PUT' | 'DELETE', namespace: string, name: string, data = {}): Promise<void> {
  const base = resourcesPath('', 'v1', 'configmaps', namespace);
  const path = method === 'POST' ? base : `${base}/${name}`;
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data };
  const answer = await own.request(method === 'DELETE' ? { method, path } : { method, path, body });
  expect(answer.status).toBeLessThan(300);
}

test('cut off while history was compacted: 410, one list, and each change of the gap is told', async () => {
  const namespace = await createNamespace(own);
  for (let index = 0; index < 25; index += 1) await write('POST', namespace, `map-${index}`);
  const relay = await startRelay(own.url);
  onTestFinished(() => relay.stop());
  const client = await connectClient(own, { server: relay.url, silence: 1_000 });
  const followed = await followConfigMaps(own, client, namespace);
  followed.changes.length = 0;

  relay.cut();
  await write('DELETE', namespace, 'map-3');
  await write('PUT', namespace, 'map-4', { changed: 'yes' });
  await write('DELETE', namespace, 'map-5');
  await write('POST', namespace, 'map-5', { again: 'yes' });
  await write('POST', namespace, 'new', {});
  await own.compactStore();
  // Its cache of recent events would still answer.
  await own.restartApiServer();
  relay.mend();

  await followed.expectComplete();
  expect(followed.counts).toMatchObject({ lists: 2, gone: 1 });
  expect(followed.changes.filter((change) => !change.endsWith(' kube-root-ca.crt')).sort()).toEqual([
    'added map-5',
    'added new',
    'deleted map-3',
    'deleted map-5',
    'modified map-4',
  ]);
});

test('history compacted in the middle of a list: it begins anew', async () => {
  const namespace = await createNamespace(own);
  for (let index = 0; index < 25; index += 1) await write('POST', namespace, `map-${index}`);
  const client = await connectClient(own);
  let pages = 0;
  let expired = 0;
  const list = client.list.bind(client);
  client.list = async (path, query, options) => {
    pages += 1;
    if (pages === 2) {
      await write('DELETE', namespace, 'map-0');
      await write('POST', namespace, 'late');
      await own.compactStore();
      await own.restartApiServer();
    }
    const answer = await list(path, query, options).catch((error: unknown) => error as Error);
    if (isKubeError(answer, 'Gone')) expired += 1;
    if (answer instanceof Error) throw answer;
    return answer as Awaited<ReturnType<typeof list<never>>>;
  };
  const followed = await followConfigMaps(own, client, namespace);
  await followed.expectComplete();
  expect(expired).toBe(1);
  expect(followed.watch.store.get(namespace, 'map-0')).toBeUndefined();
  expect(followed.watch.store.get(namespace, 'late')).toBeDefined();
});
