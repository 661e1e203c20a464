import { expect, test } from 'vitest';
import { useOperator } from './connections/use-operator.ts';
import { eventually } from './control-plane/eventually.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';

const scene = useOperator({ namespaces: 2 });

test('nothing of ours holds it up, and the operator goes on in the others', async () => {
  const [here, gone] = scene.desks;
  if (!here || !gone) throw new Error('two namespaces');
  await here.issue('stays');
  for (const name of ['erp', 'dam', 'shop']) await gone.issue(name, { rotation: { overlap: '1h' } });
  const path = `/api/v1/namespaces/${gone.namespace}`;
  await sharedCluster().request({ method: 'DELETE', path });
  await eventually(async () => expect((await sharedCluster().request({ path })).status).toBe(404), { within: 90_000 });

  await here.request('stays', 'connect.pim.dev/rotate', 'a');
  await here.issue('new');
  const looks = (): number => scene.operator.lines.filter((line) => line.includes('is tried again later')).length;
  const before = looks();
  await here.settle();
  expect(looks()).toBe(before);
});
