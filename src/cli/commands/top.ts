import { setTimeout as sleep } from 'node:timers/promises';
import { parseDuration } from '../../api/parse-duration.ts';
import { UsageError } from '../../process/read-flags.ts';
import type { Command } from '../command.ts';
import { allNamespacesFlags, clusterFlags, gatewayFlags, namespaceFlags, outputFlags } from '../flag-groups.ts';
import { formatOutput } from '../format-output.ts';
import { formatTable } from '../format-table.ts';
import { reachGateway } from '../gateway/reach-gateway.ts';
import type { CommandLine } from '../read-command-line.ts';
import { addCounts, type RequestCounts, readRequestCounts } from '../read-request-counts.ts';
import { useCluster } from '../use-cluster.ts';

/** What one Connection does at the moment, in calls a second. */
interface Rates {
  readonly namespace: string;
  readonly name: string;
  readonly allowed: number;
  readonly refused: number;
  readonly limited: number;
  /** Since the gateways started. */
  readonly total: number;
}

/** `top`: who calls how often, now. */
export const top: Command = {
  name: 'top',
  summary: 'Show which connections call how often at the moment',
  operands: '',
  takes: { least: 0, most: 0 },
  description: [
    'Calls a second over all gateways, the busiest first, from their metrics. On a terminal it goes on until Ctrl-C; in a\npipe it measures once.',
  ],
  examples: [
    ['top -A', 'all connections'],
    ['top --once -o json', 'one measurement for a program'],
  ],
  flags: {
    interval: { value: 'DURATION', help: 'time between two looks, at least 1s', fallback: '2s' },
    once: { help: 'measure once' },
    ...allNamespacesFlags,
    ...namespaceFlags,
    ...outputFlags,
    ...gatewayFlags,
    ...clusterFlags,
  },
  run: (line, tools) =>
    useCluster(line, tools, async ({ cluster, scope }) => {
      const { terminal } = tools;
      const interval = readInterval(line);
      const output = line.text('output');
      const isOnce = line.is('once') === true || output !== undefined || !terminal.isWatched;
      const reach = await reachGateway(cluster, line, 'admin', { every: true });
      if ('missing' in reach) throw new Error(`calls cannot be shown: ${reach.missing}`);
      try {
        let before = { counts: await readCounts(reach.origins), at: performance.now() };
        for (;;) {
          await sleep(interval);
          const after = { counts: await readCounts(reach.origins), at: performance.now() };
          const rates = buildRates(before.counts, after.counts, (after.at - before.at) / 1_000, scope);
          if (output !== undefined) terminal.print(formatOutput(output, rates));
          else {
            if (!isOnce) terminal.clear();
            terminal.print(formatRates(rates));
          }
          if (isOnce) return 0;
          before = after;
        }
      } finally {
        await reach.close();
      }
    }),
};

function readInterval(line: CommandLine): number {
  const milliseconds = parseDuration(line.text('interval') ?? '2s');
  if (milliseconds === undefined || milliseconds < 1_000)
    throw new UsageError('--interval takes a duration of at least 1s.');
  return milliseconds;
}

async function readCounts(origins: readonly string[]): Promise<ReadonlyMap<string, RequestCounts>> {
  return addCounts(await Promise.all(origins.map(readMetrics)));
}

async function readMetrics(origin: string): Promise<ReadonlyMap<string, RequestCounts>> {
  try {
    const answer = await fetch(`${origin}/metrics`, { redirect: 'error', signal: AbortSignal.timeout(10_000) });
    if (answer.ok) return readRequestCounts(await answer.text());
  } catch {
    // Said below, as for any other answer.
  }
  throw new Error(`there are no metrics of a gateway at ${origin}: give --gateway-admin URL`);
}

/** A gateway that started anew counts from zero. */
function buildRates(
  before: ReadonlyMap<string, RequestCounts>,
  after: ReadonlyMap<string, RequestCounts>,
  seconds: number,
  scope: string | undefined,
): readonly Rates[] {
  return [...after.entries()]
    .filter(([, { namespace }]) => scope === undefined || namespace === scope)
    .map(([key, now]) => {
      const rate = (part: 'allowed' | 'refused' | 'limited'): number =>
        Math.round((Math.max(0, now[part] - (before.get(key)?.[part] ?? 0)) / seconds) * 10) / 10;
      const { namespace, name } = now;
      const total = now.allowed + now.refused + now.limited;
      return { namespace, name, allowed: rate('allowed'), refused: rate('refused'), limited: rate('limited'), total };
    })
    .sort((a, b) => b.allowed + b.refused + b.limited - (a.allowed + a.refused + a.limited) || b.total - a.total);
}

function formatRates(rates: readonly Rates[]): string {
  if (rates.length === 0) return 'No connection has called since the gateways started.';
  const rows = rates
    .slice(0, 40)
    .map(({ namespace, name, ...numbers }) => [
      namespace,
      name,
      ...[numbers.allowed, numbers.refused, numbers.limited].map((rate) => rate.toFixed(1)),
      String(numbers.total),
    ]);
  return formatTable(['NAMESPACE', 'NAME', 'ALLOWED/S', 'REFUSED/S', 'LIMITED/S', 'CALLS'], rows);
}
