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
  /** File with what the operator writes. */
  readonly log: string;
}

/** What `npm start` ends with: the connections, how to reach the cluster, three things to try. */
export function formatSummary({ connections, kubeconfig, kubectlFolder, temporary, log }: Summary): string {
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
  const first = connections.find((connection) => connection.ready === 'True') ?? connections[0];
  return [
    '',
    formatTable([header, ...rows]),
    '',
    'In another terminal:',
    `  export KUBECONFIG="${kubeconfig}"${path}`,
    ...(first === undefined ? [] : formatTrials(first)),
    '',
    `What the operator writes: ${log}`,
    temporary
      ? 'Ctrl-C ends all of it.'
      : 'Ctrl-C ends the operator. What was applied stays; kubectl delete -k examples and -k manifests take it away.',
    '',
  ].join('\n');
}

function formatTrials({ namespace, name, secret }: ExampleConnection): string[] {
  const read = `kubectl -n ${namespace} get secret ${secret} -o jsonpath='{.data.client-secret}' | base64 -d; echo`;
  return [
    '',
    'Three things to try:',
    '  1. Read a client secret, ask for a new one, read it again:',
    `     ${read}`,
    `     kubectl -n ${namespace} annotate connection ${name} connect.pim.dev/rotate="$(date +%s)" --overwrite`,
    '  2. Delete the Secret and see what comes back, and why:',
    `     kubectl -n ${namespace} delete secret ${secret}`,
    `     kubectl -n ${namespace} get secret ${secret}; kubectl -n ${namespace} get events`,
    '  3. Delete the Connection; its Secret goes with it:',
    `     kubectl -n ${namespace} delete connection ${name}`,
    `     kubectl -n ${namespace} get connections,secrets`,
  ];
}
