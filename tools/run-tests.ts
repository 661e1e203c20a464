/**
 * `npm test`: lint, types and every test. The last line on standard output is the total, as in `312 passed, 0 failed`.
 * A failed lint or type check counts as one failure each and does not keep the tests from running.
 *
 * `npm test -- <arguments of vitest>` (a file name, `--project unit`) runs those tests alone.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { countResults, type Total } from './count-results.ts';

const repository = join(import.meta.dirname, '..');

function run(file: string, args: readonly string[]): boolean {
  return spawnSync(file, args, { cwd: repository, stdio: 'inherit' }).status === 0;
}

function runVitest(args: readonly string[]): Total {
  const folder = mkdtempSync(join(tmpdir(), 'test-results-'));
  try {
    const results = join(folder, 'results.json');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`];
    const vitest = join(repository, 'node_modules', 'vitest', 'vitest.mjs');
    const succeeded = run(process.execPath, [vitest, 'run', ...reporters, ...args]);
    return countResults(readFileSync(results, { encoding: 'utf8', flag: 'a+' }), succeeded);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const vitestArguments = process.argv.slice(2);
const checks = vitestArguments.length > 0 ? [] : ['lint', 'types'];
const failedChecks = checks.filter((check) => !run('npm', ['run', '--silent', check]));
const total = runVitest(vitestArguments);

for (const check of failedChecks) process.stderr.write(`npm run ${check} failed; counted as one failure\n`);
const passed = total.passed;
const failed = total.failed + failedChecks.length;
if (passed + failed === 0) process.stderr.write('No test ran: that counts as a failure\n');
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
process.stdout.write(`${passed} passed, ${failed} failed${skipped}\n`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
