import { expect, test } from 'vitest';
import type { ReportedWarning } from '../../../src/api/flow-report.ts';
import type { ConnectionStatus } from '../../../src/api/generated/connection.ts';
import { findWarnings } from '../../../src/insight/find-warnings.ts';
import { connectionOf } from './connection-of.ts';

const now = Date.parse('2026-01-20T12:00:00Z');

function reportedOf(
  kind: ReportedWarning['kind'],
  detail: string,
  at = '2026-01-19T10:15:00.000Z',
  uid = 'u1',
): ReportedWarning {
  return { uid, namespace: 'connectors', name: 'erp', kind, detail, at };
}

const kindsOf = (...args: Parameters<typeof findWarnings>): string[] => findWarnings(...args).map(({ kind }) => kind);

test('a connection that is used as it should be has none', () => {
  expect(findWarnings(connectionOf({}, { lastUsedDate: '2026-01-20' }), [], now)).toEqual([]);
});

test('a default role and group, named or not', () => {
  const named = connectionOf({ roleRef: { name: 'user' }, groupRef: { name: 'all' } });
  expect(kindsOf(named, [], now)).toEqual(['defaultRole', 'defaultGroup']);
  const { roleRef: _, groupRef: __, ...spec } = named.spec;
  expect(kindsOf({ ...named, spec }, [], now)).toEqual(['defaultRole', 'defaultGroup']);
});

test('one wrong username in the words of the PIM', () => {
  expect(findWarnings(connectionOf(), [reportedOf('otherUsername', 'dam_0007')], now)).toEqual([
    {
      kind: 'wrongPair',
      sentence:
        'We noticed that you are using the dam_0007 username for this connection (last use on 2026-01-19 at 10:15 UTC). We recommend using the erp_1234 username instead.',
    },
  ]);
});

test('several, the last one first', () => {
  const reported = [
    reportedOf('otherUsername', 'dam_0007'),
    reportedOf('otherUsername', 'shop_0009', '2026-01-20T09:00:00.000Z'),
  ];
  expect(findWarnings(connectionOf(), reported, now)[0]?.sentence).toMatch(
    /erp_1234 username instead\. .*over the past 7 days: shop_0009 \(.*\) and dam_0007 \(.*\)\.$/,
  );
});

test('on the page of the user the client is named', () => {
  const reported = [reportedOf('otherClientId', '1_shop')];
  expect(findWarnings(connectionOf(), reported, now)[0]?.sentence).toBe(
    "Its username is used with another connection's client id: 1_shop (last use on 2026-01-19 at 10:15 UTC). We recommend using erp_abcdefghijklmnopqrstuvwx instead.",
  );
});

test('a username looks as its owner likes, and is still no client id', () => {
  const adopted = 'shop_000000000000000000000000';
  expect(findWarnings(connectionOf(), [reportedOf('otherUsername', adopted)], now)[0]?.sentence).toContain(
    `using the ${adopted} username`,
  );
});

test('after 7 days, and of another connection, nothing is said', () => {
  const reported = [
    reportedOf('otherUsername', 'dam_0007', '2026-01-13T11:00:00.000Z'),
    reportedOf('otherUsername', 'dam_0007', '2026-01-19T11:00:00.000Z', 'another'),
  ];
  expect(findWarnings(connectionOf(), reported, now)).toEqual([]);
});

test('a retired value in use', () => {
  const reported = [reportedOf('retiredValue', 'clientSecret 7-k3x9q2')];
  expect(findWarnings(connectionOf(), reported, now)[0]?.sentence).toBe(
    'A connector still presents a retired client secret of version 7-k3x9q2 (last use on 2026-01-19 at 10:15 UTC). It is refused: let it read Secret erp-credentials again.',
  );
});

test('adopted values until they are rotated', () => {
  const adopted = (items: NonNullable<NonNullable<ConnectionStatus['credentials']>['adopted']>): string[] =>
    kindsOf(connectionOf({}, { credentials: { uid: 'u1', adopted: items } }), [], now);
  expect(adopted(['clientId', 'username', 'password'])).toEqual(['adopted']);
  expect(adopted(['clientId', 'username'])).toEqual([]);
});

test.each<[string, ConnectionStatus, string[]]>([
  ['30 days ago', { lastUsedDate: '2025-12-21' }, []],
  ['31 days ago', { lastUsedDate: '2025-12-20' }, ['unused']],
  ['never, issued 20 days ago', {}, []],
  ['never, issued 40 days ago', { credentials: { uid: 'u1', issuedAt: '2025-12-11T00:00:00Z' } }, ['unused']],
])('last used %s', (_, status, kinds) => {
  expect(kindsOf(connectionOf({}, status), [], now)).toEqual(kinds);
  expect(kindsOf(connectionOf({ suspend: true }, status), [], now)).toEqual([]);
});

test.each([
  ['RoleNotFound', 'roleMissing'],
  ['RoleNotAllowed', 'roleMissing'],
  ['GroupNotFound', 'groupMissing'],
  ['GroupNotAllowed', 'groupMissing'],
])('%s is told as the operator said it', (reason, kind) => {
  const condition = { type: 'Ready', status: 'False' as const, reason, message: 'Create it.', lastTransitionTime: '' };
  expect(findWarnings(connectionOf({}, { conditions: [condition] }), [], now)).toEqual([
    { kind, sentence: 'Create it.' },
  ]);
});
