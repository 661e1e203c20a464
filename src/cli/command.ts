import type { Flags } from './flag-groups.ts';
import type { CommandLine } from './read-command-line.ts';
import type { Tools } from './tools.ts';

/** One command of `kubectl connection`. The help and the page in `docs` are made of this. */
export interface Command {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** What stands behind the name: names in capitals, optional ones in brackets. Empty: none. */
  readonly operands: string;
  /** Paragraphs that say what the summary does not. */
  readonly description: readonly string[];
  /** Command lines without `kubectl connection`, each with what it is for. */
  readonly examples: readonly (readonly [line: string, what: string])[];
  readonly flags: Flags;
  /** What an operand can be, for completion. Absent: a name, a file or anything. */
  readonly values?: readonly string[];
  /** How many operands there may be. */
  readonly takes: { readonly least: number; readonly most: number };
  /** Returns the exit code: 0 done, 1 failed. Throws `UsageError` for what was wrongly asked for (2). */
  run(line: CommandLine, tools: Tools): Promise<number>;
}
