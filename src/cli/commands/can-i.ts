import { UsageError } from '../../process/read-flags.ts';
import { cleanText } from '../clean-text.ts';
import type { Command } from '../command.ts';
import { decideCanI } from '../decide-can-i.ts';
import { clusterFlags, namespaceFlags, outputFlags } from '../flag-groups.ts';
import { formatOutput } from '../format-output.ts';
import type { CommandLine } from '../read-command-line.ts';
import { readConnection, readGroup, readRole } from '../read-objects.ts';
import { useCluster } from '../use-cluster.ts';

/** `can-i METHOD PATH`: the gateway's decision, and why. */
export const canI: Command = {
  name: 'can-i',
  summary: 'Say whether a connection may make a call, and why',
  operands: '[NAME] METHOD PATH',
  takes: { least: 2, most: 3 },
  description: [
    'The decision of the gateway, made here of the Connection with its role and group. What hangs on the body, on limits or\non a single product is not known here. Exit code 0 for yes, 1 for no.',
  ],
  examples: [
    ['can-i erp PATCH /api/rest/v1/products/shirt', 'may the connection erp change a product?'],
    ['can-i GET /orders/17 --connection shop', 'the same question about another API'],
  ],
  flags: {
    connection: { short: 'c', value: 'NAME', help: 'the Connection, where it is not the first argument' },
    ...outputFlags,
    ...namespaceFlags,
    ...clusterFlags,
  },
  run: (line, tools) =>
    useCluster(line, tools, async ({ cluster, namespace }) => {
      const { terminal } = tools;
      const { name, method, path } = readQuestion(line);
      const connection = await readConnection(cluster, namespace, name);
      const [role, group] = await Promise.all([readRole(cluster, connection), readGroup(cluster, connection)]);
      const answer = decideCanI({ connection, role, group }, method, path);
      const output = line.text('output');
      if (output !== undefined) terminal.print(formatOutput(output, answer));
      else {
        const { allowed, status, reasons } = answer;
        terminal.print(allowed ? terminal.paint('green', 'yes') : terminal.paint('red', `no (${status})`));
        for (const reason of reasons) terminal.print(cleanText(reason));
      }
      return answer.allowed ? 0 : 1;
    }),
};

interface Question {
  readonly name: string;
  readonly method: string;
  readonly path: string;
}

/** The path is what begins with a slash, the method what stands before it. */
function readQuestion(line: CommandLine): Question {
  const { operands } = line;
  const at = operands.findIndex((operand) => operand.startsWith('/'));
  if (at < 1)
    throw new UsageError('write METHOD PATH, such as GET /api/rest/v1/products: the path begins with a slash.');
  const [method = '', path = ''] = operands.slice(at - 1, at + 1);
  const [rest, ...more] = operands.filter((_, index) => index !== at && index !== at - 1);
  const named = line.text('connection');
  if (more.length > 0 || (named !== undefined && rest !== undefined)) throw new UsageError('name one Connection.');
  const name = named ?? rest;
  if (name === undefined) throw new UsageError('NAME is missing: which Connection?');
  return { name, method, path };
}
