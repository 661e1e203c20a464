import { findGitOwner } from '../../insight/find-git-owner.ts';
import { connectionPath } from '../../kube/resource-paths.ts';
import type { Command } from '../command.ts';
import { confirmOrRefuse } from '../confirm-or-refuse.ts';
import { clusterFlags, namespaceFlags, yesFlags } from '../flag-groups.ts';
import { readConnection } from '../read-objects.ts';
import { useCluster } from '../use-cluster.ts';

/** `delete NAME`: with everything that belongs to it. */
export const remove: Command = {
  name: 'delete',
  summary: 'Delete a connection with its credentials',
  operands: 'NAME',
  takes: { least: 1, most: 1 },
  description: [
    'Every token and call is refused from that moment on, and the Secret goes with the Connection. A new Connection of the\nsame name gets another client id, username, secret and password.',
  ],
  examples: [['delete shop', 'asks before it does so']],
  flags: { ...yesFlags, ...namespaceFlags, ...clusterFlags },
  run: (line, tools) =>
    useCluster(line, tools, async ({ cluster, namespace }) => {
      const { terminal } = tools;
      const [name = ''] = line.operands;
      const { metadata, status } = await readConnection(cluster, namespace, name);
      const owner = findGitOwner(metadata);
      if (owner !== undefined)
        terminal.note(`${owner.sentence} It may make the Connection again, with other credentials.`);
      const secret = status?.binding?.name;
      const question = `Delete Connection ${namespace}/${name}? Its credentials stop working at once and do not come back${secret === undefined ? '' : `; Secret ${secret} goes with it`}.`;
      if (!(await confirmOrRefuse(line, terminal, question))) {
        terminal.note('Nothing was deleted.');
        return 1;
      }
      // The one that was looked at, not one that was made since.
      await cluster.client.delete(connectionPath(namespace, name), { uid: metadata.uid });
      terminal.print(`Connection ${namespace}/${name} deleted.`);
      return 0;
    }),
};
