import type { ExampleConnection } from './example-connections.ts';

/** Rows of text as a table with aligned columns, without a space at the end of a line. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const format = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('   ')
      .trimEnd();
  return rows.map(format).join('\n');
}

export interface Summary {
  readonly connections: readonly ExampleConnection[];
  readonly kubeconfig: string;
  /** Folder with a kubectl, where the machine has none on its PATH. */
  readonly kubectlFolder?: string;
  /** Whether the cluster ends with this run. */
  readonly temporary: boolean;
  /** Folder with what the programs write. */
  readonly logs: string;
  /** Where clients reach the gateway. */
  readonly gateway: string;
  /** Its admin port. */
  readonly admin: string;
  /** Where the sample API behind it listens. */
  readonly api: string;
  /** Address of the dashboard, with a code that signs in. */
  readonly dashboard: string;
  /** Whether somebody can press Enter for another code. */
  readonly canAsk: boolean;
}

/** What `npm start` ends with: the connections, how to reach cluster and gateway, five things to try. */
export function formatSummary(summary: Summary): string {
  const { connections, kubeconfig, kubectlFolder, temporary, logs, gateway, admin, api, dashboard, canAsk } = summary;
  const header = ['NAMESPACE', 'CONNECTION', 'FLOW', 'READY', 'REASON', 'SECRET'];
  const rows = connections.map(({ namespace, name, flow, ready, reason, secret }) => [
    namespace,
    name,
    flow,
    ready,
    reason,
    secret,
  ]);
  const path = kubectlFolder === undefined ? '' : ` PATH="${kubectlFolder}:$PATH"`;
  const ready = connections.filter((connection) => connection.ready === 'True');
  // It may list categories, and its values are safe in a shell.
  const first = ready.find(({ name }) => name === 'erp') ?? ready[0] ?? connections[0];
  return [
    '',
    formatTable([header, ...rows]),
    '',
    `Gateway:   ${gateway}, in front of a sample API at ${api}; erp, dam and ecommerce call it all the time`,
    `           ${admin} has its metrics and data flows`,
    `Dashboard: ${dashboard}`,
    `           signs you in once, within a minute${canAsk ? '; press Enter for another one' : ''}. Later a token will do:`,
    '           kubectl config view --raw --minify -o jsonpath={.users[0].user.token}',
    '',
    'In another terminal:',
    `  export KUBECONFIG="${kubeconfig}"${path}`,
    ...(first === undefined ? [] : formatTrials(first, gateway, admin)),
    '',
    `What the programs write: ${logs}`,
    temporary
      ? 'Ctrl-C ends all of it.'
      : 'Ctrl-C ends the programs. What was applied stays; kubectl delete -k examples and -k manifests take it away.',
    '',
  ].join('\n');
}

function formatTrials({ namespace, name, secret }: ExampleConnection, gateway: string, admin: string): string[] {
  const value = (key: string): string => `{{index .data "${key}" | base64decode}}`;
  const login = [
    `-u ${value('client-id')}:${value('client-secret')}`,
    `-d grant_type=password -d username=${value('username')} -d password=${value('password')}`,
  ].join(' ');
  const token = `kubectl -n ${namespace} get secret ${secret} -o go-template='${login}' | xargs curl -s ${gateway}/api/oauth/v1/token | sed 's/.*access_token":"//; s/".*//'`;
  const read = `kubectl -n ${namespace} get secret ${secret} -o jsonpath='{.data.client-secret}' | base64 -d; echo`;
  return [
    '',
    'Five things to try:',
    '  1. Get a token and call the API:',
    `     TOKEN=$(${token})`,
    `     curl -s -H "Authorization: Bearer $TOKEN" '${gateway}/api/rest/v1/categories?limit=2'`,
    '  2. Read a client secret, ask for a new one, read it again; the token from before is refused:',
    `     ${read}`,
    `     kubectl -n ${namespace} annotate connection ${name} connect.pim.dev/rotate="$(date +%s)" --overwrite`,
    '  3. See what flows, with the plugin of kubectl (npm run build && npm install -g ./dist/bin):',
    `     kubectl connection usage -n ${namespace} --gateway-admin ${admin}`,
    '  4. Delete the Secret and see what comes back, and why:',
    `     kubectl -n ${namespace} delete secret ${secret}`,
    `     kubectl -n ${namespace} get secret ${secret}; kubectl -n ${namespace} get events`,
    '  5. Delete the Connection; its Secret goes with it:',
    `     kubectl -n ${namespace} delete connection ${name}`,
    `     kubectl -n ${namespace} get connections,secrets`,
  ];
}
