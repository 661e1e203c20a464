import { setTimeout as sleep } from 'node:timers/promises';
import { buildRouteTable } from '../access/build-route-table.ts';
import type { KubeClient } from '../kube/kube-client.ts';
import type { KubeLog } from '../kube/kube-log.ts';
import { watchPolicies } from '../kube/watch-policies.ts';
import { startAdminServer } from '../process/start-admin-server.ts';
import { buildGateway } from './build-gateway.ts';
import { buildOwnEndpoints, readTokenSettings } from './build-own-endpoints.ts';
import { buildSharedParts, type SharedParts } from './build-shared-parts.ts';
import { buildCallRecorder } from './calls/record-call.ts';
import { buildCatalogGuard } from './catalog/catalog-guard.ts';
import { buildCursorKeys } from './catalog/query/cursor-keys.ts';
import type { GatewayConfig } from './config/gateway-config.ts';
import { buildValueChecker } from './credentials/check-value.ts';
import { buildGuessLimiter } from './credentials/guess-limiter.ts';
import { buildSlowCompare } from './credentials/slow-compare.ts';
import { isComplete } from './keys/gateway-keys.ts';
import { buildAddressLimiter } from './limits/call-limiter.ts';
import { HeldBodies } from './limits/held-bodies.ts';
import { answerReport } from './reports/answer-report.ts';
import { buildViewerRights } from './reports/viewer-rights.ts';
import type { ExchangeHandler } from './server/exchange.ts';
import { followCertificate, readCertificate } from './server/follow-certificate.ts';
import { startGatewayServer } from './server/start-gateway-server.ts';
import { openStore } from './store/open-store.ts';
import { startPurge } from './store/start-purge.ts';
import { buildWatchedStore } from './store/watched-store.ts';
import { buildKnownTokens } from './token/known-tokens.ts';
import { RevocationList } from './token/revocation-list.ts';
import type { TokenContext } from './token/token-context.ts';
import { buildAccessTokenVerifier } from './token/verify-access-token.ts';
import { buildUpstream, type Upstream } from './upstream/upstream.ts';

export interface StartOptions {
  readonly config: GatewayConfig;
  readonly client: KubeClient;
  /** A client that is whoever a token belongs to: one that came with a question about reports. */
  readonly openViewer: (token: string) => KubeClient;
  readonly log: KubeLog;
  /** Fires when the gateway should end, also while it starts. */
  readonly signal: AbortSignal;
}

/** Milliseconds that the last counts have to reach the store. */
const lastFlush = 6_000;

export interface RunningGateway {
  readonly port: number;
  /** Lets calls finish for `patience` milliseconds and ends everything. */
  close(patience: number): Promise<void>;
}

/** How late an answer is that tells somebody who guesses to come back later, in milliseconds. */
const busyPause = 250;

/**
 * Starts everything that a gateway is made of, and listens once all Connections were read. Rejects with a sentence when
 * that cannot work. The admin port answers from the beginning.
 */
export async function startGateway(options: StartOptions): Promise<RunningGateway> {
  const { config, log, signal } = options;
  const certificate = config.tls && readCertificate(config.tls);
  const store = buildWatchedStore(await openStore(config.flows.store));
  const parts = buildSharedParts({ ...options, store });
  const { knowledge, metrics, lastUsed, flowWriter } = parts;

  let state: 'starting' | 'serving' | 'stopping' = 'starting';
  const notReady = (): string | undefined => {
    if (state !== 'serving') return state === 'starting' ? 'reading Connections' : 'stopping';
    if (!isComplete(knowledge.keys())) return 'the key Secret is not complete; the operator makes it';
    return knowledge.freshness.isRefusing() ? 'what is known of Connections is too old' : undefined;
  };
  const rights = buildViewerRights({ open: options.openViewer, uptime: () => performance.now() });
  const admin = await startAdminServer({
    listen: config.admin,
    registry: metrics.registry,
    notReady,
    answerMore: (request) => answerReport({ directory: knowledge.directory, store, rights, clock: Date.now }, request),
  });

  const onLook = (policy: string, isMissing: boolean): void => metrics.policyMissing.set({ policy }, Number(isMissing));
  void watchPolicies({ client: options.client, log, onLook }, signal);

  const revoked = new RevocationList(store, Date.now);
  await Promise.all([
    knowledge.start(signal),
    revoked.start(signal, () => log.debug({}, 'what other gateways revoked cannot be read')),
  ]);
  startPurge(store, config.flows.retention, signal, () => log.debug({}, 'the store was not purged'));

  const slow = buildSlowCompare();
  const upstream = buildUpstream({ upstream: config.upstream });
  const tokens: TokenContext = {
    settings: readTokenSettings(config),
    directory: knowledge.directory,
    keys: knowledge.keys,
    checker: buildValueChecker(slow, buildGuessLimiter()),
    store,
    revoked,
    known: buildKnownTokens(),
    clock: Date.now,
    isStale: knowledge.freshness.isStale,
    reports: parts.reports,
    holdBack: () => sleep(busyPause),
  };
  const handle = buildHandler(options, parts, tokens, upstream);
  const server = await startGatewayServer({ listen: config.listen, certificate, handle });
  if (config.tls && certificate) {
    followCertificate(config.tls, certificate, (next) => server.setCertificate(next), { log, signal });
  }
  flowWriter.start();
  state = 'serving';
  return {
    port: server.port,
    async close(patience) {
      state = 'stopping';
      lastUsed.stop();
      await server.close(patience);
      await flowWriter.close(lastFlush);
      await Promise.all([upstream.close(), slow.close(), store.close(), admin.close()]);
    },
  };
}

function buildHandler(
  { config, log }: StartOptions,
  { knowledge, counts, metrics, limiter, reports, flows }: SharedParts,
  tokens: TokenContext,
  upstream: Upstream,
): ExchangeHandler {
  const uptime = (): number => performance.now();
  return buildGateway({
    calls: {
      directory: knowledge.directory,
      verify: buildAccessTokenVerifier(tokens),
      routes: buildRouteTable(),
      unconfirmed: config.unconfirmedEndpoints,
      isRefusing: knowledge.freshness.isRefusing,
      clock: Date.now,
      uptime,
      upstream,
      bodies: new HeldBodies(),
      catalog: buildCatalogGuard({ ask: upstream.ask, clock: uptime, cursorKeys: buildCursorKeys(knowledge.keys) }),
      limiter,
      addressLimiter: buildAddressLimiter(config.limits),
      flows,
    },
    own: buildOwnEndpoints(tokens),
    authzFrom: config.authz.from,
    trustedProxies: config.trustedProxies,
    publicUrl: config.publicUrl,
    recorder: buildCallRecorder({ metrics, counts, log, onUse: reports.used, uptime }),
  });
}
