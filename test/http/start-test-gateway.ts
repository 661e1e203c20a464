import { Writable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { buildRouteTable } from '../../src/access/build-route-table.ts';
import { defaultGroupSpec } from '../../src/api/default-objects.ts';
import type { Connection } from '../../src/api/generated/connection.ts';
import { permissions } from '../../src/api/permissions.ts';
import { buildGateway, type OwnEndpoints } from '../../src/gateway/build-gateway.ts';
import { buildCallRecorder } from '../../src/gateway/calls/record-call.ts';
import { buildCatalogGuard } from '../../src/gateway/catalog/catalog-guard.ts';
import type { GatewayConfig } from '../../src/gateway/config/gateway-config.ts';
import { parseConfig } from '../../src/gateway/config/parse-config.ts';
import { FlowTotals } from '../../src/gateway/flows/flow-totals.ts';
import { buildFlowWatcher, type RecordedFlow } from '../../src/gateway/flows/flow-watcher.ts';
import { buildFreshness } from '../../src/gateway/freshness.ts';
import { buildAddressLimiter, CallLimiter } from '../../src/gateway/limits/call-limiter.ts';
import { HeldBodies } from '../../src/gateway/limits/held-bodies.ts';
import { CallCounts } from '../../src/gateway/metrics/call-counts.ts';
import { buildGatewayMetrics } from '../../src/gateway/metrics/gateway-metrics.ts';
import { registerFlowMetrics } from '../../src/gateway/metrics/register-flow-metrics.ts';
import type { Certificate } from '../../src/gateway/server/build-http1-server.ts';
import type { ExchangeHandler } from '../../src/gateway/server/exchange.ts';
import type { ServerTimes } from '../../src/gateway/server/server-times.ts';
import { startGatewayServer } from '../../src/gateway/server/start-gateway-server.ts';
import { buildReply } from '../../src/gateway/token/own-request.ts';
import type { VerifiedToken } from '../../src/gateway/token/verify-access-token.ts';
import { buildUpstream } from '../../src/gateway/upstream/upstream.ts';
import { buildLogger } from '../../src/process/build-logger.ts';
import { buildConnection } from './build-connection.ts';
import { FakeDirectory } from './fake-directory.ts';

export interface TestGatewayOptions {
  /** Origin of the API behind it. */
  readonly upstream: string;
  /** Fields of the configuration file beside `upstream.url`, as YAML. */
  readonly config?: string;
  /** Further fields of `upstream`, as in `auth: {…}`. */
  readonly upstreamFields?: string;
  readonly times?: Partial<ServerTimes>;
  readonly certificate?: Certificate;
  /** Milliseconds in which nothing moves on a call. */
  readonly idle?: number;
  readonly own?: Partial<OwnEndpoints>;
}

/** A gateway that listens on loopback, with a directory that the test holds and tokens that are names of Connections. */
export interface TestGateway {
  readonly origin: string;
  readonly port: number;
  readonly directory: FakeDirectory;
  /** Whose use was reported, as `client/user`. */
  readonly uses: readonly string[];
  /** Lines of the log, at debug and above. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
  readonly counts: CallCounts;
  /** What was counted, in order. */
  readonly flows: readonly RecordedFlow[];
  readonly totals: FlowTotals;
  /** Text of `/metrics`. */
  readMetrics(): Promise<string>;
  /** Adds a Connection; its token is its name. A token `client+user` is of a pair. */
  add(connection: Connection): void;
  setCertificate(certificate: Certificate): void;
  close(patience: number): Promise<void>;
}

const invalid = { kind: 'refused', status: 401, message: 'The access token provided is invalid.' } as const;

/**
 * Starts it with the Connection `erp` (role `full`: every permission; group `all`) and stops it when the test is over.
 * Everything is real but the directory, the tokens and the endpoints about them.
 */
export async function startTestGateway(options: TestGatewayOptions): Promise<TestGateway> {
  const gateway = await openTestGateway(options);
  onTestFinished(() => gateway.close(0));
  return gateway;
}

/** The same for several tests: whoever opens it closes it. */
export async function openTestGateway(options: TestGatewayOptions): Promise<TestGateway> {
  const config = parseConfig('test', buildConfigText(options), {});
  const directory = new FakeDirectory();
  directory.roles.set('full', { overallAccess: true, permissions: [...permissions] });
  directory.groups.set('all', defaultGroupSpec);
  const counts = new CallCounts();
  const totals = new FlowTotals();
  const flows: RecordedFlow[] = [];
  const uses: string[] = [];
  const lines: Readonly<Record<string, unknown>>[] = [];
  const log = buildLogger('gateway', 'debug', collectLines(lines));
  const { handle, metrics, closeUpstream } = buildTestHandler(options, config, {
    directory,
    counts,
    totals,
    flows,
    uses,
    log,
  });
  const { times, certificate } = options;
  const server = await startGatewayServer({
    listen: { host: '127.0.0.1', port: 0 },
    handle,
    certificate,
    ...(times && { times }),
  });
  const close = async (patience: number): Promise<void> => {
    await server.close(patience);
    await closeUpstream();
  };
  const add = (connection: Connection): void => {
    directory.add(connection);
    counts.observe({ type: 'added', connection });
    totals.observe({ type: 'added', connection });
  };
  add(buildConnection('erp', { roleRef: { name: 'full' } }));
  return {
    origin: `${certificate ? 'https' : 'http'}://127.0.0.1:${server.port}`,
    port: server.port,
    directory,
    uses,
    log: lines,
    counts,
    totals,
    flows,
    readMetrics: () => metrics.registry.metrics(),
    add,
    setCertificate: server.setCertificate,
    close,
  };
}

interface TestParts {
  readonly directory: FakeDirectory;
  readonly counts: CallCounts;
  readonly totals: FlowTotals;
  readonly flows: RecordedFlow[];
  readonly uses: string[];
  readonly log: ReturnType<typeof buildLogger>;
}

function buildTestHandler(options: TestGatewayOptions, config: GatewayConfig, parts: TestParts) {
  const { directory, counts, totals, flows, uses, log } = parts;
  const { maxStaleness, onStale } = config;
  const freshness = buildFreshness({ sources: [() => directory.staleness()], maxStaleness, onStale });
  const upstream = buildUpstream({
    upstream: config.upstream,
    ...(options.idle !== undefined && { idle: options.idle }),
  });
  const metrics = buildGatewayMetrics({
    counts,
    staleness: freshness.staleness,
    isStale: freshness.isStale,
    connections: () => counts.size,
    hasKeys: () => true,
    isStoreUp: () => true,
  });
  registerFlowMetrics(metrics.registry, { totals, lost: () => 0 });
  const record = (flow: RecordedFlow): void => {
    totals.add(flow.connection, flow.counts);
    flows.push(flow);
  };
  const uptime = (): number => performance.now();
  const handle: ExchangeHandler = buildGateway({
    calls: {
      directory,
      verify: (authorization) => verifyName(directory, authorization),
      routes: buildRouteTable(),
      unconfirmed: config.unconfirmedEndpoints,
      isRefusing: freshness.isRefusing,
      clock: Date.now,
      uptime,
      upstream,
      bodies: new HeldBodies(),
      catalog: buildCatalogGuard({ ask: upstream.ask, clock: uptime, cursorKeys: () => [Buffer.alloc(32, 1)] }),
      limiter: new CallLimiter(config.limits),
      addressLimiter: buildAddressLimiter(config.limits),
      flows: buildFlowWatcher({ find: (uid) => directory.findByUid(uid), record }),
    },
    own: { ...buildEchoEndpoints(), ...options.own },
    authzFrom: config.authz.from,
    trustedProxies: config.trustedProxies,
    publicUrl: config.publicUrl,
    recorder: buildCallRecorder({
      metrics,
      counts,
      log,
      onUse: (client, user) => void uses.push(`${client.metadata.name}/${user.metadata.name}`),
      uptime,
    }),
  });
  return { handle, metrics, closeUpstream: () => upstream.close() };
}

function buildConfigText({ upstream, upstreamFields = '', config = '' }: TestGatewayOptions): string {
  return `upstream:\n  url: ${upstream}\n  ${upstreamFields.replaceAll('\n', '\n  ')}\n${config}`;
}

/** `Bearer erp` is a token of the Connection `erp`, `Bearer erp+dam` one of the client `erp` with the user `dam`. */
function verifyName(directory: FakeDirectory, authorization: string | undefined): VerifiedToken {
  const token = /^Bearer (.+)$/.exec(authorization ?? '')?.[1];
  if (token === undefined) return { kind: 'refused', status: 401, message: 'Authentication is required' };
  const [clientName = '', userName = clientName] = token.split('+');
  const [client, user] = [directory.all.get(clientName), directory.all.get(userName)];
  if (client === undefined || user === undefined) return invalid;
  return { kind: 'valid', client, user, claims: {} as never };
}

/** Each tells in its reply what it was asked. */
function buildEchoEndpoints(): OwnEndpoints {
  const echo = (name: string) => (request: Parameters<OwnEndpoints['token']>[0]) => {
    const { method, body, network, publicOrigin, header } = request;
    const [type, authorization] = [header('content-type'), header('authorization')];
    return buildReply(200, { name, method, body: body.toString('utf8'), network, publicOrigin, type, authorization });
  };
  return {
    token: echo('token'),
    revoke: echo('revoke'),
    introspect: echo('introspect'),
    metadata: echo('metadata'),
    jwks: echo('jwks'),
  };
}

function collectLines(lines: Readonly<Record<string, unknown>>[]): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      for (const line of chunk.toString('utf8').split('\n')) if (line !== '') lines.push(JSON.parse(line));
      done();
    },
  });
}
