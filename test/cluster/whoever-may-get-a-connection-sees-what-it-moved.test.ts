import { beforeAll, describe, expect, test } from 'vitest';
import type { ErrorReport, FlowReport, WarningReport } from '../../src/api/flow-report.ts';
import { runCli } from './cli/run-cli.ts';
import { useOperator } from './connections/use-operator.ts';
import { eventually } from './control-plane/eventually.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';
import { callStatus, login, openSession, type Texts } from './gateway/gateway-client.ts';
import { useGateways } from './gateway/use-gateways.ts';
import { createViewer, readReport, type Viewer } from './gateway/viewers.ts';
import { createRole, fullRole } from './gateway/write-access.ts';
import { bindClusterRole, grantEverywhere, grantInNamespace } from './manifests/grant-rights.ts';

const scene = useOperator();
const served = useGateways(scene, 1, { flows: { store: 'sqlite::memory:', flush: '1s' } });
const products = '/api/rest/v1/products';
const getConnections = { apiGroups: ['connect.pim.dev'], resources: ['connections'], verbs: ['get'] };

const viewers: Record<'reader' | 'auditor' | 'single' | 'stranger', Viewer> = {} as never;
const texts: Record<string, Texts> = {};
let role: string;

const ask = <T = FlowReport>(path: string, token?: string) => readReport<T>(gateway(), path, token);
const gateway = () => {
  const [first] = served.gateways;
  if (first === undefined) throw new Error('usable from the first test on');
  return first;
};
const inNamespace = (path: string, rest = ''): string => `${path}?namespace=${scene.desk.namespace}${rest}`;

async function call(name: string, path: string, init: { method?: string; body?: string } = {}): Promise<number> {
  const { access } = await openSession(gateway().origin, texts[name] ?? {});
  return callStatus(gateway().origin, path, access, init);
}

beforeAll(async () => {
  const { desk } = scene;
  const cluster = sharedCluster();
  role = await createRole(fullRole);
  const common = { roleRef: { name: role }, tracked: true };
  await desk.issue('erp', { ...common, flowType: 'Source' });
  await desk.issue('shop', { ...common, flowType: 'Destination' });
  await desk.issue('quiet', { ...common, flowType: 'Source', tracked: false });
  for (const name of ['erp', 'shop', 'quiet']) texts[name] = await desk.texts(`${name}-credentials`);
  for (const name of ['reader', 'auditor', 'single', 'stranger'] as const) {
    viewers[name] = await createViewer(desk.namespace, name);
  }
  await bindClusterRole(cluster, viewers.reader.user, desk.namespace, 'connection-viewer');
  await grantEverywhere(cluster, viewers.auditor.user, [getConnections]);
  await grantInNamespace(cluster, viewers.single.user, desk.namespace, [
    { ...getConnections, resourceNames: ['shop'] },
  ]);
  const wrong = JSON.stringify({ label: 'no identifier' });
  await eventually(async () => expect(await call('erp', `${products}/new`, { method: 'PATCH', body: '{}' })).toBe(201));
  expect(await call('erp', `${products}/new`, { method: 'PATCH', body: '{"enabled":true}' })).toBe(204);
  expect(await call('erp', products, { method: 'POST', body: wrong })).toBe(422);
  expect(await call('erp', products, { method: 'POST', body: '{"identifier":"new"}' })).toBe(422);
  expect(await call('shop', `${products}?limit=5`)).toBe(200);
  expect(await call('quiet', `${products}/quiet`, { method: 'PATCH', body: '{}' })).toBe(201);
});

const zeros = { created: 0, updated: 0, sent: 0, business: 0, technical: 0 };
const erp = { ...zeros, created: 1, updated: 1, business: 1, technical: 1 };
const shop = { ...zeros, sent: 5 };

test('a viewer of the namespace sees its tracked connections and their hours', async () => {
  await eventually(async () => {
    const { status, body } = await ask(inNamespace('/flows'), viewers.reader.token);
    expect(status).toBe(200);
    expect(body.connections.map(({ uid: _, ...rest }) => rest)).toEqual([
      { namespace: scene.desk.namespace, name: 'erp', ...erp },
      { namespace: scene.desk.namespace, name: 'shop', ...shop },
    ]);
    const sent = body.hours.reduce((sum, hour) => sum + hour.sent, 0);
    expect(sent).toBe(5);
    for (const { hour } of body.hours) expect(hour).toMatch(/^\d{4}-\d\d-\d\dT\d\d:00:00Z$/);
  });
  const one = await ask(inNamespace('/flows', '&name=shop&hours=1'), viewers.reader.token);
  expect(one.body.connections.map(({ name }) => name)).toEqual(['shop']);
});

