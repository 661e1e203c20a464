import type { ConnectionFlow, FlowCounts, FlowReport } from '../../api/flow-report.ts';
import { UsageError } from '../../process/read-flags.ts';
import type { Command } from '../command.ts';
import { allNamespacesFlags, clusterFlags, gatewayFlags, namespaceFlags, outputFlags } from '../flag-groups.ts';
import { formatChart, formatCount } from '../format-chart.ts';
import { formatOutput } from '../format-output.ts';
import { formatTable } from '../format-table.ts';
import { useReports } from '../gateway/use-reports.ts';
import type { CommandLine } from '../read-command-line.ts';
import { sumDays } from '../sum-days.ts';
import type { Tools } from '../tools.ts';
import { useCluster } from '../use-cluster.ts';

/** What is drawn, in this order, where there is any of it. */
const charts: readonly (readonly [keyof FlowCounts, string])[] = [
  ['created', 'Products created'],
  ['updated', 'Products updated'],
  ['sent', 'Products sent'],
  ['business', 'Business errors'],
  ['technical', 'Technical errors'],
];

/** `usage [NAME]`: data flows as charts. */
export const usage: Command = {
  name: 'usage',
  summary: 'Draw what tracked connections moved: created, updated, sent, errors',
  operands: '[NAME]',
  takes: { least: 0, most: 1 },
  description: ['Counted by the gateway, for tracked connections. Days are those of your time zone (TZ).'],
  examples: [
    ['usage', 'all tracked connections of the namespace'],
    ['usage erp --days 3', 'one of them'],
  ],
  flags: {
    days: { value: 'NUMBER', help: '1 to 9, today included', fallback: '8' },
    ...allNamespacesFlags,
    ...namespaceFlags,
    ...outputFlags,
    ...gatewayFlags,
    ...clusterFlags,
  },
  run: (line, tools) =>
    useCluster(line, tools, async ({ cluster, namespace, scope }) => {
      const days = readDays(line);
      const [name] = line.operands;
      if (name !== undefined && scope === undefined)
        throw new UsageError('NAME and --all-namespaces exclude each other.');
      const asked = { namespace: name === undefined ? scope : namespace, name };
      const flows = await useReports(cluster, line, (reports) => reports.readFlows(asked, (days + 1) * 24));
      if ('missing' in flows) throw new Error(`flows cannot be shown: ${flows.missing}`);
      const output = line.text('output');
      if (output !== undefined) tools.terminal.print(formatOutput(output, flows.value));
      else printFlows(tools, flows.value, days);
      return 0;
    }),
};

function readDays(line: CommandLine): number {
  const text = line.text('days') ?? '8';
  if (!/^[1-9]$/.test(text)) throw new UsageError(`--days takes a number from 1 to 9, not ${JSON.stringify(text)}.`);
  return Number(text);
}

function printFlows({ terminal, env, now }: Tools, { connections, hours }: FlowReport, days: number): void {
  if (connections.length === 0) {
    terminal.print('No tracked connection here: set spec.tracked, and counting begins.');
    return;
  }
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const sums = sumDays(hours, days, now(), zone);
  const isPlain = !/utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || '');
  const shown = charts.filter(([part]) => sums.some((day) => day[part] > 0));
  for (const [part, title] of shown) {
    const total = sums.reduce((sum, day) => sum + day[part], 0);
    terminal.print(
      `${terminal.paint('bold', title)}: ${formatCount(total)}, today ${formatCount(sums.at(-1)?.[part] ?? 0)}`,
    );
    const bars = sums.map((day) => ({ label: day.day.slice(5), value: day[part] }));
    terminal.print(`${formatChart(bars, terminal.columns, isPlain)}\n`);
  }
  if (shown.length === 0) terminal.print(`Nothing moved in ${days} days.\n`);
  terminal.print(formatConnections(connections));
}

function formatConnections(connections: readonly ConnectionFlow[]): string {
  const head = ['NAMESPACE', 'NAME', 'CREATED', 'UPDATED', 'SENT', 'BUSINESS', 'TECHNICAL'];
  const rows = connections.map((flow) => [
    flow.namespace,
    flow.name,
    ...[flow.created, flow.updated, flow.sent, flow.business, flow.technical].map(formatCount),
  ]);
  return formatTable(head, rows);
}
