import { parseArgs } from 'node:util';
import { UsageError } from '../process/read-flags.ts';
import type { Flags } from './flag-groups.ts';

/** What was written behind the name of a command. */
export interface CommandLine {
  /** Arguments that are no flags, in order. */
  readonly operands: readonly string[];
  /** Value of a flag; `undefined` when it was not given. */
  text(name: string): string | undefined;
  /** All values of a flag that may be given several times. */
  texts(name: string): readonly string[];
  /** Whether a switch was given; `undefined` when neither it nor its `--no-` was. */
  is(name: string): boolean | undefined;
}

/** Reads flags and operands in any order; `--` ends the flags. Throws `UsageError` for what is not in `flags`. */
export function readCommandLine(flags: Flags, argv: readonly string[]): CommandLine {
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, { value, short, many }]) => [
      name,
      {
        type: value === undefined ? ('boolean' as const) : ('string' as const),
        ...(short && { short }),
        multiple: many === true,
      },
    ]),
  );
  const { values, positionals } = parse(options, argv);
  const given = new Map(Object.entries(values));
  for (const [name, { choices }] of Object.entries(flags)) {
    const value = given.get(name);
    if (value === '') throw new UsageError(`--${name} needs a value.`);
    if (choices !== undefined && typeof value === 'string') given.set(name, findChoice(name, choices, value));
  }
  return {
    operands: positionals,
    text: (name) => {
      const value = given.get(name);
      return typeof value === 'string' ? value : undefined;
    },
    texts: (name) => {
      const value = given.get(name);
      return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
    },
    is: (name) => {
      const value = given.get(name);
      return typeof value === 'boolean' ? value : undefined;
    },
  };
}

/** Small and capital letters are the same here. */
function findChoice(name: string, choices: readonly string[], value: string): string {
  const choice = choices.find((each) => each.toLowerCase() === value.toLowerCase());
  if (choice !== undefined) return choice;
  throw new UsageError(`--${name} takes ${choices.join(' or ')}, not ${JSON.stringify(value)}.`);
}

type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

function parse(
  options: NonNullable<Parameters<typeof parseArgs>[0]>['options'] & object,
  argv: readonly string[],
): { readonly values: Values; readonly positionals: readonly string[] } {
  try {
    return parseArgs({
      args: respell(options, argv),
      options,
      strict: true,
      allowPositionals: true,
      allowNegative: true,
    });
  } catch (error) {
    const [sentence = ''] = (error instanceof Error ? error.message : String(error)).split(/[.?]\s+To specify/);
    throw new UsageError(`${sentence.replaceAll('\n', ' ').replace(/\.$/, '')}.`);
  }
}

/** `--track=true`, `--track=false` and `-o=json` as kubectl takes them; parseArgs knows `--no-track` and `-ojson`. */
function respell(options: Readonly<Record<string, { type: string }>>, argv: readonly string[]): string[] {
  const end = argv.indexOf('--');
  return argv.map((argument, at) => {
    if (end >= 0 && at > end) return argument;
    if (/^-[A-Za-z]=./.test(argument)) return `${argument.slice(0, 2)}${argument.slice(3)}`;
    const [, name = '', value = ''] = /^--([a-z-]+)=(true|false)$/.exec(argument) ?? [];
    if (options[name]?.type !== 'boolean') return argument;
    return value === 'true' ? `--${name}` : `--no-${name}`;
  });
}
