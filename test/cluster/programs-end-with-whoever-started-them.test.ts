import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { eventually } from './control-plane/eventually.ts';
import { isRunning, startParent } from './parents/start-parent.ts';

describe.each([
  { what: 'programs of a control plane', file: 'hold-guardian.ts', order: ['last', 'first'] },
  { what: 'programs of ours', file: 'hold-program.ts', order: ['program'] },
])('$what', ({ file, order }) => {
  test.each([
    { how: 'Ctrl-C, which reaches the whole process group', signal: 'SIGINT', group: true },
    { how: 'a closed terminal', signal: 'SIGHUP', group: true },
    { how: 'SIGTERM', signal: 'SIGTERM', group: false },
    { how: 'SIGKILL', signal: 'SIGKILL', group: false },
    { how: 'a crash', signal: 'SIGUSR2', group: false },
  ] as const)('end after $how', async ({ signal, group }) => {
    const parent = await startParent(file, order);
    const pids = Object.values(parent.programs);
    expect(pids.filter(isRunning)).toEqual(pids);

    process.kill(group ? -parent.pid : parent.pid, signal);

    await eventually(() => expect(pids.filter(isRunning)).toEqual([]));
    await eventually(() => expect(existsSync(parent.directory)).toBe(false));
  });
});
