import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Merged } from '../../../src/api/dashboard-api.ts';
import type { ErrorReport, FlowReport, WarningReport } from '../../../src/api/flow-report.ts';
import { buildKubeconfigLogin } from '../../../src/dashboard/server/open-logins.ts';
import { sendJson } from './start-fake-cluster.ts';
import { reasonOf, startTestDashboard } from './start-test-dashboard.ts';

interface Asked {
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

interface FakeGateway {
  readonly url: URL;
  readonly asked: Asked[];
}

/** A gateway's admin port that answers each question alike. */
async function startGateway(answer: (url: string) => readonly [status: number, body: object]): Promise<FakeGateway> {
  const asked: Asked[] = [];
  const server = createServer(({ url = '', headers }, response) => {
    asked.push({ url, headers });
    sendJson(response, ...answer(url));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`), asked };
}

const counts = { created: 1, updated: 2, sent: 3, business: 4, technical: 5 };
const erp = { uid: 'u1', namespace: 'team', name: 'erp' };
const shop = { uid: 'u2', namespace: 'team', name: 'shop' };
const flows = (connections: object[], hours: string[]): object => ({
  connections: connections.map((connection) => ({ ...connection, ...counts })),
  hours: hours.map((hour) => ({ hour, ...counts })),
});

test('with their token and nothing else of theirs, and the counts are added up', async () => {
  const one = await startGateway(() => [200, flows([erp], ['2026-11-28T10:00:00Z', '2026-11-28T11:00:00Z'])]);
  const other = await startGateway(() => [200, flows([shop, erp], ['2026-11-28T09:00:00Z', '2026-11-28T10:00:00Z'])]);
  const { send, signIn } = await startTestDashboard({ gateways: [one.url, other.url] });
  const { cookie } = await signIn();
  const headers = { cookie, 'impersonate-user': 'admin', 'x-forwarded-user': 'admin' };
  const answer = await send('/api/flows?namespace=team&name=erp&hours=24', { headers });
  const report = answer.json as Merged<FlowReport>;
  expect(report.connections.map(({ name, created }) => [name, created])).toEqual([
    ['erp', 2],
    ['shop', 1],
  ]);
  expect(report.hours.map(({ hour, sent }) => [hour.slice(11, 13), sent])).toEqual([
    ['09', 3],
    ['10', 6],
    ['11', 3],
  ]);
  expect(report.silent).toEqual([]);
  for (const { asked } of [one, other]) {
    expect(asked.map(({ url }) => url)).toEqual(['/flows?name=erp&hours=24&namespace=team']);
    expect(asked[0]?.headers.authorization).toBe('Bearer alices-token');
    const ours = ['accept', 'authorization', 'connection', 'host'];
    expect(Object.keys(asked[0]?.headers ?? {}).filter((name) => !ours.includes(name))).toEqual([]);
  }
});

test('once for each namespace, and what one may not see leaves the others', async () => {
  const gateway = await startGateway((url) =>
    url.includes('=b') ? [403, { code: 403, message: 'None of these.' }] : [200, flows([erp], [])],
  );
  const { send, signIn } = await startTestDashboard({ gateways: [gateway.url] });
  const { headers } = await signIn();
  const report = (await send('/api/flows?namespace=a&namespace=b', { headers })).json as Merged<FlowReport>;
  expect(report.connections).toHaveLength(1);
  expect(report.silent).toEqual([]);
  const none = await send('/api/flows?namespace=b', { headers });
  expect([none.status, reasonOf(none)]).toEqual([403, 'Forbidden']);
  expect(none.text).toContain('None of these.');
});

test('errors come newest first, a warning once', async () => {
  const at = (minute: number): string => `2026-11-28T10:${String(minute).padStart(2, '0')}:00.000Z`;
  const error = (minute: number): object => ({ at: at(minute), message: 'no', route: 'PATCH /products/{code}' });
  const warning = (minute: number): object => ({ ...erp, kind: 'retiredValue', detail: 'password 1', at: at(minute) });
  const start = (minutes: number[]): Promise<FakeGateway> =>
    startGateway((url) => [
      200,
      url.startsWith('/errors') ? { errors: minutes.map(error) } : { warnings: minutes.map(warning) },
    ]);
  const gateways = [(await start([30, 10])).url, (await start([20])).url];
  const { send, signIn } = await startTestDashboard({ gateways });
  const { headers } = await signIn();
  const errors = (await send('/api/errors?namespace=team&name=erp', { headers })).json as Merged<ErrorReport>;
  expect(errors.errors.map((one) => one.at)).toEqual([at(30), at(20), at(10)]);
  const warnings = (await send('/api/warnings', { headers })).json as Merged<WarningReport>;
  expect(warnings.warnings.map((one) => one.at)).toEqual([at(30)]);
});

test('one that gives no answer is named, and the others count', async () => {
  const good = await startGateway(() => [200, flows([erp], [])]);
  const broken = await startGateway(() => [500, { message: 'broken' }]);
  const gateways = [good.url, broken.url, new URL('http://127.0.0.1:1')];
  const { send, signIn } = await startTestDashboard({ gateways });
  const { headers } = await signIn();
  const report = (await send('/api/flows', { headers })).json as Merged<FlowReport>;
  expect(report.connections).toHaveLength(1);
  expect(report.silent).toEqual([
    { gateway: broken.url.host, message: 'It answered with status 500: broken' },
    { gateway: '127.0.0.1:1', message: 'It cannot be reached (ECONNREFUSED).' },
  ]);
});

test('none that answers, none at all, and no token to show are told apart', async () => {
  const away = await startTestDashboard({ gateways: [new URL('http://127.0.0.1:1')] });
  const gone = await away.send('/api/flows', { headers: (await away.signIn()).headers });
  expect([gone.status, reasonOf(gone)]).toEqual([502, 'Unavailable']);

  const alone = await startTestDashboard();
  const signedIn = await alone.signIn();
  expect(signedIn.session.flows).toBe(false);
  const none = await alone.send('/api/flows', { headers: signedIn.headers });
  expect([none.status, reasonOf(none)]).toEqual([501, 'NoGateway']);

  const gateway = await startGateway(() => [200, flows([], [])]);
  const local = await startTestDashboard({
    gateways: [gateway.url],
    // A client certificate, which a gateway cannot be shown.
    login: ({ url, users }) => {
      users.set('', 'alice');
      const readCredentials = async (): Promise<{ headers: object; tls: object }> => ({ headers: {}, tls: {} });
      const access = { server: url, namespace: undefined, proxy: undefined, readCredentials, forgetCredentials() {} };
      return buildKubeconfigLogin(access as Parameters<typeof buildKubeconfigLogin>[0]);
    },
  });
  const opened = await local.send('/api/session', { method: 'POST', body: { code: local.createCode() } });
  const cookie = String(opened.headers['set-cookie']).split(';')[0] ?? '';
  expect(opened.json).toMatchObject({ user: 'alice', mode: 'kubeconfig', flows: false });
  const mute = await local.send('/api/flows', { headers: { cookie } });
  expect([mute.status, reasonOf(mute)]).toEqual([501, 'NoToken']);
  expect(gateway.asked).toEqual([]);
});

test.each(['namespace=../x', 'name=a/b', 'hours=x', 'hours=1&hours=2', 'token=x', 'name=erp&name=shop'])(
  'nobody is asked about %s',
  async (query) => {
    const gateway = await startGateway(() => [200, flows([], [])]);
    const { send, signIn } = await startTestDashboard({ gateways: [gateway.url] });
    const { headers } = await signIn();
    expect((await send(`/api/flows?${query}`, { headers })).status).toBe(400);
    expect(gateway.asked).toEqual([]);
  },
);
