import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type ControlPlane, startControlPlane } from '../../tools/control-plane/start-control-plane.ts';
import { createNamespace } from './control-plane/create-namespace.ts';
import { eventually } from './control-plane/eventually.ts';

let own: ControlPlane;
beforeAll(async () => {
  own = await startControlPlane();
});
afterAll(() => own.stop());

test('killed and started again, it has the same address, data and users', async () => {
  const namespace = await createNamespace(own);
  await own.killApiServer();
  await expect(own.request({ path: '/readyz' })).rejects.toThrow();

  await own.restartApiServer();
  expect((await own.request({ path: `/api/v1/namespaces/${namespace}` })).status).toBe(200);
  expect((await own.request({ path: '/api/v1/namespaces' }, own.kubeconfigFor('alice'))).status).toBe(403);
});

test('stopped for a while, it answers afterwards what was asked meanwhile', async () => {
  await own.pauseApiServer();
  onTestFinished(() => own.resumeApiServer());
  let answered = false;
  const asked = own.request({ path: '/readyz' }).then((answer) => {
    answered = true;
    return answer;
  });
  await expect(eventually(() => expect(answered).toBe(true), { within: 500 })).rejects.toThrow();
  await own.resumeApiServer();
  expect((await asked).status).toBe(200);
});

test('a page that the compacted store no longer has is 410', async () => {
  const path = '/api/v1/configmaps?limit=1';
  const first = await own.request<{ metadata: { continue: string } }>({ path });
  await createNamespace(own);
  await own.compactStore();
  await own.restartApiServer();
  const next = `${path}&continue=${encodeURIComponent(first.body.metadata.continue)}`;
  expect((await own.request({ path: next })).status).toBe(410);
});
