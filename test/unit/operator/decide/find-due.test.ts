import { describe, expect, test } from 'vitest';
import { rotationAnnotations } from '../../../../src/api/names.ts';
import { findDue, isScheduledFor } from '../../../../src/operator/decide/find-due.ts';
import {
  at,
  buildConnection,
  buildVerifier,
  type ConnectionParts,
  hour,
  issued,
  now,
} from '../../credentials/build-connection.ts';
import { buildObserved } from './build-observed.ts';

const { rotate, rotateClientSecret, rotatePassword, revoke } = rotationAnnotations;
const status = issued([buildVerifier('1-aaaaaa', { issued: at(-2 * hour) })]);
const rotation = { interval: '2h', overlap: '1h' };

function due(parts: ConnectionParts, more: { clockOff?: boolean; moment?: number } = {}) {
  const observed = buildObserved({
    connection: buildConnection({ status, ...parts }),
    clockOff: more.clockOff ?? false,
  });
  const found = findDue(observed, more.moment ?? now);
  return [...found].map(([part, { cause, overlap, request }]) => [part, cause, overlap, request?.token]);
}

describe('due is', () => {
  test.each<[string, ConnectionParts, unknown[]]>([
    ['nothing', {}, []],
    ['one part that was asked for', { annotations: { [rotatePassword]: 'a' } }, [['password', 'Requested', 0, 'a']]],
    [
      'both parts that were asked for, with the overlap of the spec',
      { annotations: { [rotate]: 'a' }, spec: { rotation: { overlap: '1h' } } },
      [
        ['clientSecret', 'Requested', hour, 'a'],
        ['password', 'Requested', hour, 'a'],
      ],
    ],
    [
      'a revoke without overlap, whatever the spec says',
      { annotations: { [revoke]: 'a' }, spec: { rotation: { overlap: '1h' } } },
      [
        ['clientSecret', 'Revoked', 0, 'a'],
        ['password', 'Revoked', 0, 'a'],
      ],
    ],
    [
      'one rotation for several requests, a revoke before all',
      {
        annotations: { [rotate]: 'a', [rotateClientSecret]: 'b', [revoke]: 'c' },
        spec: { rotation: { overlap: '1h' } },
      },
      [
        ['clientSecret', 'Revoked', 0, 'c'],
        ['password', 'Revoked', 0, 'c'],
      ],
    ],
    [
      'each part by its own request',
      { annotations: { [rotatePassword]: 'a', [rotateClientSecret]: 'b' } },
      [
        ['clientSecret', 'Requested', 0, 'b'],
        ['password', 'Requested', 0, 'a'],
      ],
    ],
    [
      'what the schedule says',
      { spec: { rotation } },
      [
        ['clientSecret', 'Scheduled', hour, undefined],
        ['password', 'Scheduled', hour, undefined],
      ],
    ],
    [
      'a request rather than the schedule',
      { spec: { rotation }, annotations: { [rotatePassword]: 'a' } },
      [
        ['clientSecret', 'Scheduled', hour, undefined],
        ['password', 'Requested', hour, 'a'],
      ],
    ],
    [
      'nothing that was handled',
      {
        annotations: { [rotate]: 'a' },
        status: { ...status, rotation: { handled: [{ annotation: rotate, token: 'a' }] } },
      },
      [],
    ],
  ])('%s', (_, parts, expected) => {
    expect(due(parts)).toEqual(expected);
  });

  test('by schedule nothing a moment before', () => {
    expect(due({ spec: { rotation } }, { moment: now - 1 })).toEqual([]);
  });

  test('by schedule nothing while the clock is off, but all that people ask for', () => {
    expect(due({ spec: { rotation } }, { clockOff: true })).toEqual([]);
    expect(due({ spec: { rotation }, annotations: { [rotatePassword]: 'a' } }, { clockOff: true })).toEqual([
      ['password', 'Requested', hour, 'a'],
    ]);
    expect(
      isScheduledFor(buildObserved({ connection: buildConnection({ status, spec: { rotation } }) }), 'password', now),
    ).toBe(true);
  });
});
