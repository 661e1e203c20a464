import { request as send } from 'node:http';
import { onTestFinished } from 'vitest';
import type { DashboardError, Session } from '../../../src/api/dashboard-api.ts';
import type { DashboardSettings } from '../../../src/dashboard/server/dashboard-settings.ts';
import { buildViewerLogin } from '../../../src/dashboard/server/open-logins.ts';
import type { ClusterLogin } from '../../../src/dashboard/server/sessions/cluster-login.ts';
import { startDashboard } from '../../../src/dashboard/server/start-dashboard.ts';
import { type KubeLog, silentLog } from '../../../src/kube/kube-log.ts';
import { type FakeCluster, startFakeCluster } from './start-fake-cluster.ts';

export interface TestRequest {
  readonly method?: string;
  /** Default: those of the page. `undefined` takes one away. A list is a header that stands several times. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Sent as JSON; text as it is. */
  readonly body?: unknown;
}

export interface TestAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** What the text says; `undefined` when it is no JSON. */
  readonly json: unknown;
}

export interface TestDashboard {
  readonly port: number;
  readonly cluster: FakeCluster;
  /** Turns its clock; milliseconds. */
  pass(milliseconds: number): void;
  createCode(): string;
  /** Sends one request, as the page would where nothing else is said. */
  send(path: string, request?: TestRequest): Promise<TestAnswer>;
  /** Signs in with a token and returns what the page has from then on. */
  signIn(token?: string): Promise<SignedIn>;
}

export interface SignedIn {
  readonly session: Session;
  /** `name=value`. */
  readonly cookie: string;
  /** Headers of a change that is allowed. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface TestDashboardOptions extends Partial<DashboardSettings> {
  readonly login?: (cluster: FakeCluster) => ClusterLogin;
  readonly log?: KubeLog;
  readonly page?: string;
  readonly sweepEvery?: number;
}

/** A dashboard in front of a fake cluster, until the test is over. */
export async function startTestDashboard(options: TestDashboardOptions = {}): Promise<TestDashboard> {
  const { login = buildLogin, log = silentLog, page = '/nowhere', sweepEvery = 20, ...others } = options;
  const cluster = await startFakeCluster();
  const listen = { host: '127.0.0.1', port: 0 };
  const settings = { listen, hosts: [], imageHosts: [], gateways: [], ...others };
  let passed = 0;
  const clock = (): number => Date.now() + passed;
  const dashboard = await startDashboard({ settings, login: login(cluster), log, page, clock, sweepEvery });
  onTestFinished(() => dashboard.close());
  const { port } = dashboard;
  const sendHere = (path: string, request: TestRequest = {}): Promise<TestAnswer> => sendRequest(port, path, request);
  return {
    port,
    cluster,
    pass: (milliseconds) => {
      passed += milliseconds;
    },
    createCode: () => dashboard.createCode(),
    send: sendHere,
    async signIn(token = 'alices-token') {
      const answer = await sendHere('/api/session', { method: 'POST', body: { token } });
      if (answer.status !== 200) throw new Error(`nobody signed in: ${answer.status} ${answer.text}`);
      const session = answer.json as Session;
      const cookie = String(answer.headers['set-cookie']).split(';')[0] ?? '';
      return { session, cookie, headers: { cookie, 'x-csrf-token': session.csrf } };
    },
  };
}

/** The word for what went wrong. */
export const reasonOf = ({ json }: TestAnswer): string => (json as DashboardError).reason;

function buildLogin({ url }: FakeCluster): ClusterLogin {
  return buildViewerLogin({ server: url, proxy: undefined, readTrust: async () => ({}) });
}

function sendRequest(port: number, path: string, request: TestRequest): Promise<TestAnswer> {
  const { method = 'GET', body = {} } = request;
  const isChange = method !== 'GET';
  const sentText = typeof body === 'string' ? body : JSON.stringify(body);
  const usual = {
    host: `localhost:${port}`,
    'sec-fetch-site': 'same-origin',
    ...(isChange && { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(sentText)) }),
  };
  const headers = Object.entries({ ...usual, ...request.headers }).flatMap(([name, value]) =>
    [value].flat().flatMap((one) => (one === undefined ? [] : [name, one])),
  );
  return new Promise((resolve, reject) => {
    const sent = send({ host: '127.0.0.1', port, path, method, headers, setHost: false, agent: false }, (reply) => {
      const chunks: Buffer[] = [];
      reply.on('data', (chunk: Buffer) => chunks.push(chunk));
      reply.on('error', reject);
      reply.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        resolve({ status: reply.statusCode ?? 0, headers: reply.headers, text, json: parse(text) });
      });
    });
    sent.on('error', reject);
    sent.end(isChange ? sentText : undefined);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
