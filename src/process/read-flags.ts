import { parseArgs } from 'node:util';

/** One flag of a program. */
export interface Flag {
  /** What stands behind the flag in the help; absent: a switch without a value. */
  readonly value?: string;
  readonly help: string;
  /** Shown in the help; absent: the flag has no default. */
  readonly fallback?: string;
  /** May be given several times; what was given then comes as one text, with commas between. */
  readonly repeatable?: boolean;
}

/** The command line cannot be used; the message says why and what to write. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'Usage';
}

/** What was given: text for flags with a value, `true` for switches; absent flags are absent. */
export type Given<F> = Partial<Record<keyof F & string, string | true>>;

/** Reads `--flag value` and `--flag=value`. Throws `UsageError` for unknown flags and for anything that is no flag. */
export function readFlags<F extends Readonly<Record<string, Flag>>>(flags: F, argv: readonly string[]): Given<F> {
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, { value, repeatable = false }]) => [
      name,
      { type: value === undefined ? 'boolean' : 'string', multiple: repeatable } as const,
    ]),
  );
  try {
    const { values } = parseArgs({ args: [...argv], options, strict: true, allowPositionals: false });
    const given = Object.entries(values).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]);
    return Object.fromEntries(given) as Given<F>;
  } catch (error) {
    const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split(/[.?]\s+To specify/);
    throw new UsageError(
      `${sentence.replaceAll('\n', ' ').replace(/\.$/, '')}. There are ${Object.keys(flags)
        .map((name) => `--${name}`)
        .join(', ')}.`,
    );
  }
}

/** The text of `--help`. */
export function buildHelp(usage: string, flags: Readonly<Record<string, Flag>>): string {
  const rows = Object.entries(flags).map(([name, { value, help, fallback }]) => {
    const left = `  --${name}${value === undefined ? '' : ` ${value}`}`;
    return `${left.padEnd(36)} ${help}${fallback === undefined ? '' : ` (default ${fallback})`}`;
  });
  return `${usage}\n\n${rows.join('\n')}\n`;
}
