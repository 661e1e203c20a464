import { expect, test } from 'vitest';
import type { AccessAnswers, DashboardError, EventList, LiveEvents } from '../../src/api/dashboard-api.ts';
import type { Connection } from '../../src/api/generated/connection.ts';
import { openEvents } from '../http/dashboard/read-events.ts';
import { ConnectionDesk } from './connections/connection-desk.ts';
import { useOperator } from './connections/use-operator.ts';
import { createNamespace } from './control-plane/create-namespace.ts';
import { eventually } from './control-plane/eventually.ts';
import { readTokenOf } from './control-plane/read-token-of.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';
import { type DashboardUser, runDashboard, signIn } from './dashboard/start-dashboard.ts';
import { bindClusterRole, grantInNamespace } from './manifests/grant-rights.ts';

const scene = useOperator();
const root = '/api/connections';

/** A ServiceAccount with a token of its own, as people without another login use one. */
async function createViewer(role: string, namespace = scene.desk.namespace): Promise<string> {
  const home = await createNamespace();
  const path = `/api/v1/namespaces/${home}/serviceaccounts`;
  await sharedCluster().request({ method: 'POST', path, body: { metadata: { name: 'viewer' } } });
  const subject = `system:serviceaccount:${home}:viewer`;
  await bindClusterRole(sharedCluster(), subject, namespace, role);
  return `${home}/viewer`;
}

async function tokenOf(account: string): Promise<string> {
  const [namespace = '', name = ''] = account.split('/');
  return readTokenOf(await sharedCluster().kubeconfigForServiceAccount(namespace, name));
}

