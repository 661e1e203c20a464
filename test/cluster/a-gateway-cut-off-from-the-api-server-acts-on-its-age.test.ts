import { afterAll, beforeAll, expect, test } from 'vitest';
import { rotationAnnotations } from '../../src/api/names.ts';
import { type SampleApi, startSampleApi } from '../../tools/sample-api/start-sample-api.ts';
import { useOperator } from './connections/use-operator.ts';
import { eventually } from './control-plane/eventually.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';
import { callStatus, login, openSession, refresh, type Texts } from './gateway/gateway-client.ts';
import { findGatewayKubeconfig } from './gateway/gateway-kubeconfig.ts';
import { type RunningGateway, startGateway } from './gateway/start-gateway.ts';
import { type Relay, startRelay } from './gateway/start-relay.ts';

const scene = useOperator();
const path = '/api/rest/v1/categories';
const patience = { within: 60_000 };

let api: SampleApi;
let relay: Relay;
let keeps: RunningGateway;
let refuses: RunningGateway;
beforeAll(async () => {
  api = await startSampleApi();
  relay = await startRelay(sharedCluster(), await findGatewayKubeconfig());
  const start = (onStale: string): Promise<RunningGateway> =>
    startGateway({
      namespaces: [scene.desk.namespace],
      upstream: api.origin,
      kubeconfig: relay.kubeconfig,
      config: { maxStaleness: '6s', onStale },
    });
  [keeps, refuses] = [await start('keep'), await start('refuse')];
  await Promise.all([keeps.ready(), refuses.ready()]);
});
afterAll(async () => {
  await Promise.all([keeps.stop(), refuses.stop()]);
  relay.close();
  await api.stop();
});

const readyz = async ({ admin }: RunningGateway): Promise<number> => (await fetch(`${admin}/readyz`)).status;
const isStale = async ({ admin }: RunningGateway): Promise<boolean> =>
  /^connection_gateway_stale 1$/m.test(await (await fetch(`${admin}/metrics`)).text());

/** Logs in, however often what is known happens to be too old on a busy machine. */
const open = ({ origin }: RunningGateway, texts: Texts) => eventually(() => openSession(origin, texts), patience);

test('no tokens, and calls as onStale says; what was revoked meanwhile is refused with the first event', async () => {
  const { desk } = scene;
  await Promise.all([desk.issue('stays'), desk.issue('goes')]);
  const [stays, goes] = [await desk.texts('stays-credentials'), await desk.texts('goes-credentials')];
  const both = [keeps, refuses];
  const tokens = new Map<RunningGateway, { stays: string; goes: string; refresh: string }>();
  for (const gateway of both) {
    const session = await open(gateway, stays);
    tokens.set(gateway, { stays: session.access, refresh: session.refresh, goes: (await open(gateway, goes)).access });
  }
  const call = (gateway: RunningGateway, name: 'stays' | 'goes', prefix = ''): Promise<number> =>
    callStatus(gateway.origin, `${prefix}${path}`, tokens.get(gateway)?.[name] ?? '');

  relay.cut();
  for (const gateway of both) await eventually(async () => expect(await isStale(gateway)).toBe(true), patience);
  await desk.annotate('goes', { [rotationAnnotations.revoke]: 'now' });
  for (const gateway of both) {
    const answer = await login(gateway.origin, stays);
    expect([answer.status, (await refresh(gateway.origin, stays, tokens.get(gateway)?.refresh ?? '')).status]).toEqual([
      503, 503,
    ]);
  }
  // It cannot know yet, and was told to go on.
  expect([await call(keeps, 'stays'), await call(keeps, 'goes'), await readyz(keeps)]).toEqual([200, 200, 200]);
  expect([await call(refuses, 'stays'), await call(refuses, 'goes')]).toEqual([503, 503]);
  expect([await call(refuses, 'stays', '/authz'), await readyz(refuses)]).toEqual([403, 503]);

  relay.mend();
  for (const gateway of both) {
    await eventually(
      async () => expect([await call(gateway, 'goes'), await call(gateway, 'stays')]).toEqual([401, 200]),
      {
        ...patience,
        every: 20,
      },
    );
    await eventually(async () => expect((await login(gateway.origin, stays)).status).toBe(200), patience);
    await eventually(async () => expect(await readyz(gateway)).toBe(200), patience);
  }
});

test('a quiet cluster is none that is away', async () => {
  const { desk } = scene;
  await desk.issue('quiet');
  const texts = await desk.texts('quiet-credentials');
  const { access } = await open(refuses, texts);
  // Longer than maxStaleness, shorter than a bookmark takes; on a busy machine some are missed.
  let fresh = 0;
  const until = performance.now() + 9_000;
  while (performance.now() < until) {
    if ((await callStatus(refuses.origin, path, access)) === 200) fresh++;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  expect(fresh).toBeGreaterThan(5);
  await eventually(async () => expect(await callStatus(refuses.origin, path, access)).toBe(200), patience);
});
