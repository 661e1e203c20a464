import { describe, expect, test } from 'vitest';
import type { Connection } from '../../../src/api/generated/connection.ts';
import { compareClaims } from '../../../src/credentials/claim-order.ts';
import { at, buildConnection, buildVerifier, day, hour } from './build-connection.ts';

function claimant(
  name: string,
  more: { issuedAt?: string; created?: string; namespace?: string; uid?: string } = {},
): Connection {
  const { issuedAt, created = '2026-01-01T00:00:00Z', namespace = 'shop', uid = name } = more;
  const metadata = { name, namespace, uid: name, creationTimestamp: created };
  return buildConnection({ metadata, ...(issuedAt && { status: { credentials: { uid, issuedAt } } }) });
}

describe('what two Connections claim belongs to', () => {
  test.each<[string, Connection, Connection]>([
    [
      'whoever was issued first',
      claimant('z', { issuedAt: at(-day), created: at(0) }),
      claimant('a', { issuedAt: at(-hour) }),
    ],
    [
      'who was issued rather than who was not, however old',
      claimant('z', { issuedAt: at(0), created: at(0) }),
      claimant('a'),
    ],
    [
      'the older one when both were issued in the same moment',
      claimant('z', { issuedAt: at(0), created: '2026-01-01T00:00:00Z' }),
      claimant('a', { issuedAt: at(0), created: '2026-01-01T00:00:01Z' }),
    ],
    ['the older one when neither was', claimant('z'), claimant('a', { created: '2026-01-02T00:00:00Z' })],
    [
      'the first by namespace when both are of one age',
      claimant('z', { namespace: 'a' }),
      claimant('a', { namespace: 'b' }),
    ],
    ['the first by name then', claimant('a'), claimant('b')],
    [
      'nobody by a status of another uid',
      claimant('z', { issuedAt: at(0), created: at(0) }),
      claimant('a', { issuedAt: at(-day), uid: 'another' }),
    ],
  ])('%s', (_, first, second) => {
    expect(compareClaims(first, second)).toBeLessThan(0);
    expect(compareClaims(second, first)).toBeGreaterThan(0);
    expect(compareClaims(first, first)).toBe(0);
  });

  test('whoever has the oldest verifier, where nothing else says when it was issued', () => {
    const of = (name: string, issued: string): Connection => {
      const password = [{ ...buildVerifier('1-aaaaaa'), issued }, buildVerifier('2-bbbbbb', { issued: at(0) })];
      const metadata = { name, uid: name };
      return buildConnection({ metadata, status: { credentials: { uid: name, password } } });
    };
    expect(compareClaims(of('z', at(-day)), of('a', at(-hour)))).toBeLessThan(0);
    expect(compareClaims(of('a', at(-hour)), of('z', at(-day)))).toBeGreaterThan(0);
    expect(compareClaims(of('z', at(-hour)), claimant('a', { issuedAt: at(0) }))).toBeLessThan(0);
  });

  test('the same one whichever is asked first, for any three', () => {
    const some = [claimant('a'), claimant('b', { issuedAt: at(0) }), claimant('c', { created: at(-day) })];
    const sorted = (list: readonly Connection[]) => [...list].sort(compareClaims).map(({ metadata }) => metadata.name);
    expect(sorted(some)).toEqual(sorted(some.toReversed()));
  });
});