test('rights decide, connection by connection', async () => {
  const names = async (path: string, token: string): Promise<unknown> => {
    const { status, body } = await ask(path, token);
    return status === 200 ? body.connections.map(({ name }) => name) : status;
  };
  const { auditor, single, stranger, reader } = viewers;
  await eventually(
    async () => {
      expect(await names('/flows', auditor.token)).toEqual(['erp', 'shop']);
      expect(await names(inNamespace('/flows'), single.token)).toEqual(['shop']);
    },
    { every: 1_000, within: 30_000 },
  );
  expect(await names('/flows', reader.token)).toBe(403);
  expect(await names(inNamespace('/flows', '&name=erp'), single.token)).toBe(403);
  expect(await names(inNamespace('/flows', '&name=shop'), single.token)).toEqual(['shop']);
  expect(await names(inNamespace('/flows'), stranger.token)).toBe(403);
  expect(await names('/flows?namespace=default', reader.token)).toBe(403);
});

test('without a token that counts nothing is told, and every refusal is JSON that says what to do', async () => {
  type Refusal = { code: number; message: string };
  const refusal = async (path: string, token?: string) => {
    const { status, body } = await ask<Refusal>(path, token);
    expect(body.code).toBe(status);
    return [status, body.message];
  };
  const { token } = viewers.reader;
  const unknown = [401, 'The API server does not know this token. Sign in again.'];
  expect(await refusal('/flows')).toEqual([401, 'Send a token of the cluster in "Authorization: Bearer".']);
  expect(await refusal('/flows', 'made.up')).toEqual(unknown);
  expect(await refusal(inNamespace('/warnings'), `${token.slice(0, -4)}AAAA`)).toEqual(unknown);
  expect(await refusal('/errors', token)).toEqual([400, 'The parameters "namespace" and "name" are needed.']);
  expect(await refusal('/flows?name=shop', token)).toEqual([400, 'The parameter "name" needs "namespace".']);
  expect((await refusal(inNamespace('/flows', '&hours=241'), token))[0]).toBe(400);
  expect((await refusal(inNamespace('/flows', '&hours=1&hours=2'), token))[0]).toBe(400);
  expect((await refusal(inNamespace('/flows', '&limit=1'), token))[0]).toBe(400);
  expect((await refusal(inNamespace('/errors', '&name=nobody'), token))[0]).toBe(404);
  const posted = await fetch(`${gateway().admin}/flows`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  });
  expect(posted.status).toBe(405);
});

test('business errors are told with what they name, technical ones never', async () => {
  await eventually(async () => {
    const { body } = await ask<ErrorReport>(inNamespace('/errors', '&name=erp'), viewers.reader.token);
    expect(body.errors.map(({ at: _, ...rest }) => rest)).toEqual([
      { message: 'The identifier new is already used.', route: `POST ${products}` },
    ]);
  });
});

