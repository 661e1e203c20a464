import type { Command } from './command.ts';
import { outputFlags, placeFlags } from './flag-groups.ts';

const shared = { ...placeFlags, ...outputFlags };
const withValue = new Set(
  Object.entries(shared).flatMap(([name, { short }]) => [`--${name}`, ...(short ? [`-${short}`] : [])]),
);

/** `-n shop list` as `list -n shop`. Unchanged where behind the flags there is no command. */
export function putCommandFirst(commands: readonly Command[], argv: readonly string[]): readonly string[] {
  let at = 0;
  while (argv[at]?.startsWith('-')) at += withValue.has(argv[at] ?? '') ? 2 : 1;
  const name = argv[at];
  if (name === undefined || !commands.some((command) => command.name === name)) return argv;
  return [name, ...argv.slice(0, at), ...argv.slice(at + 1)];
}
