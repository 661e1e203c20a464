import { describe, expect, test } from 'vitest';
import { rotationAnnotations } from '../../../src/api/names.ts';
import {
  findOutstanding,
  isHandled,
  overlapOf,
  partsOf,
  partsStopped,
  readRequests,
} from '../../../src/credentials/outstanding-requests.ts';
import { buildConnection } from './build-connection.ts';

const { rotate, rotateClientSecret, rotatePassword, revoke } = rotationAnnotations;

describe('a request', () => {
  test.each([
    [rotateClientSecret, ['clientSecret']],
    [rotatePassword, ['password']],
    [rotate, ['clientSecret', 'password']],
    [revoke, ['clientSecret', 'password']],
    ['connect.pim.dev/other', []],
    ['constructor', []],
  ])('%s asks for new values of %j', (annotation, parts) => {
    expect(partsOf(annotation)).toEqual(parts);
  });

  test('is any text of 1 to 128 characters, and nothing else is a request', () => {
    const annotations = {
      [rotate]: '',
      [revoke]: 'x'.repeat(129),
      [rotatePassword]: '✓'.repeat(128),
      'connect.pim.dev/rotates': 'a',
    };
    const requests = readRequests(buildConnection({ annotations }));
    expect(requests).toEqual([{ annotation: rotatePassword, token: '✓'.repeat(128) }]);
  });

  test('is as long as the API server counts it: by code points, not by halves of them', () => {
    const read = (token: string) => readRequests(buildConnection({ annotations: { [revoke]: token } }));
    expect(read('🔑'.repeat(128))).toHaveLength(1);
    expect(read('🔑'.repeat(129))).toEqual([]);
  });

  test('is handled when this very annotation with this very value was', () => {
    const handled = [{ annotation: rotate, token: 'a' }];
    expect(isHandled(handled, { annotation: rotate, token: 'a' })).toBe(true);
    expect(isHandled(handled, { annotation: rotate, token: 'A' })).toBe(false);
    expect(isHandled(handled, { annotation: revoke, token: 'a' })).toBe(false);
  });

  test('stays beside others on one object, and each counts by itself', () => {
    const annotations = { [rotate]: 'a', [rotateClientSecret]: 'b', [revoke]: 'c' };
    const status = { rotation: { handled: [{ annotation: rotate, token: 'a' }] } };
    expect(findOutstanding(buildConnection({ annotations, status }))).toEqual([
      { annotation: rotateClientSecret, token: 'b' },
      { annotation: revoke, token: 'c' },
    ]);
  });
});

describe('parts whose values stop at once', () => {
  test.each<[string, Record<string, string>, string | undefined, string[]]>([
    ['none without a request', {}, undefined, []],
    ['one for a rotation of one part', { [rotatePassword]: 'a' }, undefined, ['password']],
    ['none for a rotation with overlap', { [rotate]: 'a' }, '1s', []],
    [
      'both for a revoke beside a rotation with overlap',
      { [rotatePassword]: 'a', [revoke]: 'b' },
      '1h',
      ['clientSecret', 'password'],
    ],
  ])('%s', (_, annotations, overlap, parts) => {
    const connection = buildConnection({ annotations, spec: { ...(overlap && { rotation: { overlap } }) } });
    expect([...partsStopped(connection)].sort()).toEqual(parts);
  });

  test.each([
    [undefined, 0],
    ['0s', 0],
    ['1h30m', 5_400_000],
    ['nonsense', 0],
  ])('an overlap of %s is %i ms', (overlap, milliseconds) => {
    const rotation = overlap === undefined ? {} : { overlap };
    expect(overlapOf(buildConnection({ spec: { rotation } }))).toBe(milliseconds);
  });
});
