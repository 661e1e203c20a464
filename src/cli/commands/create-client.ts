import type { Connection } from '../../api/generated/connection.ts';
import { secretKeys } from '../../api/names.ts';
import { proposeCode } from '../../insight/propose-code.ts';
import { readHealth } from '../../insight/read-health.ts';
import { isKubeError } from '../../kube/kube-error.ts';
import { connectionsPath } from '../../kube/resource-paths.ts';
import { UsageError } from '../../process/read-flags.ts';
import { buildManifest, proposeName } from '../build-manifest.ts';
import type { Command } from '../command.ts';
import { clusterFlags, namespaceFlags } from '../flag-groups.ts';
import type { OpenCluster } from '../open-cluster.ts';
import type { CommandLine } from '../read-command-line.ts';
import { readConnection } from '../read-objects.ts';
import { readSecretTexts } from '../read-secret-texts.ts';
import { readTimeout, timeoutFlags } from '../read-timeout.ts';
import { useCluster } from '../use-cluster.ts';
import { waitUntil } from '../wait-until.ts';

/** Grants that a gateway serves. */
const grants = ['password', 'refresh_token'];

/** `create-client`: for scripts that parse what `pim:oauth-server:create-client` of the PIM printed. */
export const createClient: Command = {
  name: 'create-client',
  summary: "Make a connection and answer as the PIM's pim:oauth-server:create-client did",
  operands: '[LABEL]',
  takes: { least: 0, most: 1 },
  description: [
    'For scripts that parse that answer: the same words and lines, as PIM 1.7 printed them with --label and as later ones\ndid with the label as an argument. Username and password, which every connection has too, are in its Secret.',
    'Without a label the connection has its name as a label, which the answer leaves out as the old command did. A label\nthat there is already makes another connection.',
  ],
  examples: [
    ['create-client --label="ERP connection" --grant_type="password" --grant_type="refresh_token"', 'as before'],
  ],
  flags: {
    label: { value: 'TEXT', help: 'what people read' },
    grant_type: { value: 'GRANT', help: 'password or refresh_token, which every connection has', many: true },
    redirect_uri: { value: 'URL', help: 'taken and not used: no grant here has one', many: true },
    env: { value: 'NAME', help: 'taken and not used' },
    name: { value: 'NAME', help: 'name of the Connection', fallback: 'made of the label' },
    ...timeoutFlags,
    ...namespaceFlags,
    ...clusterFlags,
  },
  async run(line, tools) {
    const unknown = line.texts('grant_type').find((grant) => !grants.includes(grant));
    if (unknown !== undefined) throw new UsageError(`there is no grant ${unknown} here: only ${grants.join(' and ')}.`);
    const [argument] = line.operands;
    const label = line.text('label') ?? argument;
    return useCluster(line, tools, async ({ cluster, namespace }) => {
      const made = await makeClient(cluster, namespace, label, line.text('name'));
      tools.terminal.progress(`Waiting for the credentials of ${namespace}/${made.metadata.name} …`);
      const issued = await waitForIssue(cluster, made, line);
      const { texts } = await readSecretTexts(cluster, issued);
      const head = argument === undefined ? 'A new client has been added:' : 'A new client has been added.';
      tools.terminal.print(
        [
          head,
          `client_id: ${texts[secretKeys.clientId]}`,
          `secret: ${texts[secretKeys.clientSecret]}`,
          ...(label === undefined ? [] : [`label: ${label}`]),
        ].join('\n'),
      );
      return 0;
    });
  },
};

async function makeClient(
  { client }: OpenCluster,
  namespace: string,
  label: string | undefined,
  given: string | undefined,
): Promise<Connection> {
  const name = given ?? proposeName(label ?? `client-${buildSuffix()}`);
  if (name === '') throw new UsageError(`no name can be made of ${JSON.stringify(label)}: give --name too.`);
  const shown = label ?? name;
  const create = (suffix: string): Promise<Connection> => {
    const end = suffix === '' ? '' : `-${suffix}`;
    const code = proposeCode(`${shown.slice(0, 100 - end.length)}${end}`);
    const wish = { name: `${name.slice(0, 63 - end.length)}${end}`, namespace, label: shown, code } as const;
    return client.create<Connection>(connectionsPath(namespace), buildManifest({ ...wish, flowType: 'Other' }));
  };
  try {
    return await create('');
  } catch (error) {
    // The old command made another client of the same label.
    if (given !== undefined || !isKubeError(error, 'AlreadyExists')) throw error;
    return create(buildSuffix());
  }
}

function buildSuffix(): string {
  return crypto.randomUUID().slice(0, 8);
}

/** Throws what the operator says when nothing is issued in time. */
async function waitForIssue(cluster: OpenCluster, { metadata }: Connection, line: CommandLine): Promise<Connection> {
  const { namespace, name } = metadata;
  const timeout = readTimeout(line);
  let last: Connection | undefined;
  const issued = await waitUntil(Date.now() + timeout, async () => {
    last = await readConnection(cluster, namespace, name);
    return last.status?.binding === undefined ? undefined : last;
  });
  if (issued !== undefined) return issued;
  const said = last === undefined ? '' : `: ${readHealth(last).message}`;
  throw new Error(
    `Connection ${namespace}/${name} was made, but has no credentials after ${line.text('timeout') ?? '60s'}${said}`,
  );
}
