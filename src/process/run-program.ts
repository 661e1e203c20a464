import { UsageError } from './read-flags.ts';
import { readProjectFile } from './read-project-file.ts';

/** The version in package.json. */
export function readVersion(): string {
  return (JSON.parse(readProjectFile('package.json')) as { version: string }).version;
}

/**
 * Runs a program's main function. A start that cannot work says why on standard error: exit code 2 for a wrong command
 * line, 1 for anything else.
 */
export async function runProgram(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(error instanceof UsageError ? 2 : 1);
  }
}
