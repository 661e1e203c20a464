import { parseDuration } from '../api/parse-duration.ts';
import { UsageError } from '../process/read-flags.ts';
import type { Flags } from './flag-groups.ts';
import type { CommandLine } from './read-command-line.ts';

/** How long a command waits. */
export const timeoutFlags: Flags = {
  timeout: { value: 'DURATION', help: 'longest wait, such as 30s or 5m', fallback: '60s' },
};

/** `--timeout` in milliseconds. */
export function readTimeout(line: CommandLine): number {
  const text = line.text('timeout') ?? '60s';
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined) {
    throw new UsageError(`--timeout takes a duration such as 30s or 5m, not ${JSON.stringify(text)}.`);
  }
  return milliseconds;
}
