/**
 * `npm test`: lint, types and every test. The last line on standard output is the total, as in `312 passed, 0 failed`.
 * A failed lint or type check counts as one failure each and does not keep the tests from running.
 *
 * `npm test -- <arguments of vitest>` (a file name, `--project unit`) runs those tests alone.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildTestPrograms } from './build-test-programs.ts';
import { countResults, type Total } from './count-results.ts';

const repository = join(import.meta.dirname, '..');

/** Runs a script of package.json. */
function runScript(name: string): boolean {
  return spawnSync('npm', ['run', '--silent', name], { cwd: repository, stdio: 'inherit' }).status === 0;
}

async function runVitest(args: readonly string[]): Promise<Total> {
  const folder = mkdtempSync(join(tmpdir(), 'test-results-'));
  try {
    const results = join(folder, 'results.json');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`];
    // However this process ends, vitest ends with it, and the control planes with vitest.
    const preload = pathToFileURL(join(import.meta.dirname, 'end-with-parent.ts')).href;
    const vitest = join(repository, 'node_modules', 'vitest', 'vitest.mjs');
    const child = spawn(process.execPath, ['--import', preload, vitest, 'run', ...reporters, ...args], {
      cwd: repository,
      // Tests start some hundred programs: all but the first of a kind find their modules compiled.
      env: { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled') },
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    });
    const [code] = await once(child, 'close');
    return countResults(existsSync(results) ? readFileSync(results, 'utf8') : '', code === 0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const vitestArguments = process.argv.slice(2);
const checks = vitestArguments.length > 0 ? [] : ['lint', 'types'];
const failedChecks = checks.filter((check) => !runScript(check));
if (vitestArguments.length === 0) await buildTestPrograms();
const total = await runVitest(vitestArguments);

for (const check of failedChecks) process.stderr.write(`npm run ${check} failed; counted as one failure\n`);
const passed = total.passed;
const failed = total.failed + failedChecks.length;
if (passed + failed === 0) process.stderr.write('No test ran: that counts as a failure\n');
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
process.stdout.write(`${passed} passed, ${failed} failed${skipped}\n`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
