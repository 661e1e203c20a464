import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '../../src/api/generated/connection.ts';
import { rotationAnnotations } from '../../src/api/names.ts';
import { type RunningGateway, startGatewayProgram } from '../../tools/gateway-program.ts';
import type { ApiSession } from '../issue/api-session.ts';
import type { BenchCluster } from '../issue/bench-cluster.ts';
import { connectionsPath, type Place } from '../issue/build-objects.ts';
import { createConnection, issue, readSample } from '../issue/measure-issue.ts';
import { runSideBySide } from '../issue/run-side-by-side.ts';
import { startBenchOperator } from '../issue/start-bench-operator.ts';
import { GatewayPoller } from './poll-gateway.ts';
import { type SeenEvents, startWatch } from './start-watch.ts';

/** Between two changes, in milliseconds: what the operator does about one is over before the next. */
const pause = 40;
/** A call that asks for overall access alone and reaches no upstream. */
const path = '/authz/api/rest/v1/categories';

const annotate = (annotation: string): object => ({ metadata: { annotations: { [annotation]: 'bench' } } });
/** What is done to Connections, one after the other; `undefined` deletes. */
const changes: readonly (object | undefined)[] = [
  annotate(rotationAnnotations.revoke),
  annotate(rotationAnnotations.rotateClientSecret),
  annotate(rotationAnnotations.rotatePassword),
  { spec: { suspend: true } },
  { spec: { roleRef: { name: 'nobody-made-it' } } },
  undefined,
];

/** Milliseconds from the answer to a change; negative when something was seen before the answer. */
export interface RevocationResult {
  readonly mode: RevocationMode;
  /** Until a gateway had refused a call, each gateway for itself. */
  readonly refusals: readonly number[];
  /** Until the slower of the two had. */
  readonly bothRefusals: readonly number[];
  /** Until a plain watch, which is a process of its own as each gateway is, had shown the change. */
  readonly deliveries: readonly number[];
}

export type RevocationMode = 'operator runs' | 'operator stopped';

/** Changes as many Connections, each once, while two gateways are asked without a break. */
export async function measureRevocation(
  cluster: BenchCluster,
  mode: RevocationMode,
  count: number,
): Promise<RevocationResult> {
  const batch = mode === 'operator runs' ? 'on' : 'off';
  const operator = await startBenchOperator(cluster, { profiles: undefined });
  const gateways: RunningGateway[] = [];
  try {
    await operator.line('synced');
    const places: Place[] = [];
    await issue(cluster, batch, count, async (place) => {
      places.push(place);
      await createConnection(cluster.session, place);
    });
    gateways.push(...(await startGateways(cluster)));
    const tokens = await openSessions(cluster, gateways, places);
    if (mode === 'operator stopped') await operator.stop();
    const watch = await startWatch(cluster.controlPlane.kubeconfig);
    const changed: Change[] = [];
    const pollers = gateways.map(({ port }) => new GatewayPoller(port, path));
    const result = { mode, refusals: [] as number[], bothRefusals: [] as number[], deliveries: [] as number[] };
    for (const [index, place] of places.entries()) {
      await sleep(pause);
      const polls = pollers.map((poller) => poller.poll(tokens.get(place.name) ?? ''));
      await Promise.all(polls.map(({ began }) => began));
      const made = await change(cluster.session, place, changes[index % changes.length]);
      const { answered } = made;
      const refused = await Promise.race([
        Promise.all(polls.map((poll) => poll.refused)),
        sleep(30_000, undefined, { ref: false }),
      ]);
      if (refused === undefined) throw new Error(`${place.name} was not refused within 30 s`);
      result.refusals.push(...refused.map((moment) => moment - answered));
      result.bothRefusals.push(Math.max(...refused) - answered);
      changed.push(made);
    }
    // The last ones may still be on their way to it.
    await sleep(1_000);
    const seen = await watch.stop();
    for (const { answered, findDelivery } of changed) result.deliveries.push(findDelivery(seen) - answered);
    for (const poller of pollers) poller.close();
    return result;
  } finally {
    for (const gateway of gateways) await gateway.stop();
    await operator.stop();
  }
}

async function startGateways({ controlPlane }: BenchCluster): Promise<readonly RunningGateway[]> {
  const kubeconfig = await controlPlane.kubeconfigForServiceAccount('connection-system', 'connection-gateway');
  const start = async (): Promise<RunningGateway> =>
    // Nothing is forwarded here, so nobody stands behind it.
    (
      await startGatewayProgram({ kubeconfig, namespaces: [], upstream: 'http://127.0.0.1:9', logLevel: 'warn' })
    ).ready();
  return [await start(), await start()];
}

/** Access tokens by name of Connection. */
async function openSessions(
  { session }: BenchCluster,
  gateways: readonly RunningGateway[],
  places: readonly Place[],
): Promise<ReadonlyMap<string, string>> {
  const tokens = new Map<string, string>();
  await runSideBySide(places.length, 4, async (index) => {
    const place = places[index];
    const gateway = gateways[index % gateways.length];
    if (place === undefined || gateway === undefined) return;
    const { data = {} } = (await readSample(session, place)).secret;
    const text = (key: string): string => Buffer.from(data[key] ?? '', 'base64').toString('utf8');
    const [client, username, password] = [
      `${text('client-id')}:${text('client-secret')}`,
      text('username'),
      text('password'),
    ];
    const answer = await fetch(`${gateway.origin}/api/oauth/v1/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(client).toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'password', username, password }),
    });
    if (answer.status !== 200) throw new Error(`a login was answered with ${answer.status}`);
    tokens.set(place.name, ((await answer.json()) as { access_token: string }).access_token);
  });
  return tokens;
}

/** A change that was answered, and when it was delivered. */
interface Change {
  readonly answered: number;
  readonly findDelivery: (seen: SeenEvents) => number;
}

async function change(session: ApiSession, { namespace, name }: Place, patch: object | undefined): Promise<Change> {
  const target = `${connectionsPath(namespace)}/${name}`;
  if (patch === undefined) {
    const { metadata } = await session.call<Connection>('GET', target);
    const asked = performance.now();
    await session.call('DELETE', target);
    return { answered: performance.now(), findDelivery: (seen) => seen.momentAfter(metadata.uid, asked) };
  }
  const body = JSON.stringify(patch);
  const { metadata } = await session.call<Connection>('PATCH', target, body, 'application/merge-patch+json');
  const answered = performance.now();
  return { answered, findDelivery: (seen) => seen.momentOf(metadata.uid, metadata.resourceVersion) };
}
