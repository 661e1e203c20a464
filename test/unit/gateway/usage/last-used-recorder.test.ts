import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Connection } from '../../../../src/api/generated/connection.ts';
import { LastUsedRecorder, type StatusWrite } from '../../../../src/gateway/usage/last-used-recorder.ts';
import { KubeError, type KubeErrorCode } from '../../../../src/kube/kube-error.ts';
import { silentLog } from '../../../../src/kube/kube-log.ts';
import { buildConnection } from '../../../http/build-connection.ts';

const midnight = Date.parse('2026-03-01T00:00:00Z');
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** An API server that takes the dates, and what a recorder did with it. */
interface Scene {
  readonly recorder: LastUsedRecorder;
  readonly connections: Map<string, Connection>;
  /** Dates as they were written, with the time of the write in minutes after midnight. */
  readonly writes: { readonly name: string; readonly date: string; readonly minute: number }[];
  readonly results: StatusWrite[];
  /** What the next writes fail with. */
  failure?: KubeErrorCode | undefined;
}

function build(random = 0.5): Scene {
  const connections = new Map([buildConnection('erp'), buildConnection('dam')].map((one) => [one.metadata.uid, one]));
  const scene: Scene = { recorder: undefined as never, connections, writes: [], results: [] };
  const recorder = new LastUsedRecorder({
    client: {
      patch: async <T>(path: string, body: object): Promise<T> => {
        if (scene.failure !== undefined) throw new KubeError({ code: scene.failure, status: 0, sentence: 'no' });
        const { metadata, status } = body as { metadata: { uid: string }; status: { lastUsedDate: string } };
        const connection = connections.get(metadata.uid);
        if (connection) connections.set(metadata.uid, { ...connection, status: { ...connection.status, ...status } });
        const name = path.split('/').at(-2) ?? '';
        scene.writes.push({ name, date: status.lastUsedDate, minute: Math.round((Date.now() - midnight) / minute) });
        return {} as T;
      },
    },
    log: silentLog,
    find: (uid) => connections.get(uid),
    clock: Date.now,
    random: () => random,
    onWrite: (result) => scene.results.push(result),
  });
  return Object.assign(scene, { recorder });
}

function use(scene: Scene, name: string): void {
  const connection = scene.connections.get(`uid-${name}`);
  if (connection) scene.recorder.record(connection);
}

beforeEach(() => void vi.useFakeTimers({ now: midnight }));
afterEach(() => void vi.useRealTimers());

test('one that is used around the clock is written once a day, at some moment of the first hour', async () => {
  const scene = build(0.25);
  for (let passed = 0; passed < 2 * day; passed += 10 * minute) {
    use(scene, 'erp');
    await vi.advanceTimersByTimeAsync(10 * minute);
  }
  expect(scene.writes).toEqual([
    { name: 'erp', date: '2026-03-01', minute: 15 },
    { name: 'erp', date: '2026-03-02', minute: 24 * 60 + 15 },
  ]);
});

test('one that is first used later is written soon after', async () => {
  const scene = build();
  await vi.advanceTimersByTimeAsync(15 * hour);
  use(scene, 'erp');
  await vi.advanceTimersByTimeAsync(minute);
  expect(scene.writes).toEqual([{ name: 'erp', date: '2026-03-01', minute: 15 * 60 + 1 }]);
});

test('one that another gateway has written is not written again', async () => {
  const scene = build();
  use(scene, 'erp');
  use(scene, 'dam');
  const erp = scene.connections.get('uid-erp');
  if (erp) scene.connections.set('uid-erp', { ...erp, status: { ...erp.status, lastUsedDate: '2026-03-01' } });
  await vi.advanceTimersByTimeAsync(hour);
  use(scene, 'erp');
  await vi.advanceTimersByTimeAsync(hour);
  expect(scene.writes.map(({ name }) => name)).toEqual(['dam']);
  expect(scene.results).toEqual(['unneeded', 'written']);
});

test('one that is not used is not written', async () => {
  const scene = build();
  use(scene, 'erp');
  await vi.advanceTimersByTimeAsync(10 * day);
  expect(scene.writes).toHaveLength(1);
});

test.each<[KubeErrorCode, StatusWrite, number]>([
  ['NotFound', 'gone', 0],
  ['Conflict', 'gone', 0],
  ['Forbidden', 'forbidden', 1],
  ['Unavailable', 'failed', 1],
])('%s is quiet, and a later use tries again where that makes sense', async (code, result, later) => {
  const scene = build();
  scene.failure = code;
  use(scene, 'erp');
  await vi.advanceTimersByTimeAsync(hour);
  expect(scene.results).toEqual([result]);
  scene.failure = undefined;
  use(scene, 'erp');
  await vi.advanceTimersByTimeAsync(hour);
  expect(scene.writes).toHaveLength(later);
});

test('an API server that is away is not asked with every call', async () => {
  const scene = build();
  scene.failure = 'Unavailable';
  await vi.advanceTimersByTimeAsync(2 * hour);
  for (let passed = 0; passed < hour; passed += 1_000) {
    use(scene, 'erp');
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(scene.results.length).toBeLessThanOrEqual(12);
});

test('a Connection that is gone is not written, and nothing is after the end', async () => {
  const scene = build();
  use(scene, 'erp');
  scene.connections.delete('uid-erp');
  await vi.advanceTimersByTimeAsync(hour);
  expect(scene.results).toEqual(['gone']);
  use(scene, 'dam');
  scene.recorder.stop();
  await vi.advanceTimersByTimeAsync(hour);
  use(scene, 'dam');
  await vi.advanceTimersByTimeAsync(hour);
  expect(scene.writes).toEqual([]);
});

test('thousands that are due at once are written a few at a time', async () => {
  const scene = build();
  let [atOnce, most] = [0, 0];
  const recorder = new LastUsedRecorder({
    client: {
      patch: async <T>(): Promise<T> => {
        most = Math.max(most, ++atOnce);
        await new Promise((resolve) => setTimeout(resolve, 10));
        atOnce--;
        return {} as T;
      },
    },
    log: silentLog,
    find: (uid) => buildConnection(uid.slice(4)),
    clock: Date.now,
    random: () => 0.5,
    onWrite: (result) => scene.results.push(result),
  });
  await vi.advanceTimersByTimeAsync(5 * hour);
  for (let number = 0; number < 1_000; number++) recorder.record(buildConnection(`c${number}`));
  await vi.advanceTimersByTimeAsync(hour);
  expect([scene.results.length, most]).toEqual([1_000, 4]);
});
