import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const repository = join(import.meta.dirname, '..', '..', '..');

function runTests(...args: string[]): { lastLine: string | undefined; status: number | null } {
  const run = spawnSync(process.execPath, ['tools/run-tests.ts', ...args], { cwd: repository, encoding: 'utf8' });
  return { lastLine: run.stdout.trimEnd().split('\n').at(-1), status: run.status };
}

test('the last line is the total', () => {
  const run = runTests('--project', 'unit', 'test/unit/tools/count-results.test.ts');
  expect(run).toEqual({ lastLine: '4 passed, 0 failed', status: 0 });
}, 60_000);

test('no test at all is a failure', () => {
  const run = runTests('--project', 'unit', 'test/unit/no-such-test.test.ts');
  expect(run.status).toBe(1);
  expect(run.lastLine).toMatch(/^0 passed, \d+ failed$/);
}, 60_000);
