import { describe, expect, test } from 'vitest';
import type { Connection } from '../../../../src/api/generated/connection.ts';
import { findLimitReached } from '../../../../src/operator/observe/check-limit.ts';
import { buildConnection, buildVerifier, issued } from '../../credentials/build-connection.ts';
import { buildCache } from './build-cache.ts';

const status = issued([buildVerifier('1-aaaaaa')]);

function waiting(name: string, created: string = '2026-01-01T00:00:00Z', namespace: string = 'shop'): Connection {
  return buildConnection({ metadata: { name, namespace, uid: name, creationTimestamp: created } });
}

function issuedOne(name: string, more: Partial<Connection['metadata']> = {}): Connection {
  const credentials = { ...status.credentials, uid: name } as NonNullable<typeof status.credentials>;
  return buildConnection({ metadata: { name, uid: name, ...more }, status: { ...status, credentials } });
}

/** Who has no place when all of these are there. */
function refused(limit: number, ...connections: readonly Connection[]): readonly string[] {
  const cache = buildCache(connections);
  return connections
    .filter((each) => findLimitReached(cache, each, limit) !== undefined)
    .map(({ metadata }) => metadata.name);
}

describe('a namespace with a limit', () => {
  test('has room for that many', () => {
    expect(refused(2, waiting('a'), waiting('b'))).toEqual([]);
  });

  test('gives its free places to the oldest', () => {
    expect(refused(1, waiting('a', '2026-01-02T00:00:00Z'), waiting('b'))).toEqual(['a']);
  });

  test('gives its free places by name among those of one age', () => {
    expect(refused(2, waiting('c'), waiting('a'), waiting('b'))).toEqual(['c']);
  });

  test('lets those who were issued keep their place, whatever the limit becomes', () => {
    expect(refused(1, issuedOne('z'), issuedOne('y'), waiting('a'))).toEqual(['a']);
  });

  test('counts nobody who is being deleted', () => {
    expect(refused(1, issuedOne('z', { deletionTimestamp: '2026-01-01T00:00:00Z' }), waiting('a'))).toEqual([]);
  });

  test('counts nobody of another namespace', () => {
    expect(refused(1, waiting('a'), waiting('b', undefined, 'far'))).toEqual([]);
  });

  test('of 0 has none', () => {
    expect(refused(0, waiting('a'), waiting('b'))).toEqual([]);
  });

  test('says the limit', () => {
    const cache = buildCache([waiting('a'), waiting('b')]);
    expect(findLimitReached(cache, waiting('b'), 1)).toBe(1);
  });
});
