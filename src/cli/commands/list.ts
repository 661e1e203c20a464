import type { ConnectionFlow } from '../../api/flow-report.ts';
import type { Connection } from '../../api/generated/connection.ts';
import { findWarnings } from '../../insight/find-warnings.ts';
import { type HealthState, readHealth } from '../../insight/read-health.ts';
import { connectionsPath } from '../../kube/resource-paths.ts';
import { cleanText } from '../clean-text.ts';
import type { Command } from '../command.ts';
import { allNamespacesFlags, clusterFlags, gatewayFlags, namespaceFlags, outputFlags } from '../flag-groups.ts';
import { formatOutput } from '../format-output.ts';
import { formatTable } from '../format-table.ts';
import { type Report, type Reports, useReports } from '../gateway/use-reports.ts';
import type { Style, Terminal } from '../terminal.ts';
import { useCluster } from '../use-cluster.ts';

/** Hours over which errors are summed up: 7 days. */
const errorHours = 168;

/** One Connection at a glance. */
interface Entry {
  readonly namespace: string;
  readonly name: string;
  readonly label: string;
  readonly flowType: string;
  readonly tracked: boolean;
  readonly state: HealthState;
  readonly reason: string;
  readonly message: string;
  readonly lastUsedDate: string | null;
  readonly warnings: readonly string[];
  /** Of 7 days; `null` when the gateway could not be asked or does not count. */
  readonly errors: number | null;
}

/** `list`: every connection at a glance. */
export const list: Command = {
  name: 'list',
  summary: 'Show connections with health, last use, warnings and errors',
  operands: '',
  takes: { least: 0, most: 0 },
  description: [
    'Errors are those of the last 7 days on tracked Source connections. They, and warnings about wrong credential pairs and\nretired values, come from the gateway; without it the rest is shown.',
  ],
  examples: [
    ['list -A', 'all of them'],
    ['list -n connectors -o json', 'for a script'],
  ],
  flags: { ...allNamespacesFlags, ...namespaceFlags, ...outputFlags, ...gatewayFlags, ...clusterFlags },
  run: (line, tools) =>
    useCluster(line, tools, async ({ cluster, scope }) => {
      const { terminal } = tools;
      const { items } = await cluster.client.list<Connection>(connectionsPath(scope));
      const entries = await useReports(cluster, line, (reports) => readEntries(items, reports, scope, tools.now()));
      const output = line.text('output');
      if (output !== undefined) terminal.print(formatOutput(output, entries));
      else if (entries.connections.length === 0) terminal.note(`No connections in ${scope ?? 'any namespace'}.`);
      else terminal.print(formatEntries(terminal, entries.connections, scope === undefined));
      if (output === undefined) for (const sentence of entries.missing) terminal.note(`Not shown: ${sentence}.`);
      return 0;
    }),
};

interface Entries {
  readonly connections: readonly Entry[];
  /** Sentences about what could not be read. */
  readonly missing: readonly string[];
}

async function readEntries(
  items: readonly Connection[],
  reports: Reports,
  namespace: string | undefined,
  now: number,
): Promise<Entries> {
  if (items.length === 0) return { connections: [], missing: [] };
  const [warnings, flows] = await Promise.all([
    reports.readWarnings({ namespace }),
    reports.readFlows({ namespace }, errorHours),
  ]);
  const reported = 'value' in warnings ? warnings.value.warnings : [];
  const flowOf = new Map('value' in flows ? flows.value.connections.map((flow) => [flow.uid, flow]) : []);
  const connections = items.map((connection) =>
    buildEntry(connection, flowOf, (it) => findWarnings(it, reported, now).map(({ sentence }) => sentence)),
  );
  return { connections, missing: [...new Set([...findMissing(warnings), ...findMissing(flows)])] };
}

function findMissing(report: Report<unknown>): readonly string[] {
  return 'missing' in report ? [`errors and warnings of the gateway, because ${report.missing}`] : [];
}

function buildEntry(
  connection: Connection,
  flowOf: ReadonlyMap<string, ConnectionFlow>,
  warn: (connection: Connection) => readonly string[],
): Entry {
  const { metadata, spec, status } = connection;
  const flow = flowOf.get(metadata.uid);
  return {
    namespace: metadata.namespace,
    name: metadata.name,
    label: cleanText(spec.label),
    flowType: spec.flowType,
    tracked: spec.tracked ?? false,
    ...readHealth(connection),
    lastUsedDate: status?.lastUsedDate ?? null,
    warnings: warn(connection).map(cleanText),
    errors: flow === undefined ? null : flow.business + flow.technical,
  };
}

/** Of each state. */
export const stateStyles: Readonly<Record<HealthState, Style>> = {
  ready: 'green',
  waiting: 'yellow',
  failed: 'red',
  suspended: 'dim',
  pending: 'yellow',
};

function formatEntries(terminal: Terminal, entries: readonly Entry[], hasNamespaces: boolean): string {
  const head = ['NAME', 'LABEL', 'FLOW', 'TRACKED', 'READY', 'LAST USED', 'WARNINGS', 'ERRORS'];
  const rows = entries.map((entry) => [
    ...(hasNamespaces ? [entry.namespace] : []),
    entry.name,
    entry.label,
    entry.flowType,
    entry.tracked ? 'yes' : 'no',
    terminal.paint(stateStyles[entry.state], entry.state === 'ready' ? 'yes' : `${entry.state} (${entry.reason})`),
    entry.lastUsedDate ?? 'never',
    entry.warnings.length === 0 ? '-' : terminal.paint('yellow', String(entry.warnings.length)),
    entry.errors === null ? '-' : entry.errors === 0 ? '0' : terminal.paint('red', String(entry.errors)),
  ]);
  return formatTable(hasNamespaces ? ['NAMESPACE', ...head] : head, rows);
}
