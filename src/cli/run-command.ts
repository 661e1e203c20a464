import { isKubeError } from '../kube/kube-error.ts';
import { UsageError } from '../process/read-flags.ts';
import { buildCommandHelp, buildOverview, buildUsage, programName } from './build-command-help.ts';
import { cleanText } from './clean-text.ts';
import type { Command } from './command.ts';
import { findNearest } from './find-nearest.ts';
import { helpFlags, placeFlags } from './flag-groups.ts';
import { printCompletions } from './print-completions.ts';
import { putCommandFirst } from './put-command-first.ts';
import { readCommandLine } from './read-command-line.ts';
import type { Tools } from './tools.ts';

/**
 * Runs one command line and returns the exit code: 0 done, 1 failed, 2 wrong use, which is answered with the right one.
 */
export async function runCommand(commands: readonly Command[], argv: readonly string[], tools: Tools): Promise<number> {
  const { terminal } = tools;
  const [first, ...rest] = putCommandFirst(commands, argv);
  if (first === undefined || ['--help', '-h', 'help'].includes(first)) {
    const about = commands.find(({ name }) => name === rest[0]);
    terminal.print(about === undefined ? buildOverview(commands) : buildCommandHelp(about));
    return 0;
  }
  if (first === '--version' || first === 'version') {
    terminal.print(tools.version);
    return 0;
  }
  if (first === '__complete') return printCompletions(commands, rest, tools);
  const command = commands.find(({ name }) => name === first);
  if (command === undefined) return refuseCommand(commands, first, tools);
  try {
    const line = readCommandLine({ ...placeFlags, ...command.flags, ...helpFlags }, rest);
    if (line.is('help') === true) {
      terminal.print(buildCommandHelp(command));
      return 0;
    }
    checkOperands(command, line.operands);
    return await command.run(line, tools);
  } catch (error) {
    return reportError(error, command, tools);
  }
}

function refuseCommand(commands: readonly Command[], name: string, { terminal }: Tools): number {
  const nearest = findNearest(
    name,
    commands.map((command) => command.name),
  );
  const sentence = name.startsWith('-')
    ? `The command comes first: ${programName} COMMAND ${name}.`
    : `There is no command ${JSON.stringify(name)}${nearest === undefined ? '' : `: did you mean ${programName} ${nearest}?`}`;
  terminal.note(`${sentence}\n\n${buildOverview(commands)}`);
  return 2;
}

function checkOperands({ takes, operands }: Command, given: readonly string[]): void {
  if (given.length < takes.least) {
    const missing = operands.split(' ').filter((word) => !word.startsWith('['))[given.length] ?? operands;
    throw new UsageError(`${missing} is missing.`);
  }
  if (given.length > takes.most) {
    throw new UsageError(
      `${JSON.stringify(given[takes.most])} is too much${takes.most === 0 ? ': no names here' : ''}.`,
    );
  }
}

function reportError(error: unknown, command: Command, { terminal }: Tools): number {
  if (error instanceof UsageError) {
    terminal.note(
      `${error.message}\n\nUsage:\n  ${buildUsage(command)}\n\n${programName} ${command.name} --help tells more.`,
    );
    return 2;
  }
  const sentence = isKubeError(error) ? error.sentence : error instanceof Error ? error.message : String(error);
  terminal.note(`${terminal.paint('red', 'Error:')} ${cleanText(sentence)}`);
  return 1;
}
