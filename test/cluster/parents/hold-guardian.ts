/** Starts a guardian with two programs that would run for minutes, prints where they are and waits to be ended. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startGuardian } from '../../../tools/control-plane/start-guardian.ts';

const directory = mkdtempSync(join(tmpdir(), 'guarded-'));
const guardian = startGuardian(directory, ['last', 'first']);
const first = await guardian.start('first', 'sleep', ['600']);
const last = await guardian.start('last', 'sleep', ['600']);
process.once('SIGUSR2', () => {
  throw new Error('a crash, as the test wants it');
});
process.stdout.write(`${JSON.stringify({ directory, programs: { last: last.pid, first: first.pid } })}\n`);
