import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SampleApi, startSampleApi } from '../../tools/sample-api/start-sample-api.ts';
import { TestPostgres } from '../unit/gateway/store/start-postgres.ts';
import { useOperator } from './connections/use-operator.ts';
import { eventually } from './control-plane/eventually.ts';
import { callStatus, openSession, refresh, revokeToken, type Texts, type Tokens } from './gateway/gateway-client.ts';
import { type RunningGateway, runGateway, startGateway } from './gateway/start-gateway.ts';

const scene = useOperator();
/** How often one refresh token is sent to both at once, over so many sessions side by side. */
const [rounds, sessions] = [1_000, 8];
const path = '/api/rest/v1/categories';

const folder = mkdtempSync(join(tmpdir(), 'stores-'));
let postgres: TestPostgres;
let api: SampleApi;
let texts: Texts;
beforeAll(async () => {
  [postgres, api] = await Promise.all([TestPostgres.start(), startSampleApi()]);
  await scene.desk.issue('shop');
  texts = await scene.desk.texts('shop-credentials');
});
afterAll(async () => {
  await Promise.all([postgres.stop(), api.stop()]);
  rmSync(folder, { recursive: true, force: true });
});

const run = (store: string): Promise<RunningGateway> =>
  runGateway({ namespaces: [scene.desk.namespace], upstream: api.origin, store });

async function refreshWell({ origin }: RunningGateway, token: string): Promise<Tokens> {
  const { tokens, status } = await refresh(origin, texts, token);
  if (tokens === undefined) throw new Error(`a refresh was refused: ${status}`);
  return tokens;
}

test(`of one refresh token sent to both at once one is good, ${rounds} times`, { timeout: 300_000 }, async () => {
  const store = await postgres.createDatabase();
  const [one, other] = [await run(store), await run(store)];
  const winners = new Set<number>();
  const work = async (session: number): Promise<void> => {
    let token = (await openSession(one.origin, texts)).refresh;
    for (let round = session; round < rounds; round += sessions) {
      // Who is asked first changes.
      const isOdd = (round / sessions) % 2 >= 1;
      const pair = isOdd ? [other, one] : [one, other];
      const answers = await Promise.all(pair.map(({ origin }) => refresh(origin, texts, token)));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 422]);
      expect(answers.find(({ status }) => status === 422)?.message).toBe('Refresh token is invalid or has expired');
      const winner = answers.findIndex(({ status }) => status === 200);
      winners.add(isOdd ? 1 - winner : winner);
      token = answers[winner]?.tokens?.refresh ?? '';
    }
  };
  await Promise.all(Array.from({ length: sessions }, (_, session) => work(session)));
  expect(winners.size).toBe(2);
});

describe.each(['postgres', 'sqlite'])('with %s', (kind) => {
  test('a used one is refused after kill -9 and a restart, and the newest is good', async () => {
    const store = kind === 'sqlite' ? `sqlite:${join(folder, 'crash.db')}` : await postgres.createDatabase();
    let gateway = await run(store);
    const used = [(await openSession(gateway.origin, texts)).refresh];
    let newest: Tokens | undefined;
    for (let crash = 0; crash < 3; crash++) {
      newest = await refreshWell(gateway, used.at(-1) ?? '');
      await gateway.stop('SIGKILL');
      gateway = await run(store);
      for (const token of used) expect((await refresh(gateway.origin, texts, token)).status).toBe(422);
      expect(await callStatus(gateway.origin, path, newest.access)).toBe(200);
      used.push(newest.refresh);
    }
    expect((await refresh(gateway.origin, texts, newest?.refresh ?? '')).status).toBe(200);
  });

  test('what was revoked stays so after kill -9 and a restart', async () => {
    const store = kind === 'sqlite' ? `sqlite:${join(folder, 'revoked.db')}` : await postgres.createDatabase();
    const gateway = await run(store);
    const [single, session] = [await openSession(gateway.origin, texts), await openSession(gateway.origin, texts)];
    expect(await revokeToken(gateway.origin, texts, single.access)).toBe(200);
    expect(await revokeToken(gateway.origin, texts, session.refresh)).toBe(200);
    await gateway.stop('SIGKILL');
    const { origin } = await run(store);
    expect(await callStatus(origin, path, single.access)).toBe(401);
    expect(await callStatus(origin, path, session.access)).toBe(401);
    expect((await refresh(origin, texts, session.refresh)).status).toBe(422);
    expect((await refresh(origin, texts, single.refresh)).status).toBe(200);
  });
});

test('what is revoked at one is refused there at once and at the other within 2 s', async () => {
  const store = await postgres.createDatabase();
  const [one, other] = [await run(store), await run(store)];
  for (const kind of ['access', 'refresh'] as const) {
    const tokens = await openSession(one.origin, texts);
    expect(await callStatus(other.origin, path, tokens.access)).toBe(200);
    expect(await revokeToken(one.origin, texts, tokens[kind])).toBe(200);
    expect(await callStatus(one.origin, path, tokens.access)).toBe(401);
    const refused = async (): Promise<void> => expect(await callStatus(other.origin, path, tokens.access)).toBe(401);
    await eventually(refused, { within: 2_000, every: 20 });
    // A session that is over is found in the store itself, at once.
    if (kind === 'refresh') expect((await refresh(other.origin, texts, tokens.refresh)).status).toBe(422);
  }
});

test('a second gateway on one SQLite file ends with a sentence, and the first goes on', async () => {
  const file = join(folder, 'one.db');
  const first = await run(`sqlite:${file}`);
  const second = await startGateway({
    namespaces: [scene.desk.namespace],
    upstream: api.origin,
    store: `sqlite:${file}`,
  });
  expect(await second.exited).toEqual({ code: 1, signal: null });
  expect(second.lines.join('\n')).toContain(
    `${file} is in use by another gateway. A SQLite store is for exactly one: stop the other one, or set flows.store to a PostgreSQL address.`,
  );
  const { refresh: token } = await openSession(first.origin, texts);
  expect((await refresh(first.origin, texts, token)).status).toBe(200);
});
