import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ErrorReport, FlowCounts, FlowReport } from '../../src/api/flow-report.ts';
import { addCounts, flowEvents, noCounts } from '../../src/flows/add-counts.ts';
import { type SampleApi, startSampleApi } from '../../tools/sample-api/start-sample-api.ts';
import { TestPostgres } from '../unit/gateway/store/start-postgres.ts';
import { useOperator } from './connections/use-operator.ts';
import { eventually } from './control-plane/eventually.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';
import { openSession, type Texts } from './gateway/gateway-client.ts';
import { buildRandom, RandomConnector } from './gateway/random-connector.ts';
import { type ForgetfulWire, startForgetfulWire } from './gateway/start-forgetful-wire.ts';
import { type RunningGateway, startGateway } from './gateway/start-gateway.ts';
import { createViewer, readReport, type Viewer } from './gateway/viewers.ts';
import { createRole, fullRole } from './gateway/write-access.ts';
import { bindClusterRole } from './manifests/grant-rights.ts';

const scene = useOperator();
const seed = Number(process.env.SEED ?? Date.now());
const names = { erp: 'Source', dam: 'Source', shop: 'Destination' } as const;
type Name = keyof typeof names;
const everybody = Object.keys(names) as Name[];

let postgres: TestPostgres;
let api: SampleApi;
let viewer: Viewer;
let wire: ForgetfulWire;
const texts = {} as Record<Name, Texts>;
const connectors = {} as Record<Name, RandomConnector>;
const running = new Set<RunningGateway>();

beforeAll(async () => {
  [postgres, api] = await Promise.all([TestPostgres.start(), startSampleApi()]);
  wire = await startForgetfulWire(await postgres.createDatabase());
  const { desk } = scene;
  const role = await createRole(fullRole);
  viewer = await createViewer(desk.namespace, 'viewer');
  await bindClusterRole(sharedCluster(), viewer.user, desk.namespace, 'connection-viewer');
  for (const [name, flowType] of Object.entries(names)) {
    await desk.issue(name, { flowType, tracked: true, roleRef: { name: role } });
    texts[name as Name] = await desk.texts(`${name}-credentials`);
  }
});
afterAll(async () => {
  await Promise.all([...running].map((gateway) => gateway.stop('SIGKILL')));
  wire?.close();
  await Promise.all([postgres.stop(), api.stop()]);
});

async function run(flush: string): Promise<RunningGateway> {
  const { namespace } = scene.desk;
  const config = { flows: { store: wire.store, flush } };
  const gateway = await startGateway({ namespaces: [namespace], upstream: api.origin, config });
  running.add(gateway);
  return await gateway.ready();
}

/** What the store has of each connection, as a gateway tells it. */
async function readSums(gateway: RunningGateway): Promise<Record<Name, FlowCounts>> {
  const path = `/flows?namespace=${scene.desk.namespace}`;
  const { status, body } = await readReport<FlowReport>(gateway, path, viewer.token);
  expect(status).toBe(200);
  const hours = body.hours.reduce<FlowCounts>(addCounts, noCounts);
  expect(hours).toEqual(body.connections.reduce<FlowCounts>(addCounts, noCounts));
  return Object.fromEntries(
    body.connections.map(({ uid: _uid, namespace: _namespace, name, ...counts }) => [name, counts]),
  ) as Record<Name, FlowCounts>;
}

/** Each of these connectors makes so many calls, one after the other, at gateways by turns; all of them at once. */
async function move(gateways: readonly RunningGateway[], calls: number, who = everybody): Promise<void> {
  const work = who.map(async (name, shift) => {
    for (let i = 0; i < calls; i++) await connectors[name].call(gateways[(i + shift) % gateways.length]?.origin ?? '');
  });
  await Promise.all(work);
}

const booked = (): Record<Name, FlowCounts> =>
  Object.fromEntries(Object.entries(connectors).map(([name, { counted }]) => [name, counted])) as Record<
    Name,
    FlowCounts
  >;

/** The store has exactly what the connectors have in their books. */
const agrees = (gateway: RunningGateway): Promise<void> =>
  eventually(async () => expect(await readSums(gateway), `SEED=${seed}`).toEqual(booked()), { within: 60_000 });

test('random traffic at two gateways on one PostgreSQL, which goes away, and one of which is killed', {
  timeout: 240_000,
}, async () => {
  const [one, other] = await Promise.all([run('1s'), run('1s')]);
  for (const [at, [name, kind]] of Object.entries(names).entries()) {
    const { access } = await eventually(() => openSession(one.origin, texts[name as Name]));
    const random = buildRandom(seed + at);
    connectors[name as Name] = new RandomConnector({ token: access, kind, prefix: name, random });
  }

  await move([one, other], 60);
  await agrees(other);

  // What was written is there, and the gateways do not hear of it: they write it again, and it counts once.
  wire.lose(4);
  await move([one, other], 60);
  await eventually(async () => {
    await move([one, other], 1);
    expect(wire.lost).toBe(4);
  });
  await agrees(other);

  // The database crashes in the middle: calls go on, and their counts come when it is back.
  const moving = move([one, other], 100);
  await postgres.quit();
  await moving;
  await move([one, other], 20);
  await postgres.restart();
  await agrees(one);
  await agrees(other);
  for (const { unsure } of Object.values(connectors)) expect(unsure).toEqual(noCounts);

  // One is killed in the middle: what it had not flushed is lost, nothing is twice, and the other one misses nothing.
  const before = booked();
  const dying = Promise.all([move([one], 200, ['erp', 'dam']), move([other], 60, ['shop'])]);
  const killed = new Promise((resolve) => setTimeout(resolve, 300)).then(() => one.stop('SIGKILL'));
  await Promise.all([dying, killed]);
  running.delete(one);
  const most = Object.fromEntries(
    Object.entries(connectors).map(([name, { counted, unsure }]) => [name, addCounts(counted, unsure)]),
  ) as Record<Name, FlowCounts>;
  const left = await eventually(async () => {
    expect((await readSums(other)).shop, `SEED=${seed}`).toEqual(booked().shop);
    // A last transaction may still be on its way when its process is gone.
    const sums = await readSums(other);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await readSums(other)).toEqual(sums);
    return sums;
  });
  for (const name of everybody) {
    for (const event of flowEvents) {
      expect(left[name][event], `${name} ${event}, SEED=${seed}`).toBeGreaterThanOrEqual(before[name][event]);
      expect(left[name][event], `${name} ${event}, SEED=${seed}`).toBeLessThanOrEqual(most[name][event]);
    }
    connectors[name].counted = left[name];
  }
  const again = await run('1s');
  await move([again, other], 40);
  await agrees(other);

  // A flush that is hours away: SIGTERM brings everything.
  const slow = await run('24h');
  await move([slow], 40);
  expect(await slow.stop('SIGTERM')).toEqual({ code: 0, signal: null });
  running.delete(slow);
  expect(await readSums(other), `SEED=${seed}`).toEqual(booked());

  const { namespace } = scene.desk;
  const { body } = await readReport<ErrorReport>(other, `/errors?namespace=${namespace}&name=erp`, viewer.token);
  expect(body.errors).toHaveLength(Math.min(100, booked().erp.business));
  expect(body.errors.map(({ at }) => at)).toEqual(
    body.errors
      .map(({ at }) => at)
      .toSorted()
      .toReversed(),
  );
});
