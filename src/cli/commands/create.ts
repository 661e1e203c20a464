import type { Connection, FlowType } from '../../api/generated/connection.ts';
import { defaultGroup, defaultRole } from '../../api/names.ts';
import { findHints } from '../../insight/find-hints.ts';
import { proposeCode } from '../../insight/propose-code.ts';
import { connectionsPath } from '../../kube/resource-paths.ts';
import { UsageError } from '../../process/read-flags.ts';
import { buildManifest, type ConnectionManifest, proposeName } from '../build-manifest.ts';
import type { Command } from '../command.ts';
import { clusterFlags, namespaceFlags, outputFlags } from '../flag-groups.ts';
import { formatObject } from '../format-output.ts';
import type { CommandLine } from '../read-command-line.ts';
import { readImage } from '../read-image.ts';
import type { Tools } from '../tools.ts';
import { useCluster } from '../use-cluster.ts';

const flowTypes = ['Source', 'Destination', 'Other'];

/** `create LABEL`: a new Connection, or its manifest. */
export const create: Command = {
  name: 'create',
  summary: 'Make a connection, or its manifest for Git',
  operands: 'LABEL',
  takes: { least: 0, most: 1 },
  description: [
    'The label is what people read, such as "ERP Munich". A name and a code are made of it unless they are given. With\n--label the argument is the name.',
    'With --dry-run=client nothing is asked and nothing is stored: -o yaml then prints a manifest to commit. With\n--dry-run=server the API server checks everything, admission policies and your rights included, and stores nothing.',
  ],
  examples: [
    [
      'create "ERP Munich" --flow-type Source --track --role erp --group erp',
      'data comes in from an ERP, and is counted',
    ],
    ['create Shop --flow-type Destination --dry-run=client -o yaml > shop.yaml', 'a manifest for Git'],
  ],
  flags: {
    'flow-type': {
      value: 'TYPE',
      help: 'Source (puts data in), Destination (takes data out) or Other',
      fallback: 'Other',
      choices: flowTypes,
    },
    track: { help: 'count what it moves (Source and Destination)' },
    role: { value: 'NAME', help: 'ConnectionRole: which calls it may make', fallback: defaultRole },
    group: { value: 'NAME', help: 'ConnectionGroup: which part of the catalog it sees', fallback: defaultGroup },
    image: { value: 'FILE|URL', help: 'picture: a file of at most 12 KiB, or an https address' },
    label: { value: 'LABEL', help: 'the label, where the argument is the name' },
    name: { value: 'NAME', help: 'name of the object', fallback: 'made of the label' },
    code: { value: 'CODE', help: 'code: 3 to 100 letters, digits and _', fallback: 'made of the label' },
    'dry-run': { value: 'MODE', help: 'client or server: store nothing', choices: ['client', 'server'] },
    ...outputFlags,
    ...namespaceFlags,
    ...clusterFlags,
  },
  async run(line, tools) {
    const dryRun = line.text('dry-run');
    const output = line.text('output');
    if (dryRun === 'client') {
      const namespace = line.text('namespace') ?? (await findNamespace(line, tools));
      printMade(tools, output ?? 'yaml', readManifest(line, namespace));
      return 0;
    }
    return useCluster(line, tools, async ({ cluster, namespace }) => {
      const manifest = readManifest(line, namespace);
      const path = connectionsPath(namespace);
      const made = await cluster.client.create<Connection>(path, manifest, { dryRun: dryRun === 'server' });
      if (output !== undefined) printMade(tools, output, dryRun === 'server' ? manifest : made);
      else reportMade(tools, made, manifest, dryRun === 'server');
      return 0;
    });
  },
};

/** A manifest for Git needs no cluster; where there is none, `default` is as good as kubectl's. */
async function findNamespace(line: CommandLine, tools: Tools): Promise<string> {
  try {
    return await useCluster(line, tools, async ({ namespace }) => namespace);
  } catch {
    return 'default';
  }
}

function readManifest(line: CommandLine, namespace: string): ConnectionManifest {
  const [argument] = line.operands;
  const label = (line.text('label') ?? argument)?.trim();
  if (!label) throw new UsageError('LABEL is missing.');
  const flowType = (line.text('flow-type') ?? 'Other') as FlowType;
  if (line.is('track') === true && flowType === 'Other') {
    throw new UsageError('only Source and Destination connections can be tracked: give --flow-type too.');
  }
  const named = line.text('label') === undefined ? undefined : argument;
  const name = line.text('name') ?? named ?? proposeName(label);
  if (name === '') throw new UsageError(`no name can be made of ${JSON.stringify(label)}: give --name too.`);
  const image = line.text('image');
  return buildManifest({
    name,
    namespace,
    label,
    code: line.text('code') ?? proposeCode(label),
    flowType,
    tracked: line.is('track'),
    role: line.text('role'),
    group: line.text('group'),
    image: image === undefined ? undefined : readImage(image),
  });
}

function printMade({ terminal }: Tools, format: string, object: ConnectionManifest | Connection): void {
  terminal.print(formatObject(format, object));
}

function reportMade(
  { terminal }: Tools,
  { metadata, spec }: Connection,
  wish: ConnectionManifest,
  isDry: boolean,
): void {
  const { namespace, name } = metadata;
  const suffix = isDry ? ' (server dry run)' : '';
  terminal.print(`Connection ${namespace}/${name} created with code ${wish.spec.code}${suffix}.`);
  for (const { sentence } of findHints({ spec })) terminal.note(sentence);
  if (!isDry) terminal.note(`Next: kubectl connection credentials ${name} -n ${namespace}`);
}
