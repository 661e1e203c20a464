import { afterAll, beforeAll, expect, test } from 'vitest';
import { type SampleApi, startSampleApi } from '../../tools/sample-api/start-sample-api.ts';
import { TestPostgres } from '../unit/gateway/store/start-postgres.ts';
import { useOperator } from './connections/use-operator.ts';
import { eventually } from './control-plane/eventually.ts';
import { callStatus, openSession, refresh, revokeToken, type Texts } from './gateway/gateway-client.ts';
import { type RunningGateway, runGateway } from './gateway/start-gateway.ts';
import { createRole, fullRole } from './gateway/write-access.ts';

const scene = useOperator();
const products = '/api/rest/v1/products';
/** Clients at the same time, each of which asks the two gateways in turns. */
const clients = 8;

let postgres: TestPostgres;
let api: SampleApi;
let texts: Texts;
/** Identifiers of products that reached the API, in order. */
const reached: string[] = [];
beforeAll(async () => {
  const onRequest = ({ method, body }: { method: string; body: Buffer }): void => {
    if (method === 'POST') reached.push((JSON.parse(body.toString('utf8')) as { identifier: string }).identifier);
  };
  [postgres, api] = await Promise.all([TestPostgres.start(), startSampleApi({ onRequest })]);
  await scene.desk.issue('shop', { roleRef: { name: await createRole(fullRole) } });
  texts = await scene.desk.texts('shop-credentials');
});
afterAll(async () => {
  await Promise.all([postgres.stop(), api.stop()]);
});

/** Status, or `undefined` when the connection broke before there was an answer. */
const attempt = (call: Promise<number>): Promise<number | undefined> => call.catch(() => undefined);

/** What clients saw. */
interface Sightings {
  readonly reads: number[];
  readonly written: string[];
  readonly unsure: string[];
  readonly refreshes: (number | undefined)[];
  readonly revoked: Set<number>;
}

test('while one is killed and comes back, the other serves', { timeout: 300_000 }, async () => {
  const store = await postgres.createDatabase();
  const run = (): Promise<RunningGateway> =>
    runGateway({ namespaces: [scene.desk.namespace], upstream: api.origin, store });
  const gateways = [await run(), await run()];
  const originOf = (turn: number): string => gateways[turn % 2]?.origin ?? '';
  const revoked = await openSession(originOf(0), texts);
  expect(await revokeToken(originOf(1), texts, revoked.access)).toBe(200);
  await eventually(async () => expect(await callStatus(originOf(0), products, revoked.access)).toBe(401));

  const seen: Sightings = { reads: [], written: [], unsure: [], refreshes: [], revoked: new Set() };
  let isOver = false;
  const work = async (client: number): Promise<void> => {
    let tokens = await openSession(originOf(1), texts);
    for (let turn = client; !isOver; turn++) {
      const [here, there] = [originOf(turn), originOf(turn + 1)];
      // A read may be sent again, and then to the other one.
      const read =
        (await attempt(callStatus(here, products, tokens.access))) ?? callStatus(there, products, tokens.access);
      seen.reads.push(await read);
      const identifier = `killed-${client}-${turn}`;
      const body = JSON.stringify({ identifier });
      const status = await attempt(callStatus(here, products, tokens.access, { method: 'POST', body }));
      if (status === 201) seen.written.push(identifier);
      else if (status === undefined) seen.unsure.push(identifier);
      else throw new Error(`a write was answered with ${status}`);
      const answer = await refresh(here, texts, tokens.refresh).catch(() => undefined);
      seen.refreshes.push(answer?.status);
      // Nobody knows whether it was taken: as a client does, it logs in again where somebody answers.
      tokens = answer?.tokens ?? (await openSession(originOf(1), texts));
      seen.revoked.add((await attempt(callStatus(here, products, revoked.access))) ?? 401);
    }
  };
  const working = Array.from({ length: clients }, (_, client) => work(client));
  const moved = async (by: number): Promise<void> => {
    const from = seen.written.length;
    await eventually(() => expect(seen.written.length).toBeGreaterThan(from + by), { within: 150_000 });
  };
  await moved(12);
  await gateways[0]?.stop('SIGKILL');
  await moved(12);
  gateways[0] = await run();
  await moved(12);
  isOver = true;
  await Promise.all(working);

  expect(new Set(seen.reads)).toEqual(new Set([200]));
  // What was answered is there once; what was not is there once or not at all.
  const count = (identifier: string): number => reached.filter((one) => one === identifier).length;
  expect(seen.written.filter((identifier) => count(identifier) !== 1)).toEqual([]);
  expect(seen.unsure.filter((identifier) => count(identifier) > 1)).toEqual([]);
  expect(seen.unsure.length).toBeGreaterThan(0);
  // None was taken twice, none refused that was not asked for before.
  expect(new Set(seen.refreshes)).toEqual(new Set([200, undefined]));
  expect(seen.revoked).toEqual(new Set([401]));
});
