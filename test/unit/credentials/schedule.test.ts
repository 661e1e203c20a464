import { expect, test } from 'vitest';
import { nextRotationOf } from '../../../src/credentials/schedule.ts';
import { at, buildConnection, buildVerifier, hour, issued, now } from './build-connection.ts';

const status = issued([buildVerifier('1-aaaaaa', { issued: at(-hour) }), buildVerifier('2-bbbbbb', { issued: at(0) })]);

test('the schedule counts from the last rotation of the part', () => {
  const connection = buildConnection({ spec: { rotation: { interval: '3h', overlap: '0s' } }, status });
  expect(nextRotationOf(connection, 'clientSecret')).toBe(now + 3 * hour);
});

test('without an interval there is no schedule', () => {
  expect(
    nextRotationOf(buildConnection({ spec: { rotation: { overlap: '1h' } }, status }), 'password'),
  ).toBeUndefined();
  expect(nextRotationOf(buildConnection({ status }), 'password')).toBeUndefined();
});

test('before the first issue there is no schedule', () => {
  const spec = { rotation: { interval: '3h', overlap: '0s' } };
  expect(nextRotationOf(buildConnection({ spec }), 'password')).toBeUndefined();
});
