import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  EventRecorder,
  type EventRecorderOptions,
  type EventSubject,
  type EventWords,
} from '../../../src/kube/event-recorder.ts';
import { type Script, type ScriptedServer, startScriptedServer } from './scripted/scripted-server.ts';

interface WrittenEvent {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly regarding: { readonly name: string; readonly uid: string; readonly kind: string };
  readonly note: string;
  readonly type: string;
  readonly series?: { readonly count: number };
}

let server: ScriptedServer;
let events: Map<string, WrittenEvent>;
let recorder: EventRecorder | undefined;

/** Stores events as the API server does, as far as this needs. */
const store: Script = ({ method, path, body }, answer) => {
  const written = JSON.parse(body) as WrittenEvent;
  if (method === 'POST') {
    events.set(`${path}/${written.metadata.name}`, written);
    answer.json(201, written);
    return;
  }
  const known = events.get(path);
  if (known === undefined) {
    answer.json(404, { kind: 'Status', reason: 'NotFound' });
    return;
  }
  events.set(path, { ...known, ...written });
  answer.json(200, {});
};

beforeEach(async () => {
  events = new Map();
  server = await startScriptedServer(store);
});
afterEach(async () => {
  await recorder?.stop(0);
  await server.stop();
});

function build(options: Partial<EventRecorderOptions> = {}): EventRecorder {
  recorder = new EventRecorder(server.buildClient(), {
    controller: 'connect.pim.dev/operator',
    instance: 'pod-1',
    perSecond: 1_000,
    ...options,
  });
  return recorder;
}

function subject(name: string, namespace: string | undefined = 'team'): EventSubject {
  const metadata = {
    name,
    uid: `uid-${name}`,
    resourceVersion: '7',
    ...(namespace === undefined ? {} : { namespace }),
  };
  return { apiVersion: 'connect.pim.dev/v1beta1', kind: 'Connection', metadata };
}

const issued: EventWords = { type: 'Normal', reason: 'Issued', note: 'The credentials lie in Secret erp-credentials' };
const warning: EventWords = { type: 'Warning', reason: 'SecretConflict', note: 'Another Secret' };

const written = (): WrittenEvent[] => [...events.values()];

test('an event says about what, by whom and when', async () => {
  build().record(subject('erp'), issued);
  await expect.poll(written).toHaveLength(1);
  expect(written()[0]).toMatchObject({
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name: expect.stringMatching(/^erp\.[0-9a-f]{16}$/), namespace: 'team' },
    eventTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
    reportingController: 'connect.pim.dev/operator',
    reportingInstance: 'pod-1',
    regarding: {
      apiVersion: 'connect.pim.dev/v1beta1',
      kind: 'Connection',
      namespace: 'team',
      name: 'erp',
      uid: 'uid-erp',
    },
    type: 'Normal',
    reason: 'Issued',
    action: 'Issued',
    note: issued.note,
  });
  expect(written()[0]).not.toHaveProperty('series');
});

test('an event about a cluster-scoped object lies in namespace default', async () => {
  const { namespace: _, ...metadata } = subject('admin').metadata;
  build().record({ ...subject('admin'), metadata }, issued);
  await expect.poll(written).toHaveLength(1);
  expect(written()[0]?.metadata.namespace).toBe('default');
});

test('equal events are one with a count, others are not', async () => {
  const events = build();
  for (let count = 0; count < 5; count += 1) {
    events.record(subject('erp'), warning);
    await wait(20);
  }
  events.record(subject('erp'), { ...warning, note: 'Yet another Secret' });
  events.record(subject('dam'), warning);
  await expect.poll(() => written().map(({ series }) => series?.count ?? 1)).toEqual([5, 1, 1]);
});

test('an event that expired meanwhile is written anew', async () => {
  const recording = build();
  recording.record(subject('erp'), warning);
  await expect.poll(written).toHaveLength(1);
  events.clear();
  recording.record(subject('erp'), warning);
  await expect.poll(() => written()[0]?.series?.count, { timeout: 5_000 }).toBe(2);
});

test('about one object 25 at once, the others are counted and dropped', async () => {
  const recording = build();
  for (let count = 0; count < 40; count += 1) recording.record(subject('erp'), { ...issued, note: `${count}` });
  recording.record(subject('dam'), issued);
  await expect.poll(written).toHaveLength(26);
  expect(recording.dropped).toBe(15);
});

test('all together no faster than allowed', async () => {
  const recording = build({ perSecond: 20 });
  const began = performance.now();
  for (let count = 0; count < 30; count += 1) recording.record(subject(`erp-${count}`), issued);
  await expect.poll(written, { timeout: 5_000 }).toHaveLength(30);
  expect(performance.now() - began).toBeGreaterThan(450);
});

test('when too many wait, a Warning takes the place of a Normal event', async () => {
  let release = (): void => {};
  server.script = (request, answer) => {
    server.script = store;
    release = () => store(request, answer);
  };
  const recording = build({ capacity: 3 });
  // One is on its way, three wait.
  for (const name of ['n-1', 'n-2', 'n-3', 'n-4']) {
    recording.record(subject(name), issued);
    await wait(20);
  }
  expect(recording.depth).toBe(3);
  recording.record(subject('n-5'), issued);
  expect(recording.dropped).toBe(1);
  recording.record(subject('w-1'), warning);
  expect(recording.dropped).toBe(2);
  release();
  await expect.poll(() => written().map(({ regarding }) => regarding.name)).toEqual(['n-1', 'n-3', 'n-4', 'w-1']);
});

test('a write that fails is tried again, one that is refused is dropped', async () => {
  let failures = 2;
  server.script = (request, answer) => {
    failures -= 1;
    if (failures >= 0) answer.json(503, {});
    else store(request, answer);
  };
  const recording = build();
  recording.record(subject('erp'), issued);
  await expect.poll(written, { timeout: 5_000 }).toHaveLength(1);
  server.script = (_request, answer) => answer.json(403, { kind: 'Status', reason: 'Forbidden' });
  recording.record(subject('dam'), issued);
  await expect.poll(() => recording.dropped).toBe(1);
});

test('recording neither waits nor throws while the API server is away', () => {
  const recording = build();
  server.script = (_request, answer) => answer.break();
  expect(recording.record(subject('erp'), issued)).toBeUndefined();
});

test('stop writes what waits, without pacing', async () => {
  const recording = build({ perSecond: 1 });
  for (let count = 0; count < 20; count += 1) recording.record(subject(`erp-${count}`), issued);
  await recording.stop(3_000);
  expect(written()).toHaveLength(20);
  recording.record(subject('late'), issued);
  expect(recording.depth).toBe(0);
});

test('stop ends in time when the API server does not answer', async () => {
  server.script = () => {};
  const recording = build();
  recording.record(subject('erp'), issued);
  const began = performance.now();
  await recording.stop(200);
  expect(performance.now() - began).toBeLessThan(1_000);
});

test('a note is cut to 1,024 bytes, between characters', async () => {
  build().record(subject('erp'), { ...issued, note: `${'ü'.repeat(600)}` });
  await expect.poll(written).toHaveLength(1);
  const note = written()[0]?.note ?? '';
  expect(Buffer.byteLength(note)).toBeLessThanOrEqual(1_024);
  expect(note).toMatch(/^ü+…$/);
});
