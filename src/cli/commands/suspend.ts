import type { Connection } from '../../api/generated/connection.ts';
import { findGitOwner } from '../../insight/find-git-owner.ts';
import { connectionPath } from '../../kube/resource-paths.ts';
import type { Command } from '../command.ts';
import { clusterFlags, namespaceFlags, outputFlags } from '../flag-groups.ts';
import { formatObject } from '../format-output.ts';
import { readConnection } from '../read-objects.ts';
import { useCluster } from '../use-cluster.ts';

/** `suspend NAME`: every token and call is refused. */
export const suspend: Command = buildSwitch({
  name: 'suspend',
  summary: 'Refuse every token and call of a connection until it is resumed',
  description: ['The credentials stay, and tokens from before work again after kubectl connection resume.'],
  isSuspended: true,
  done: 'is suspended: the gateway refuses every token and call',
  already: 'is suspended already',
});

/** `resume NAME`: the opposite. */
export const resume: Command = buildSwitch({
  name: 'resume',
  summary: 'Let a suspended connection work again',
  description: ['Nothing was rotated meanwhile: credentials and unexpired tokens from before are good again.'],
  isSuspended: false,
  done: 'works again: credentials and unexpired tokens from before are good',
  already: 'is not suspended',
});

interface SwitchWords extends Pick<Command, 'name' | 'summary' | 'description'> {
  readonly isSuspended: boolean;
  readonly done: string;
  readonly already: string;
}

function buildSwitch({ name: verb, summary, description, isSuspended, done, already }: SwitchWords): Command {
  return {
    name: verb,
    summary,
    operands: 'NAME',
    takes: { least: 1, most: 1 },
    description,
    examples: [[`${verb} erp`, `${verb} the connection erp`]],
    flags: { ...outputFlags, ...namespaceFlags, ...clusterFlags },
    run: (line, tools) =>
      useCluster(line, tools, async ({ cluster, namespace }) => {
        const { terminal } = tools;
        const [name = ''] = line.operands;
        const before = await readConnection(cluster, namespace, name);
        const output = line.text('output');
        const report = (connection: Connection, sentence: string): void =>
          terminal.print(output === undefined ? sentence : formatObject(output, connection));
        if ((before.spec.suspend ?? false) === isSuspended) {
          report(before, `Connection ${namespace}/${name} ${already}.`);
          return 0;
        }
        const path = connectionPath(namespace, name);
        const after = await cluster.client.patch<Connection>(path, { spec: { suspend: isSuspended } });
        report(after, `Connection ${namespace}/${name} ${done}.`);
        const owner = findGitOwner(before.metadata);
        if (owner !== undefined) terminal.note(owner.sentence);
        return 0;
      }),
  };
}
