import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { eventually } from './control-plane/eventually.ts';
import { isRunning, startParent } from './parents/start-parent.ts';

const order = ['last', 'first'];

test.each([
  { how: 'Ctrl-C, which reaches the whole process group', signal: 'SIGINT', group: true },
  { how: 'a closed terminal', signal: 'SIGHUP', group: true },
  { how: 'SIGTERM', signal: 'SIGTERM', group: false },
  { how: 'SIGKILL', signal: 'SIGKILL', group: false },
  { how: 'a crash', signal: 'SIGUSR2', group: false },
] as const)('after $how', async ({ signal, group }) => {
  const parent = await startParent('hold-guardian.ts', order);
  const pids = Object.values(parent.programs);
  expect(pids.map(isRunning)).toEqual([true, true]);

  process.kill(group ? -parent.pid : parent.pid, signal);

  await eventually(() => expect(pids.map(isRunning)).toEqual([false, false]));
  await eventually(() => expect(existsSync(parent.directory)).toBe(false));
});
