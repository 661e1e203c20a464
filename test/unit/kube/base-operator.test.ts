import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { BaseOperator, type ResourceEvent, type ResourceMeta } from '../../../src/kube/base-operator.ts';
import type { KubeClient } from '../../../src/kube/kube-client.ts';
import { silentLog } from '../../../src/kube/kube-log.ts';
import { MemoryApi } from './scripted/memory-api.ts';
import { type ScriptedServer, startScriptedServer } from './scripted/scripted-server.ts';

let api: MemoryApi;
let server: ScriptedServer;
let operator: TestOperator;

class TestOperator extends BaseOperator {
  readonly events: string[] = [];
  onEvent: (event: ResourceEvent) => Promise<void> = async () => {};
  last: ResourceMeta | undefined;

  protected async init(): Promise<void> {
    await this.watchResource('x.dev', 'v1', 'things', async (event) => {
      this.events.push(`${event.type} ${event.meta.name}`);
      this.last = event.meta;
      await this.onEvent(event);
    });
  }

  setStatus(status: unknown): Promise<ResourceMeta> {
    return this.setResourceStatus(this.last as ResourceMeta, status);
  }

  patchStatus(status: unknown): Promise<ResourceMeta> {
    return this.patchResourceStatus(this.last as ResourceMeta, status);
  }

  setFinalizers(finalizers: string[]): Promise<void> {
    return this.setResourceFinalizers(this.last as ResourceMeta, finalizers);
  }
}

const build = (client: KubeClient): TestOperator => new TestOperator(client, silentLog);

beforeEach(async () => {
  api = new MemoryApi();
  server = await startScriptedServer(api.script);
  operator = build(server.buildClient());
});
afterEach(async () => {
  await operator.stop();
  await server.stop();
  vi.unstubAllEnvs();
});

test('needs no kubeconfig and reads none', async () => {
  vi.stubEnv('KUBECONFIG', '/nowhere/at/all');
  expect(() => build(server.buildClient())).not.toThrow();
});

test('start resolves when everything was listed once; then changes come', async () => {
  for (const name of ['a', 'b']) api.put(name);
  await operator.start();
  expect(operator.events).toEqual(['ADDED a', 'ADDED b']);
  expect(operator.lastAlive()).toBeGreaterThan(0);
  await expect.poll(() => api.watchers).toBe(1);
  api.put('a', { color: 'red' });
  api.remove('b');
  await expect.poll(() => operator.events.slice(2)).toEqual(['MODIFIED a', 'DELETED b']);
});

test('a broken watch does not end the process, and deletions in the gap are delivered', async () => {
  for (const name of ['a', 'b']) api.put(name);
  await operator.start();
  await expect.poll(() => api.watchers).toBe(1);
  api.send = () => {};
  api.remove('a');
  api.compact();
  api.endWatches((answer) => answer.break());
  await expect.poll(() => operator.events.slice(2)).toEqual(['DELETED a']);
});

test('an event that fails is delivered again, and holds up no other object', async () => {
  let failures = 2;
  operator.onEvent = async ({ meta }) => {
    if (meta.name !== 'a' || failures === 0) return;
    failures -= 1;
    throw new Error('not yet');
  };
  for (const name of ['a', 'b']) api.put(name);
  await operator.start();
  await expect.poll(() => operator.events).toEqual(['ADDED a', 'ADDED b', 'ADDED a', 'ADDED a']);
});

test('stop waits for the event in hand', async () => {
  let release = (): void => {};
  operator.onEvent = () =>
    new Promise((resolve) => {
      release = resolve;
    });
  api.put('a');
  await operator.start();
  let stopped = false;
  const stopping = operator.stop().then(() => {
    stopped = true;
  });
  await Promise.resolve();
  expect(stopped).toBe(false);
  release();
  await stopping;
});

test('status and finalizers are written on condition that nobody wrote meanwhile, and failures are not swallowed', async () => {
  const { resourceVersion, ...rest } = api.put('a').metadata;
  await operator.start();
  api.interfere = ({ method }, answer) => {
    if (method === 'GET') return false;
    answer.json(200, { metadata: { ...rest, resourceVersion: '999' } });
    return true;
  };
  expect(await operator.setStatus({ ready: true })).toMatchObject({ name: 'a', resourceVersion: '999' });
  await operator.patchStatus({ ready: true });
  await operator.setFinalizers(['x']);
  const writes = server.requests.filter(({ method }) => method !== 'GET');
  expect(writes.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'PUT /apis/x.dev/v1/namespaces/team/things/a/status',
    'PATCH /apis/x.dev/v1/namespaces/team/things/a/status',
    'PATCH /apis/x.dev/v1/namespaces/team/things/a',
  ]);
  for (const { body } of writes) expect(JSON.parse(body)).toMatchObject({ metadata: { resourceVersion } });

  api.interfere = (_request, answer) => {
    answer.json(409, { kind: 'Status', reason: 'Conflict' });
    return true;
  };
  await expect(operator.setStatus({})).rejects.toMatchObject({ code: 'Conflict' });
});
