import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { eventually } from './control-plane/eventually.ts';
import { isRunning, startParent } from './parents/start-parent.ts';

const order = ['kube-apiserver', 'kube-controller-manager', 'etcd'];

test.each([
  { how: 'SIGKILL', signal: 'SIGKILL', group: false },
  { how: 'Ctrl-C, which reaches the whole process group', signal: 'SIGINT', group: true },
] as const)('after $how: API server first, store last, and nothing is left of it', async ({ signal, group }) => {
  const parent = await startParent('hold-control-plane.ts', order);
  const pids = order.map((name) => parent.programs[name] ?? 0);
  expect(pids.map(isRunning)).toEqual([true, true, true]);

  process.kill(group ? -parent.pid : parent.pid, signal);

  const seen = await watchEnd(pids);
  // Whatever was looked at, no program ran without the ones that it needs.
  const allowed = ['+++', '-++', '--+', '---'];
  expect([...seen].filter((state) => !allowed.includes(state))).toEqual([]);
  expect([...seen].at(-1)).toBe('---');
  await eventually(() => expect(existsSync(parent.directory)).toBe(false));
});

/** Every different state that was seen until all are gone or 15 seconds are over; `+` for one that runs. */
async function watchEnd(pids: readonly number[]): Promise<Set<string>> {
  const seen = new Set<string>();
  const deadline = Date.now() + 15_000;
  while (!seen.has('---') && Date.now() < deadline) {
    // Looked at from the last to end, so that one which ends meanwhile cannot seem to have ended too early.
    const states = [...pids].reverse().map((pid) => (isRunning(pid) ? '+' : '-'));
    seen.add(states.reverse().join(''));
    await sleep(1);
  }
  return seen;
}
