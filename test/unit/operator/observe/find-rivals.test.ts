import { describe, expect, test } from 'vitest';
import type { Connection } from '../../../../src/api/generated/connection.ts';
import { buildIdentityLookup, findRivals } from '../../../../src/operator/observe/find-rivals.ts';
import { at, buildConnection, hour } from '../../credentials/build-connection.ts';
import { buildCache } from './build-cache.ts';

interface Claim {
  readonly code?: string;
  readonly namespace?: string;
  readonly clientId?: string;
  readonly username?: string;
  /** Absent: not issued. */
  readonly issuedAt?: string;
  /** Uid in its status; absent: its own. */
  readonly uid?: string;
}

function claimant(name: string, claim: Claim = {}): Connection {
  const { code, namespace = 'shop', clientId, username, issuedAt, uid = name } = claim;
  const names = { ...(clientId && { clientId }), ...(username && { username }) };
  const entry = { version: '1-aaaaaa', key: 'k', alg: 'hmac-sha256', hash: 'h', issued: at(0) } as const;
  const credentials = { uid, issuedAt: issuedAt ?? '', clientSecret: [entry], password: [entry] };
  return buildConnection({
    metadata: { name, namespace, uid: name },
    spec: { ...(code && { code }) },
    ...(issuedAt && { status: { ...names, credentials } }),
  });
}

const mine = claimant('mine', { code: 'erp', clientId: 'erp_x', username: 'erp_1', issuedAt: at(0) });

describe('who goes before a Connection', () => {
  test.each<[string, Claim, object]>([
    ['nobody who claims something else', { code: 'dam', issuedAt: at(-hour) }, {}],
    [
      'who was issued the code before',
      { code: 'erp', issuedAt: at(-hour) },
      { code: { namespace: 'shop', name: 'other' } },
    ],
    [
      'who was issued the code before, ignoring case',
      { code: 'ERP', issuedAt: at(-hour) },
      { code: { namespace: 'shop', name: 'other' } },
    ],
    [
      'who was issued the code before in another namespace',
      { code: 'erp', namespace: 'far', issuedAt: at(-hour) },
      { code: { namespace: 'far', name: 'other' } },
    ],
    ['nobody who was issued later', { code: 'erp', issuedAt: at(hour) }, {}],
    ['nobody who was not issued', { code: 'erp' }, {}],
    [
      'who has the client id',
      { code: 'dam', clientId: 'erp_x', issuedAt: at(-hour) },
      { clientId: { namespace: 'shop', name: 'other' } },
    ],
    [
      'who has the username',
      { code: 'dam', username: 'erp_1', issuedAt: at(-hour) },
      { username: { namespace: 'shop', name: 'other' } },
    ],
    ['nobody by the status of another uid', { code: 'dam', username: 'erp_1', issuedAt: at(-hour), uid: 'gone' }, {}],
  ])('%s', (_, claim, rivals) => {
    expect(findRivals(buildCache([mine, claimant('other', claim)]), mine)).toEqual(rivals);
  });

  test('the first of several', () => {
    const others = [
      claimant('a', { code: 'erp', issuedAt: at(-hour) }),
      claimant('b', { code: 'erp', issuedAt: at(-2 * hour) }),
    ];
    expect(findRivals(buildCache([mine, ...others]), mine)).toEqual({ code: { namespace: 'shop', name: 'b' } });
  });

  test('not the object that had its name before, which the cache still holds', () => {
    const before = claimant('mine', { code: 'erp', clientId: 'erp_x', issuedAt: at(-hour) });
    const anew = buildConnection({ metadata: { name: 'mine', uid: 'anew' }, spec: { code: 'erp' } });
    expect(findRivals(buildCache([before]), anew)).toEqual({});
    expect(buildIdentityLookup(buildCache([before]), anew, () => false).isTaken('erp_x')).toBe(false);
  });

  test('nobody by the names in a status of another uid', () => {
    const restored = claimant('mine', { code: 'crm', clientId: 'erp_x', issuedAt: at(0), uid: 'gone' });
    expect(
      findRivals(buildCache([claimant('other', { code: 'erp', clientId: 'erp_x', issuedAt: at(-hour) })]), restored),
    ).toEqual({});
  });
});

describe('a name', () => {
  const cache = buildCache([
    mine,
    claimant('other', { code: 'shop_eu', clientId: 'theirs', username: 'them', issuedAt: at(0) }),
    claimant('new', { code: 'new' }),
  ]);
  const lookup = buildIdentityLookup(cache, mine, (name) => name === 'gone_1');

  test.each([
    ['free', 'anything', [false, false, false]],
    ['its own', 'erp_x', [false, false, false]],
    ['that another one has', 'theirs', [true, true, true]],
    ['that another one has as a username', 'them', [true, true, true]],
    ['that a deleted one had', 'gone_1', [false, true, true]],
    ['that another one could be given', 'shop_eu_0001', [false, false, true]],
    ['that another one could be given, ignoring case', 'SHOP_EU_0001', [false, false, true]],
    ['that one could be given who was not issued yet', 'new_abc', [false, false, true]],
    ['that begins with a part of another code', 'shop_0001', [false, false, false]],
    ['that begins with another code and goes on without _', 'shop_eux', [false, false, false]],
    ['that begins with its own code', 'erp_9999', [false, false, false]],
  ])('%s: is, was or could be another one’s', (_, name, [isHeld, wasHeld, isTaken]) => {
    expect([lookup.isHeld(name), lookup.wasHeld(name), lookup.isTaken(name)]).toEqual([isHeld, wasHeld, isTaken]);
  });

  test('of a longer code is that one’s, of the own code its own', () => {
    const longer = buildCache([mine, claimant('other', { code: 'erp_eu' })]);
    expect(buildIdentityLookup(longer, mine, () => false).isTaken('erp_eu_0001')).toBe(true);
    const shorter = buildCache([mine, claimant('other', { code: 'er' })]);
    expect(buildIdentityLookup(shorter, mine, () => false).isTaken('erp_0001')).toBe(false);
  });
});
