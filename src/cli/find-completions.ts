import type { Command } from './command.ts';
import { helpFlags } from './flag-groups.ts';

/** Names of objects that a word may stand for; empty where the cluster cannot be asked in time. */
export type FindNames = (
  kind: 'connections' | 'connectionroles' | 'connectiongroups' | 'namespaces',
  words: readonly string[],
) => Promise<readonly string[]>;

/** Flags whose values are names of objects. */
const namedBy: Readonly<Record<string, Parameters<FindNames>[0]>> = {
  namespace: 'namespaces',
  role: 'connectionroles',
  group: 'connectiongroups',
  connection: 'connections',
};

/**
 * What the last of `words` can become: commands, flags, their values, names of Connections.
 *
 * @param words behind `kubectl connection`; the last one is being typed and may be empty.
 */
export async function findCompletions(
  commands: readonly Command[],
  words: readonly string[],
  findNames: FindNames,
): Promise<readonly string[]> {
  const typed = words.at(-1) ?? '';
  const [first, ...rest] = words;
  const fits = (candidates: readonly string[]): readonly string[] =>
    candidates.filter((each) => each.startsWith(typed));
  if (words.length < 2) return fits([...commands.map(({ name }) => name), 'help']);
  const command = commands.find(({ name }) => name === first);
  if (command === undefined) return first === 'help' ? fits(commands.map(({ name }) => name)) : [];
  const flags = { ...command.flags, ...helpFlags };
  const before = rest.at(-2) ?? '';
  const [name, flag] =
    Object.entries(flags).find(([long, { short }]) => before === `--${long}` || before === `-${short}`) ?? [];
  if (flag?.value !== undefined && name !== undefined) {
    if (flag.choices !== undefined) return fits(flag.choices);
    const kind = namedBy[name];
    return kind === undefined ? [] : fits(await findNames(kind, rest));
  }
  if (typed.startsWith('-')) return fits(Object.keys(flags).map((long) => `--${long}`));
  return command.operands.includes('NAME') ? fits(await findNames('connections', rest)) : fits(command.values ?? []);
}
