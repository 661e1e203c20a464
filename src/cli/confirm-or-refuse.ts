import { UsageError } from '../process/read-flags.ts';
import type { CommandLine } from './read-command-line.ts';
import type { Terminal } from './terminal.ts';

/** `--yes`, or the answer to the question. Throws `UsageError` where nobody can be asked. */
export async function confirmOrRefuse(line: CommandLine, terminal: Terminal, question: string): Promise<boolean> {
  if (line.is('yes') === true) return true;
  if (!terminal.canAsk) throw new UsageError('nobody can be asked here: give --yes if you mean it.');
  return terminal.confirm(question);
}
