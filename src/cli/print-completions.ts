import { group, version } from '../api/names.ts';
import { namespacesPath, resourcesPath } from '../kube/resource-paths.ts';
import type { Command } from './command.ts';
import { type FindNames, findCompletions } from './find-completions.ts';
import type { Tools } from './tools.ts';

/** Longest wait for the cluster, in milliseconds: whoever pressed Tab waits. */
const patience = 2_000;
/** Cobra's sign, which kubectl reads: no files in place of what was found. */
const noFiles = ':4';

/** Answers `__complete WORDS…`: a candidate a line, the sign last. Whatever fails completes nothing. */
export async function printCompletions(
  commands: readonly Command[],
  words: readonly string[],
  tools: Tools,
): Promise<number> {
  const findNames: FindNames = async (kind, given) => {
    try {
      return await readNames(kind, given, tools);
    } catch {
      return [];
    }
  };
  for (const candidate of await findCompletions(commands, words, findNames)) tools.terminal.print(candidate);
  tools.terminal.print(noFiles);
  return 0;
}

async function readNames(
  kind: Parameters<FindNames>[0],
  words: readonly string[],
  tools: Tools,
): Promise<readonly string[]> {
  const after = (...flags: readonly string[]): string | undefined => {
    const at = words.findIndex((word) => flags.includes(word));
    return at < 0 || at + 1 >= words.length - 1 ? undefined : words[at + 1];
  };
  const cluster = await tools.openCluster({ kubeconfig: after('--kubeconfig'), context: after('--context') });
  try {
    const path =
      kind === 'namespaces'
        ? namespacesPath()
        : resourcesPath(
            group,
            version,
            kind,
            kind === 'connections' ? (after('-n', '--namespace') ?? cluster.namespace) : undefined,
          );
    const { items } = await cluster.client.list<{ metadata: { name: string } }>(path, {}, { timeout: patience });
    return items.map(({ metadata }) => metadata.name);
  } finally {
    await cluster.client.close();
  }
}
