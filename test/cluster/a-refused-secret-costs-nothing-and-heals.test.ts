import { expect, test } from 'vitest';
import { conditionOf, readyOf } from './connections/connection-desk.ts';
import { areAccepted } from './connections/find-accepted-version.ts';
import { refuseSecrets } from './connections/refuse-secrets.ts';
import { useOperator } from './connections/use-operator.ts';
import { eventually } from './control-plane/eventually.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';

// The API server logs what the policy below says, values and all.
const scene = useOperator({ namespaces: 2, except: ['the audit log'] });

test('a full quota is told, and the Connection is issued soon after there is room', async () => {
  const { desk } = scene;
  const cluster = sharedCluster();
  const quotas = `/api/v1/namespaces/${desk.namespace}/resourcequotas`;
  const quota = {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'full' },
    spec: { hard: { 'count/secrets': '0' } },
  };
  await cluster.request({ method: 'POST', path: quotas, body: quota });
  await eventually(async () => {
    const { body } = await cluster.request<{ status: { used?: object } }>({ path: `${quotas}/full` });
    expect(body.status.used).toBeDefined();
  });

  await desk.create('erp');
  const refused = await desk.waitFor('erp', 'SecretRefused');
  expect(readyOf(refused).message).toContain('The API server refuses Secret erp-credentials:');
  expect(readyOf(refused).message).toContain('exceeded quota: full');
  expect(conditionOf(refused, 'Reconciling')).toMatchObject({ status: 'True', reason: 'SecretRefused' });
  expect(refused.status?.credentials).toBeUndefined();

  await cluster.request({ method: 'DELETE', path: `${quotas}/full` });
  const issued = await desk.waitFor('erp', 'Issued');
  expect(await areAccepted(issued, await desk.texts('erp-credentials'))).toBe(true);
  await eventually(async () => {
    expect((await desk.events('erp')).map(({ reason }) => reason)).toEqual(['SecretRefused', 'Issued']);
  });
});

test('the sentence of an admission policy is told without the values in it; a rotation leaves what is accepted', async () => {
  const [, desk] = scene.desks;
  if (!desk) throw new Error('two namespaces');
  await desk.issue('shop', { rotation: { overlap: '1h' } });
  const before = await desk.secret('shop-credentials');
  const texts = await desk.texts('shop-credentials');
  const quote = "string(object.data.password) + (oldObject == null ? '' : string(oldObject.data.password))";
  const stop = await refuseSecrets(desk.namespace, `'Ask olga first: ' + ${quote} + ' is not allowed'`);

  await desk.create('late');
  const late = await desk.waitFor('late', 'SecretRefused');
  expect(readyOf(late).message).toContain('Ask olga first: … is not allowed');
  expect(await desk.isSecretThere('late-credentials')).toBe(false);

  await desk.annotate('shop', { 'connect.pim.dev/rotate': 'a' });
  const refused = await desk.waitFor('shop', 'SecretRefused');
  expect(readyOf(refused).message).toContain('Ask olga first: …… is not allowed');
  expect(await areAccepted(refused, texts)).toBe(true);
  expect(refused.status?.credentials?.password).toHaveLength(1);
  expect(refused.status?.rotation?.handled).toBeUndefined();
  expect(await desk.secret('shop-credentials')).toEqual(before);

  // Without overlap the old value stops as soon as that is asked for, whether or not the new one can be written.
  const revoked = await desk.annotate('shop', { 'connect.pim.dev/revoke': 'b' });
  expect(await areAccepted(revoked, texts)).toBe(false);
  await desk.annotate('shop', { 'connect.pim.dev/revoke': null });
  expect(await areAccepted(await desk.read('shop'), texts)).toBe(true);

  await stop();
  await desk.patch('shop', { metadata: { labels: { looked: 'at' } } });
  const rotated = await desk.request('shop', 'connect.pim.dev/rotate', 'a');
  expect(readyOf(rotated).reason).toBe('Issued');
  expect(await areAccepted(rotated, await desk.texts('shop-credentials'))).toBe(true);
  expect(await areAccepted(rotated, texts)).toBe(true);
});
