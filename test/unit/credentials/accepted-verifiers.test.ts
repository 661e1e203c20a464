import { describe, expect, test } from 'vitest';
import type { Connection } from '../../../src/api/generated/connection.ts';
import { rotationAnnotations } from '../../../src/api/names.ts';
import {
  findAccepted,
  isIssued,
  isOver,
  newestVerifier,
  verifiersOf,
} from '../../../src/credentials/accepted-verifiers.ts';
import { at, buildConnection, buildVerifier, type ConnectionParts, hour, issued, now } from './build-connection.ts';

const { rotate, rotateClientSecret, rotatePassword, revoke } = rotationAnnotations;
const old = buildVerifier('1-aaaaaa', { expires: at(hour) });
const newest = buildVerifier('2-bbbbbb');
const both = issued([old, newest]);

/** The versions that count, of client secret and password. */
function accepted(connection: Connection, moment: number = now): readonly (readonly string[])[] {
  const { clientSecret, password } = findAccepted(connection, moment);
  return [clientSecret, password].map((entries) => entries.map(({ version }) => version));
}

const all = ['1-aaaaaa', '2-bbbbbb'];

describe('which verifiers count', () => {
  test.each<[string, ConnectionParts, readonly (readonly string[])[]]>([
    ['none before the first issue', {}, [[], []]],
    ['all of both parts in an overlap, oldest first', { status: both }, [all, all]],
    ['none while suspended', { spec: { suspend: true }, status: both }, [[], []]],
    ['all when suspend is false again', { spec: { suspend: false }, status: both }, [all, all]],
    ['none from the moment of deletion on', { metadata: { deletionTimestamp: at(0) }, status: both }, [[], []]],
    [
      'none of another uid: a restored status',
      {
        status: { ...both, credentials: { uid: 'uid-0', issuedAt: at(0), clientSecret: [newest], password: [newest] } },
      },
      [[], []],
    ],
    ['a pending one', { status: issued([buildVerifier('1-aaaaaa', { pending: true })]) }, [['1-aaaaaa'], ['1-aaaaaa']]],
    [
      'none that is retired',
      {
        status: {
          ...both,
          credentials: {
            uid: 'uid-1',
            issuedAt: at(0),
            clientSecret: [newest],
            password: [newest],
            retired: { clientSecret: [{ ...old, ended: at(hour) }] },
          },
        },
      },
      [['2-bbbbbb'], ['2-bbbbbb']],
    ],
    ['none while a revoke stands', { annotations: { [revoke]: 'a' }, status: both }, [[], []]],
    [
      'none while a revoke stands, whatever overlap the spec gives',
      { annotations: { [revoke]: 'a' }, spec: { rotation: { overlap: '24h' } }, status: both },
      [[], []],
    ],
    [
      'all when the revoke was handled',
      {
        annotations: { [revoke]: 'a' },
        status: { ...both, rotation: { handled: [{ annotation: revoke, token: 'a' }] } },
      },
      [all, all],
    ],
    [
      'none when the revoke has another value than the handled one',
      {
        annotations: { [revoke]: 'b' },
        status: { ...both, rotation: { handled: [{ annotation: revoke, token: 'a' }] } },
      },
      [[], []],
    ],
    [
      'none when the value was handled of another annotation',
      {
        annotations: { [revoke]: 'a' },
        status: { ...both, rotation: { handled: [{ annotation: rotate, token: 'a' }] } },
      },
      [[], []],
    ],
    ['none while a rotation without overlap stands', { annotations: { [rotate]: 'a' }, status: both }, [[], []]],
    [
      'all while a rotation with overlap stands',
      { annotations: { [rotate]: 'a' }, spec: { rotation: { overlap: '5m' } }, status: both },
      [all, all],
    ],
    [
      'only of the other part while one part is rotated without overlap',
      { annotations: { [rotateClientSecret]: 'a' }, spec: { rotation: { overlap: '0s' } }, status: both },
      [[], all],
    ],
    [
      'only client secrets while the password is rotated',
      { annotations: { [rotatePassword]: 'a' }, status: both },
      [all, []],
    ],
    [
      'all when the request was taken away before anybody acted',
      { annotations: { 'example.com/else': 'a' }, status: both },
      [all, all],
    ],
    [
      'all while a schedule is due: it refuses nobody',
      { spec: { rotation: { interval: '1h', overlap: '0s' } }, status: both },
      [all, all],
    ],
  ])('%s', (_, parts, versions) => {
    expect(accepted(buildConnection(parts))).toEqual(versions);
  });

  test.each([
    ['a millisecond before its end', hour - 1, all],
    ['not from its end on', hour, ['2-bbbbbb']],
    ['not after its end', hour + 1, ['2-bbbbbb']],
  ])('an old value counts until its own end by the clock of the reader: %s', (_, offset, versions) => {
    expect(accepted(buildConnection({ status: both }), now + offset)).toEqual([versions, versions]);
  });
});

describe('what a status says about a part', () => {
  test('the last entry is the value that the Secret should hold', () => {
    expect(newestVerifier(buildConnection({ status: both }), 'password')).toBe(newest);
    expect(newestVerifier(buildConnection(), 'password')).toBeUndefined();
  });

  test('entries of another uid are none', () => {
    const connection = buildConnection({ metadata: { uid: 'uid-2' }, status: both });
    expect(verifiersOf(connection, 'clientSecret')).toEqual([]);
    expect(isIssued(connection)).toBe(false);
  });

  test('a Connection is issued when both parts have an entry', () => {
    expect(isIssued(buildConnection({ status: both }))).toBe(true);
    expect(isIssued(buildConnection({ status: issued([newest], []) }))).toBe(false);
  });

  test('an entry without an end is never over', () => {
    expect(isOver(newest, Number.MAX_SAFE_INTEGER)).toBe(false);
  });
});