describe('kubectl connection shows it to a viewer with the token of the kubeconfig', () => {
  const run = async (...args: readonly string[]): Promise<string> => {
    const kubeconfig = await sharedCluster().kubeconfigForServiceAccount(scene.desk.namespace, 'reader');
    const place = ['-n', scene.desk.namespace, '--gateway', gateway().origin, '--gateway-admin', gateway().admin];
    const { code, stdout, stderr } = await runCli([...args, ...place], { kubeconfig });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  };

  test('usage', async () => {
    await eventually(async () => {
      const { connections }: FlowReport = JSON.parse(await run('usage', '-o', 'json'));
      expect(connections.map(({ uid: _, namespace: __, ...rest }) => rest)).toEqual([
        { name: 'erp', ...erp },
        { name: 'shop', ...shop },
      ]);
    });
    const drawn = await run('usage', '--days', '2');
    const title = (text: string): RegExp => new RegExp(`^${text}, today \\d+\\n.*\\n  \\d\\d-\\d\\d  .*\\n`, 'm');
    for (const text of ['Products created: 1', 'Products updated: 1', 'Products sent: 5', 'Technical errors: 1'])
      expect(drawn).toMatch(title(text));
    expect(await run('usage', 'shop')).not.toContain('Products created');
  });

  test('list and describe', async () => {
    expect(await run('list')).toMatch(/^erp +Connection erp +Source +yes +yes +\S+ +\S+ +2$/m);
    const told = await run('describe', 'erp');
    expect(told).toContain('  1 product created, 1 updated\n  1 business error, 1 technical error\n');
    expect(told).toMatch(
      new RegExp(`Last business errors\n.*MESSAGE\n.* ago .*POST ${products} +The identifier new is already used\\.\n`),
    );
  });

  test('top, while calls are made and when they are over', async () => {
    const { access } = await openSession(gateway().origin, texts.erp ?? {});
    let isOver = false;
    const calls = async (): Promise<number> => {
      let made = 0;
      for (; !isOver; made++) expect(await callStatus(gateway().origin, '/api/rest/v1/categories', access)).toBe(200);
      return made;
    };
    const caller = calls();
    const busy = JSON.parse(await run('top', '--interval', '1s', '-o', 'json'));
    isOver = true;
    expect(busy[0]).toMatchObject({ namespace: scene.desk.namespace, name: 'erp', refused: 0, limited: 0 });
    expect(busy[0].allowed).toBeGreaterThan(0);
    expect(await caller).toBeGreaterThan(0);
    const over = JSON.parse(await run('top', '--interval', '1s', '-o', 'json'));
    const find = (name: string) => over.find((rates: { name: string }) => rates.name === name);
    expect(find('erp')).toMatchObject({ allowed: 0, total: await readRequests('erp') });
    expect(find('shop')).toMatchObject({ allowed: 0, total: await readRequests('shop') });
  });

  /** Calls of one connection by the gateway's metrics, whatever was decided. */
  async function readRequests(name: string): Promise<number> {
    const text = await fetch(`${gateway().admin}/metrics`).then((response) => response.text());
    const lines = text.match(new RegExp(`^connection_gateway_requests_total\\{.*connection="${name}".*$`, 'gm')) ?? [];
    return lines.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }
});

test('a wrong pair and a retired secret are told on the pages that they concern', async () => {
  const pair = { ...texts.erp, username: texts.shop?.username ?? '', password: texts.shop?.password ?? '' };
  expect((await login(gateway().origin, pair)).status).toBe(200);
  await scene.desk.request('quiet', 'connect.pim.dev/rotate-client-secret', 'now');
  await eventually(async () => expect((await login(gateway().origin, texts.quiet ?? {})).status).toBe(422));
  await eventually(async () => {
    const { body } = await ask<WarningReport>(inNamespace('/warnings'), viewers.reader.token);
    expect(body.warnings.map(({ name, kind, detail }) => [name, kind, detail]).sort()).toEqual([
      ['erp', 'otherUsername', texts.shop?.username],
      ['quiet', 'retiredValue', expect.stringMatching(/^clientSecret /)],
      ['shop', 'otherClientId', texts.erp?.['client-id']],
    ]);
  });
  const one = await ask<WarningReport>(inNamespace('/warnings', '&name=quiet'), viewers.single.token);
  expect(one.status).toBe(403);
});

test('metrics count the same', async () => {
  const text = await fetch(`${gateway().admin}/metrics`).then((response) => response.text());
  const { namespace } = scene.desk;
  for (const line of [
    `connection_flow_products_total{namespace="${namespace}",connection="erp",event="created"} 1`,
    `connection_flow_products_total{namespace="${namespace}",connection="shop",event="sent"} 5`,
    `connection_flow_errors_total{namespace="${namespace}",connection="erp",type="technical"} 1`,
  ]) {
    expect(text).toContain(line);
  }
  expect(text).not.toMatch(/connection_flow_\w+\{[^}]*connection="quiet"/);
});

test('no token of a viewer is in the log', () => {
  const log = gateway().lines.join('\n');
  for (const { token } of Object.values(viewers)) {
    for (const part of token.split('.')) expect(log).not.toContain(part);
  }
});
