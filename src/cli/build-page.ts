import { buildCommandHelp, buildOverview, programName } from './build-command-help.ts';
import type { Command } from './command.ts';

const intro = `# ${programName}

Daily work with connections, as a plugin of kubectl. This page is what the program's own help says
(\`npm run generate\` writes it).

## Installing

- With Node 22.19 or newer: \`npm run build\` in a checkout, then \`npm install -g ./dist/bin\`. kubectl finds
  \`kubectl-connection\` in the PATH and calls it for \`${programName}\`; \`kubectl_complete-connection\` beside it completes
  commands, flags and names.
- Without Node: \`npm run build -- --executable\` makes \`dist/kubectl-connection\`, one file with everything in it,
  for the system and the processor that it is built on.

## What it reaches

The cluster is that of \`--kubeconfig\`, \`KUBECONFIG\`, the pod or \`~/.kube/config\`, and what you may do there is what you
may do here. Everything that is written is written as field manager \`connection-cli\`.

Flows, errors, warnings about wrong pairs and retired values, and whether an old value is refused, are the gateway's to
tell. It is reached with a port-forward to its pods in \`connection-system\` (verbs \`list\` on pods, \`get\` and \`create\`
on \`pods/portforward\` there), or at \`--gateway URL\` and \`--gateway-admin URL\`. Its admin port is asked with your own bearer
token and tells about those Connections only that you may get; where your kubeconfig has a client certificate instead,
give \`--token\` or \`--service-account\`. Without a gateway everything else works, and what is missing is said on standard
error.

Flags that say where something is (\`-n\`, \`--kubeconfig\`, \`--gateway\` and their like) may be given to every command, also
to those that have no use for them, and before the command as well as behind it.

Colours are for terminals alone, never with \`NO_COLOR\`. Questions are asked on a terminal alone; elsewhere \`--yes\` is
needed. Exit codes: 0 done, 1 failed (or the answer is no), 2 wrong use.
`;

/** Text of `docs/kubectl-connection.md`. */
export function buildPage(commands: readonly Command[]): string {
  const block = (text: string): string => `\`\`\`\n${text}\n\`\`\`\n`;
  const parts = commands.map((command) => `## ${command.name}\n\n${block(buildCommandHelp(command))}`);
  return [intro, `## Commands\n\n${block(buildOverview(commands))}`, ...parts].join('\n');
}
