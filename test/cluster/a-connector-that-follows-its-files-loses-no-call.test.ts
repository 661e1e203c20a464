import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RunningProgram, startProgram } from '../../tools/start-program.ts';
import { useOperator } from './connections/use-operator.ts';
import { eventually } from './control-plane/eventually.ts';
import { callStatus, login, openSession, type Texts } from './gateway/gateway-client.ts';
import { useGateways } from './gateway/use-gateways.ts';

const minute = 60_000;
const path = '/api/rest/v1/categories?limit=1';
const scene = useOperator();
const { gateways } = useGateways(scene);
const origin = (): string => gateways[0]?.origin ?? '';
const folder = mkdtempSync(join(tmpdir(), 'mounted-'));

let connector: RunningProgram | undefined;
let kubelet = new AbortController();

beforeAll(() => () => rmSync(folder, { recursive: true, force: true }));
afterAll(async () => {
  kubelet.abort();
  await connector?.stop();
});

/** Files of a Secret as kubelet puts them there: all of them change at once, by one symbolic link that is renamed. */
function mount(at: string, texts: Texts, version: number): void {
  mkdirSync(join(at, `..${version}`), { recursive: true });
  for (const [key, text] of Object.entries(texts)) {
    writeFileSync(join(at, `..${version}`, key), text);
    if (version === 0) symlinkSync(join('..data', key), join(at, key));
  }
  symlinkSync(`..${version}`, join(at, '..tmp'));
  renameSync(join(at, '..tmp'), join(at, '..data'));
}

/** Mounts a Secret and follows it, some time behind; returns the folder. */
async function followSecret(name: string, behind: number): Promise<string> {
  const at = join(folder, name);
  let texts = await scene.desk.texts(`${name}-credentials`);
  mkdirSync(at);
  mount(at, texts, 0);
  const ending = kubelet.signal;
  void (async () => {
    for (let version = 1; !ending.aborted; await sleep(100)) {
      const now = await scene.desk.texts(`${name}-credentials`);
      if (now.password === texts.password && now['client-secret'] === texts['client-secret']) continue;
      texts = now;
      await sleep(behind);
      mount(at, texts, version++);
    }
  })().catch(() => undefined);
  return at;
}

/** The example, with fifty calls a second. */
function startConnector(at: string): RunningProgram {
  connector = startProgram({
    file: 'examples/connectors/follow-files.mjs',
    args: [],
    env: { CONNECTION: at, GATEWAY: origin(), EVERY: '20' },
  });
  return connector;
}

interface Counts {
  readonly done: number;
  readonly failed: number;
}

const countsOf = (program: RunningProgram): Counts =>
  program.lines
    .filter((line) => line.includes('"done"'))
    .map((line) => JSON.parse(line) as Counts)
    .at(-1) ?? { done: 0, failed: 0 };

const waitForCalls = (program: RunningProgram, more: number): Promise<void> => {
  const { done } = countsOf(program);
  return eventually(() => expect(countsOf(program).done).toBeGreaterThan(done + more), { within: minute });
};

test(
  'fifty calls a second through a rotation with overlap, and not one fails',
  async () => {
    const { desk } = scene;
    await desk.issue('overlapped', { rotation: { overlap: '15s' } });
    const at = await followSecret('overlapped', 2_000);
    const old = await desk.texts('overlapped-credentials');
    const { access } = await eventually(() => openSession(origin(), old));
    const program = startConnector(at);
    await waitForCalls(program, 50);

    const { status } = await desk.request('overlapped', 'connect.pim.dev/rotate', 'a');
    const ends = [...(status?.credentials?.clientSecret ?? []), ...(status?.credentials?.password ?? [])]
      .map(({ expires }) => Date.parse(expires ?? ''))
      .filter((end) => !Number.isNaN(end));
    expect(ends).toHaveLength(2);
    expect(await callStatus(origin(), path, access)).toBe(200);
    await sleep(Math.max(...ends) - Date.now());

    // The old values are over, with their tokens; the connector has not noticed.
    await eventually(async () => expect(await callStatus(origin(), path, access)).toBe(401));
    expect((await login(origin(), old)).status).toBe(422);
    await waitForCalls(program, 50);
    expect(program.lines.filter((line) => line.includes('"failed":"'))).toEqual([]);
    expect(countsOf(program).failed).toBe(0);
    expect(countsOf(program).done).toBeGreaterThan(200);
    kubelet.abort();
    await program.stop();
  },
  3 * minute,
);

test(
  'without overlap the old one is refused at once, and the connector goes on as soon as its files are new',
  async () => {
    const { desk } = scene;
    kubelet = new AbortController();
    await desk.issue('at-once');
    const at = await followSecret('at-once', 1_000);
    const old = await desk.texts('at-once-credentials');
    const { access } = await eventually(() => openSession(origin(), old));
    const program = startConnector(at);
    await waitForCalls(program, 20);
    await desk.annotate('at-once', { 'connect.pim.dev/rotate': 'a' });
    await eventually(async () => expect(await callStatus(origin(), path, access)).toBe(401), { every: 5 });
    for (let n = 0; n < 5; n++) expect(await callStatus(origin(), path, access)).toBe(401);
    await waitForCalls(program, 20);
    expect(program.lines.filter((line) => line.includes('"failed":"401"')).length).toBeGreaterThan(0);
    expect((await login(origin(), old)).status).toBe(422);
  },
  3 * minute,
);
