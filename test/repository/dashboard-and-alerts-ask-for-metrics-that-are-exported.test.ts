import { parser } from '@prometheus-io/lezer-promql';
import { load } from 'js-yaml';
import { Histogram } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { CallCounts } from '../../src/gateway/metrics/call-counts.ts';
import { buildGatewayMetrics } from '../../src/gateway/metrics/gateway-metrics.ts';
import { registerFlowMetrics } from '../../src/gateway/metrics/register-flow-metrics.ts';
import { buildOperatorMetrics } from '../../src/operator/operator-metrics.ts';
import { readFile } from './read-tracked-files.ts';

interface Alerts {
  readonly spec: {
    readonly groups: readonly { readonly rules: readonly { readonly alert: string; readonly expr: string }[] }[];
  };
}
interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets?: readonly { readonly expr: string }[] }[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly definition?: string }[] };
}

const alerts = load(readFile('manifests/components/alerts/alerts.yaml')) as Alerts;
const dashboard = JSON.parse(readFile('manifests/components/grafana-dashboard/connections.json')) as Dashboard;

/** What is asked, by who asks it. */
const questions: readonly (readonly [string, string])[] = [
  ...alerts.spec.groups.flatMap(({ rules }) => rules.map(({ alert, expr }) => [alert, expr] as const)),
  ...dashboard.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr] as const)),
  ...dashboard.templating.list.flatMap(({ name, definition }) => {
    const vector = /^label_values\((.+), \w+\)$/.exec(definition ?? '')?.[1];
    return vector === undefined ? [] : [[`variable ${name}`, vector] as const];
  }),
];

/** Names of series and the labels that each has, of both programs. */
async function readExported(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const unasked = (): never => {
    throw new Error('no values are read here');
  };
  const gateway = buildGatewayMetrics({
    counts: new CallCounts(),
    staleness: unasked,
    isStale: unasked,
    connections: unasked,
    hasKeys: unasked,
    isStoreUp: unasked,
  });
  registerFlowMetrics(gateway.registry, { totals: { read: () => [] }, lost: () => 0 });
  const operator = buildOperatorMetrics({
    queueDepth: unasked,
    isLeader: unasked,
    connections: unasked,
    clockSkew: unasked,
    watchAge: unasked,
  });
  const exported = new Map<string, ReadonlySet<string>>();
  for (const metric of [...gateway.registry.getMetricsAsArray(), ...operator.registry.getMetricsAsArray()]) {
    const { name, labelNames } = metric as unknown as { readonly name: string; readonly labelNames: readonly string[] };
    if (metric instanceof Histogram) exported.set(`${name}_bucket`, new Set([...labelNames, 'pod', 'le']));
    else exported.set(name, new Set([...labelNames, 'pod']));
  }
  return exported;
}

/** Series of a question with the labels that it picks them by, and labels that it groups by. */
interface Question {
  readonly series: readonly { readonly name: string; readonly labels: string[] }[];
  readonly groups: readonly string[];
}

/** As Prometheus reads it; throws when it cannot be read. */
function readQuestion(expr: string): Question {
  // Grafana puts these in before it asks.
  const asked = expr.replaceAll('$__rate_interval', '5m').replaceAll(/\$\w+/g, 'x');
  const series: { name: string; labels: string[]; to: number }[] = [];
  const groups: string[] = [];
  parser.parse(asked).iterate({
    enter({ type, from, to }) {
      const text = asked.slice(from, to);
      if (type.isError) throw new Error(`cannot be read at "${asked.slice(from, from + 20)}": ${asked}`);
      if (type.name === 'VectorSelector') series.push({ name: /^\w+/.exec(text)?.[0] ?? '', labels: [], to });
      if (type.name !== 'LabelName') return;
      const around = series.at(-1);
      if (around !== undefined && to <= around.to) around.labels.push(text);
      else groups.push(text);
    },
  });
  return { series, groups };
}

describe('dashboard and alerts', async () => {
  const exported = await readExported();

  test('ask something', () => {
    expect(questions.length).toBeGreaterThan(30);
    expect(dashboard.templating.list.map(({ name }) => name)).toEqual(['datasource', 'namespace', 'connection']);
  });

  test.each(questions)('%s: series and labels are there', (_name, expr) => {
    const { series, groups } = readQuestion(expr);
    expect(series.length).toBeGreaterThan(0);
    for (const { name, labels } of series) {
      expect([...exported.keys()]).toContain(name);
      expect(
        [...labels, ...groups].filter((label) => !exported.get(name)?.has(label)),
        name,
      ).toEqual([]);
    }
  });

  test.each([
    ['a name that nothing has', 'connection_flow_product_total'],
    ['a label that it does not have', 'connection_flow_products_total{type="sent"}'],
    ['a group that it does not have', 'sum by (event) (connection_flow_errors_total)'],
  ])('%s would be found', (_name, expr) => {
    const { series, groups } = readQuestion(expr);
    const isThere = series.every(({ name, labels }) => [...labels, ...groups].every((l) => exported.get(name)?.has(l)));
    expect(isThere && series.every(({ name }) => exported.has(name))).toBe(false);
  });
});
