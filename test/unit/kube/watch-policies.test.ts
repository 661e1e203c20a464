import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { KubeClient } from '../../../src/kube/kube-client.ts';
import { KubeError } from '../../../src/kube/kube-error.ts';
import { admissionBindingPath, admissionPolicyPath } from '../../../src/kube/resource-paths.ts';
import { watchPolicies } from '../../../src/kube/watch-policies.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Paths that the API server does not have, and what it says about the others. */
const absent = new Set<string>();
let refusal: KubeError | undefined;
const said: string[] = [];
const seen = new Map<string, boolean>();

const client = {
  get: async (path: string) => {
    if (refusal) throw refusal;
    if (absent.has(path)) throw new KubeError({ code: 'NotFound', status: 404, sentence: 'not found' });
    return {};
  },
} as Pick<KubeClient, 'get'>;
const say = (fields: object, sentence: string): void => void said.push(`${JSON.stringify(fields)} ${sentence}`);

async function watch(): Promise<AbortController> {
  const stop = new AbortController();
  const log = { info: say, warn: say };
  await watchPolicies({ client, log, onLook: (policy, isMissing) => void seen.set(policy, isMissing) }, stop.signal);
  return stop;
}

beforeEach(() => {
  absent.clear();
  refusal = undefined;
  said.length = 0;
  seen.clear();
});

test('a missing policy or binding is told once, and again when it is back', async () => {
  absent.add(admissionPolicyPath('connection-status')).add(admissionBindingPath('connection-bind'));
  const stop = await watch();
  expect([...seen]).toEqual([
    ['connection-status', true],
    ['connection-bind', true],
    ['connection-role-namespaces', false],
    ['connection-group-namespaces', false],
  ]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(said).toEqual([
    expect.stringMatching(/"connection-status".*is missing: install the manifests again/),
    expect.stringMatching(/"connection-bind".*is missing/),
  ]);
  absent.clear();
  await vi.advanceTimersByTimeAsync(30_000);
  expect(said.slice(2)).toEqual([
    expect.stringMatching(/"connection-status".*there again/),
    expect.stringMatching(/"connection-bind".*there again/),
  ]);
  expect(seen.get('connection-status')).toBe(false);
  stop.abort();
});

test('one that goes later is told within half a minute', async () => {
  const stop = await watch();
  expect(said).toEqual([]);
  absent.add(admissionBindingPath('connection-status'));
  await vi.advanceTimersByTimeAsync(30_000);
  expect(seen.get('connection-status')).toBe(true);
  stop.abort();
  absent.clear();
  await vi.advanceTimersByTimeAsync(120_000);
  expect(seen.get('connection-status')).toBe(true);
});

test('nothing is told of what the API server does not say', async () => {
  refusal = new KubeError({ code: 'Forbidden', status: 403, sentence: 'no' });
  const stop = await watch();
  expect(seen.size + said.length).toBe(0);
  stop.abort();
});
