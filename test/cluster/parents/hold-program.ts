/** Starts a program of ours, prints where it is and waits to be ended by a test. */
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProgram } from '../../../tools/start-program.ts';

const directory = mkdtempSync(join(tmpdir(), 'program-'));
rmdirSync(directory);
const { promise: started, resolve } = Promise.withResolvers<void>();
const program = startProgram({ file: 'test/cluster/parents/idle.ts', onLine: () => resolve() });
await started;
process.once('SIGUSR2', () => {
  throw new Error('a crash, as the test wants it');
});
process.stdout.write(`${JSON.stringify({ directory, programs: { program: program.pid } })}\n`);
