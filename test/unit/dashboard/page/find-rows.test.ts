import { expect, test } from 'vitest';
import { buildRow, type ConnectionRow } from '../../../../src/dashboard/page/connections/build-row.ts';
import { findRows, type RowFilter } from '../../../../src/dashboard/page/connections/find-rows.ts';
import { connectionOf } from '../../insight/connection-of.ts';

const now = Date.parse('2026-01-10T00:00:00Z');
const ready = [
  { type: 'Ready', status: 'True', reason: 'Issued', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' },
] as const;

function rowOf(name: string, spec: Parameters<typeof connectionOf>[0], namespace = 'shop'): ConnectionRow {
  return buildRow(
    connectionOf({ label: name, ...spec }, { conditions: ready }, { name, namespace, uid: name }),
    [],
    now,
  );
}

const rows = [
  rowOf('erp', { label: 'Zebra', roleRef: { name: 'writer' } }),
  rowOf('magento', { flowType: 'Destination', code: 'shop_fr' }),
  rowOf('pos', { flowType: 'Other' }, 'stores'),
  rowOf('defaults', { roleRef: { name: 'user' } }),
];

function find(part: Partial<RowFilter>): readonly string[] {
  const filter: RowFilter = { search: '', flow: 'all', namespace: '', attention: false, ...part };
  return findRows(rows, filter).lines.map((line) =>
    line.kind === 'heading' ? `${line.flowType} ${line.count}` : line.row.key,
  );
}

test('groups by flow type, in one order, without empty groups', () => {
  expect(find({})).toEqual([
    'Source 2',
    'shop/erp',
    'shop/defaults',
    'Destination 1',
    'shop/magento',
    'Other 1',
    'stores/pos',
  ]);
  expect(find({ flow: 'Destination' })).toEqual(['Destination 1', 'shop/magento']);
});

test.each([
  ['label', 'ZEB', ['Source 1', 'shop/erp']],
  ['code', 'shop_fr', ['Destination 1', 'shop/magento']],
  ['role', 'role:writer', ['Source 1', 'shop/erp']],
  ['every word', 'stores pos', ['Other 1', 'stores/pos']],
  ['nothing', 'role:writer stores', []],
])('searches by %s', (_what, search, expected) => {
  expect(find({ search })).toEqual(expected);
});

test('filters by namespace; the default role is a hint and no alarm', () => {
  expect(find({ namespace: 'stores' })).toEqual(['Other 1', 'stores/pos']);
  expect(rows[3]?.warnings.map(({ kind }) => kind)).toEqual(['defaultRole']);
  expect(find({ attention: true })).toEqual([]);
});

test('a row is made again only when something changed', () => {
  const connection = connectionOf();
  const reported = [
    {
      uid: 'u1',
      namespace: 'connectors',
      name: 'erp',
      kind: 'otherUsername',
      detail: 'b_0713',
      at: '2026-01-09T00:00:00Z',
    },
  ] as const;
  const row = buildRow(connection, reported, now);
  expect(buildRow(connection, reported, now + 1000)).toBe(row);
  expect(row.warnings.map(({ kind }) => kind)).toEqual(['wrongPair']);
  expect(buildRow(connection, [], now)).not.toBe(row);
});
