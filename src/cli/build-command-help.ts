import { buildHelp } from '../process/read-flags.ts';
import type { Command } from './command.ts';
import { type CommandFlag, helpFlags } from './flag-groups.ts';
import { formatTable } from './format-table.ts';

/** How the program is called. */
export const programName = 'kubectl connection';

/** How a command is written: `kubectl connection rotate NAME [flags]`. */
export function buildUsage({ name, operands }: Command): string {
  return [programName, name, operands, '[flags]'].filter(Boolean).join(' ');
}

/** Text of `kubectl connection COMMAND --help`. */
export function buildCommandHelp(command: Command): string {
  const { summary, description, examples, flags } = command;
  const shown = examples.map(([line, what]) => `  # ${what}\n  ${programName} ${line}`).join('\n\n');
  return [
    summary,
    ...description,
    `Usage:\n  ${buildUsage(command)}`,
    ...(examples.length > 0 ? [`Examples:\n${shown}`] : []),
    buildHelp('Flags:', nameFlags({ ...flags, ...helpFlags }))
      .replace('\n\n', '\n')
      .trimEnd(),
  ].join('\n\n');
}

/** Short names stand beside the long ones, and what may be given several times says so. */
function nameFlags(flags: Readonly<Record<string, CommandFlag>>): Readonly<Record<string, CommandFlag>> {
  return Object.fromEntries(
    Object.entries(flags).map(([name, { short, many, help, ...flag }]) => [
      short === undefined ? name : `${name}, -${short}`,
      { ...flag, help: many === true ? `${help}; may be given several times` : help },
    ]),
  );
}

/** Text of `kubectl connection --help`. */
export function buildOverview(commands: readonly Command[]): string {
  const rows = commands.map(({ name, summary }) => [`  ${name}`, summary]);
  const [, ...lines] = formatTable(['', ''], rows).split('\n');
  return [
    'Daily work with connections: credentials for third parties as Kubernetes resources.',
    `Usage:\n  ${programName} COMMAND [flags]`,
    `Commands:\n${lines.join('\n')}`,
    `${programName} COMMAND --help tells more about one of them; --version shows the version.\nExit codes: 0 done, 1 failed, 2 wrong use.`,
  ].join('\n\n');
}