async function listNames(user: DashboardUser, port: number, query = ''): Promise<string[]> {
  const stream = await openEvents(port, `/api/live${query}`, { cookie: user.cookie, host: `localhost:${port}` });
  const [{ sources }] = (await stream.wait('sources')) as [LiveEvents['sources']];
  const wanted = sources.filter(({ kind }) => kind === 'connections').length;
  await eventually(() => {
    const told = stream.events.filter(({ name, data }) => {
      return (name === 'ready' || name === 'denied') && (data as LiveEvents['ready']).kind === 'connections';
    });
    expect(told).toHaveLength(wanted);
  });
  const pages = stream.events.filter(({ name }) => name === 'page').map(({ data }) => data as LiveEvents['page']);
  stream.close();
  return pages
    .filter(({ kind }) => kind === 'connections')
    .flatMap(({ items }) => items.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`));
}

const portOf = (origin: string): number => Number(new URL(origin).port);

test('who has rights in one namespace sees that one only, and may do there what they may', async () => {
  const other = new ConnectionDesk(await createNamespace());
  const { namespace } = scene.desk;
  await scene.desk.issue('mine');
  await other.create('theirs');
  const dashboard = await runDashboard();
  const user = await signIn(dashboard, await tokenOf(await createViewer('admin')));
  const port = portOf(dashboard.origin);

  expect(await listNames(user, port, `?namespace=${namespace}&namespace=${other.namespace}`)).toEqual([
    `${namespace}/mine`,
  ]);
  expect(await listNames(user, port)).toEqual([]);
  expect((await user.ask('GET', '/api/namespaces')).status).toBe(403);
  for (const method of ['GET', 'PATCH', 'DELETE']) {
    const refused = await user.ask<DashboardError>(method, `${root}/${other.namespace}/theirs`);
    expect([refused.status, refused.body.reason]).toEqual([403, 'Forbidden']);
    expect(refused.body.message).toContain(other.namespace);
  }
  const manifest = { metadata: { name: 'new' }, spec: { label: 'New one', flowType: 'Source' } };
  expect((await user.ask('POST', `${root}/${other.namespace}`, manifest)).status).toBe(403);

  const questions = [namespace, other.namespace].map((where) => ({
    verb: 'create',
    resource: 'connections',
    namespace: where,
  }));
  const asked = await user.ask<AccessAnswers>('POST', '/api/access', { questions });
  expect(asked.body).toEqual({ allowed: [true, false] });
  expect((await other.read('theirs')).metadata.deletionTimestamp).toBeUndefined();
});

test('a Connection is made, changed, rotated and deleted with the rights of the viewer, and shows no hash', async () => {
  const { namespace } = scene.desk;
  const dashboard = await runDashboard();
  const user = await signIn(dashboard, await tokenOf(await createViewer('admin')));
  const path = `${root}/${namespace}/page`;
  const manifest = { metadata: { name: 'page' }, spec: { label: 'Made here', flowType: 'Source' } };

  const preview = await user.ask<Connection>('POST', `${root}/${namespace}?dryRun=true`, manifest);
  expect([preview.status, preview.body.spec.tracked]).toEqual([201, false]);
  expect((await user.ask('GET', path)).status).toBe(404);
  expect((await user.ask('POST', `${root}/${namespace}`, manifest)).status).toBe(201);
  const again = await user.ask<DashboardError>('POST', `${root}/${namespace}`, manifest);
  expect([again.status, again.body.reason]).toEqual([409, 'AlreadyExists']);
  await scene.desk.waitFor('page', 'Issued');

  const { body: issued } = await user.ask<Connection>('GET', path);
  expect(issued.status?.credentials?.clientSecret?.map(({ hash }) => hash)).toEqual(['']);
  expect(issued.metadata.managedFields).toBeUndefined();
  const wrong = await user.ask<DashboardError>('PATCH', path, { spec: { flowType: 'Sideways' } });
  expect([wrong.status, wrong.body.reason]).toEqual([422, 'Invalid']);
  const stale = { metadata: { resourceVersion: '1' }, spec: { label: 'Too late' } };
  expect((await user.ask<DashboardError>('PATCH', path, stale)).body.reason).toBe('Conflict');
  expect((await user.ask('PATCH', path, { spec: { label: 'Changed here' } })).status).toBe(200);
  const rotate = { metadata: { annotations: { 'connect.pim.dev/rotate': 'from-the-page' } } };
  expect((await user.ask('PATCH', path, rotate)).status).toBe(200);
  await scene.desk.waitUntil('page', ({ status }) => expect(status?.rotation?.history?.[0]).toBeDefined());
  const events = await user.ask<EventList>('GET', `${path}/events`);
  expect(events.body.events.map(({ reason }) => reason)).toContain('CredentialsRotated');

  const deletion = await user.ask<DashboardError>('DELETE', path, { uid: '00000000-0000-0000-0000-000000000000' });
  expect([deletion.status, deletion.body.reason]).toEqual([409, 'Conflict']);
  expect((await user.ask('DELETE', path, { uid: issued.metadata.uid })).status).toBe(204);
  await eventually(async () => expect((await user.ask('GET', path)).status).toBe(404));
  expect(dashboard.lines.join('\n')).not.toMatch(/ey[A-Za-z0-9_-]{20,}\.|csec_|cpwd_/);
});

test('who may only look cannot change anything', async () => {
  const { namespace } = scene.desk;
  await scene.desk.create('looked-at');
  const dashboard = await runDashboard();
  const user = await signIn(dashboard, await tokenOf(await createViewer('view')));
  expect(await listNames(user, portOf(dashboard.origin), `?namespace=${namespace}`)).toContain(
    `${namespace}/looked-at`,
  );
  expect((await user.ask('PATCH', `${root}/${namespace}/looked-at`, { spec: { label: 'No' } })).status).toBe(403);
  expect((await user.ask('DELETE', `${root}/${namespace}/looked-at`)).status).toBe(403);
});

test('a token whose ServiceAccount is deleted stops, and whoever watches with it is signed out', async () => {
  const { namespace } = scene.desk;
  const account = await createViewer('view');
  const dashboard = await runDashboard();
  const user = await signIn(dashboard, await tokenOf(account));
  const port = portOf(dashboard.origin);
  const headers = { cookie: user.cookie, host: `localhost:${port}` };
  const stream = await openEvents(port, `/api/live?namespace=${namespace}`, headers);
  await stream.wait('ready');
  const [home = '', name = ''] = account.split('/');
  await sharedCluster().request({ method: 'DELETE', path: `/api/v1/namespaces/${home}/serviceaccounts/${name}` });
  // The API server itself goes on to believe a token for ten seconds.
  await eventually(() => expect(stream.events.at(-1)?.name).toBe('ended'), { within: 40_000 });
  expect(stream.closed).toBe(true);
  expect((await user.ask('GET', '/api/namespaces')).status).toBe(401);
});

test('the ServiceAccount of the dashboard may do nothing', async () => {
  const { namespace } = scene.desk;
  const kubeconfig = await sharedCluster().kubeconfigForServiceAccount('connection-system', 'connection-dashboard');
  const forbidden = [
    `/apis/connect.pim.dev/v1beta1/connections`,
    `/apis/connect.pim.dev/v1beta1/connectionroles`,
    `/apis/connect.pim.dev/v1beta1/namespaces/${namespace}/connections`,
    `/api/v1/namespaces`,
    `/api/v1/namespaces/connection-system/secrets`,
    `/api/v1/namespaces/${namespace}/events`,
  ];
  for (const path of forbidden) {
    expect([path, (await sharedCluster().request({ path }, kubeconfig)).status]).toEqual([path, 403]);
  }
  // Signed in at its own page it is a user like others, who sees nothing.
  const dashboard = await runDashboard();
  const user = await signIn(dashboard, readTokenOf(kubeconfig));
  expect(await listNames(user, portOf(dashboard.origin))).toEqual([]);
});

test('a right that comes later shows what it is for', async () => {
  const namespace = await createNamespace();
  await new ConnectionDesk(namespace).create('late');
  const dashboard = await runDashboard();
  const token = readTokenOf(sharedCluster().kubeconfigFor('bob'));
  const user = await signIn(dashboard, token);
  const path = `${root}/${namespace}/late`;
  expect((await user.ask('GET', path)).status).toBe(403);
  await grantInNamespace(sharedCluster(), 'bob', namespace, [
    { apiGroups: ['connect.pim.dev'], resources: ['connections'], verbs: ['get'] },
  ]);
  await eventually(async () => expect((await user.ask('GET', path)).status).toBe(200));
});
