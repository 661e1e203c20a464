import { expect, test } from 'vitest';
import type { ExampleConnection } from '../../../../tools/start/example-connections.ts';
import { formatSummary, formatTable } from '../../../../tools/start/format-summary.ts';

const erp: ExampleConnection = {
  namespace: 'connectors',
  name: 'erp',
  flow: 'Source',
  ready: 'True',
  reason: 'Issued',
  secret: 'erp-credentials',
};
const shop = { ...erp, name: 'shop', ready: 'False', reason: 'RoleNotFound', secret: '' };
const plain = {
  kubeconfig: '/tmp/k.json',
  temporary: true,
  logs: '/tmp/logs',
  gateway: 'http://127.0.0.1:8080',
  admin: 'http://127.0.0.1:9090',
  api: 'http://127.0.0.1:8123',
  dashboard: 'http://localhost:8081/#code=once',
  canAsk: false,
};

test('columns are as wide as their widest cell', () => {
  expect(
    formatTable([
      ['A', 'B', 'C'],
      ['long', '', 'x'],
    ]),
  ).toBe('A      B   C\nlong       x');
});

test('every connection has a line with its Secret', () => {
  const lines = formatSummary({ ...plain, connections: [shop, erp] }).split('\n');
  expect(lines).toContain('connectors   erp          Source   True    Issued         erp-credentials');
  expect(lines).toContain('connectors   shop         Source   False   RoleNotFound');
});

test('what is to try names a connection that has a Secret', () => {
  const text = formatSummary({ ...plain, connections: [shop, erp] });
  expect(text).toContain('kubectl -n connectors get secret erp-credentials');
  expect(text.match(/^ {2}[12345]\. /gm)).toHaveLength(5);
  expect(text).toContain('kubectl connection usage -n connectors --gateway-admin http://127.0.0.1:9090');
});

test('a machine without kubectl is told where there is one', () => {
  expect(formatSummary({ ...plain, connections: [erp] })).toContain('export KUBECONFIG="/tmp/k.json"\n');
  expect(formatSummary({ ...plain, connections: [erp], kubectlFolder: '/bins' })).toContain(' PATH="/bins:$PATH"\n');
});

test('what stays in a cluster that was there before is said', () => {
  expect(formatSummary({ ...plain, connections: [erp] })).toContain('Ctrl-C ends all of it.');
  expect(formatSummary({ ...plain, temporary: false, connections: [erp] })).toContain('What was applied stays');
});

test('the dashboard is one click away', () => {
  expect(formatSummary({ ...plain, connections: [erp] })).toContain('Dashboard: http://localhost:8081/#code=once\n');
  expect(formatSummary({ ...plain, connections: [erp] })).not.toContain('press Enter');
  expect(formatSummary({ ...plain, canAsk: true, connections: [erp] })).toContain('press Enter for another one');
});
