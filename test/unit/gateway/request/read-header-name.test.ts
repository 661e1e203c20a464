import { expect, test } from 'vitest';
import { readHeaderName } from '../../../../src/gateway/request/read-header-name.ts';

test.each([
  ['Host', { name: 'host', plain: 'host', isSingle: true }],
  ['X_Original.URI', { name: 'x_original.uri', plain: 'x-original-uri', isSingle: false }],
  ['X-Original-Anything', { name: 'x-original-anything', plain: 'x-original-anything', isSingle: true }],
  [':authority', { name: ':authority', plain: '-authority', isSingle: true }],
  ['Accept', { name: 'accept', plain: 'accept', isSingle: false }],
])('%s is read the same the first and the second time', (sent, expected) => {
  expect(readHeaderName(sent)).toEqual(expected);
  expect(readHeaderName(sent)).toEqual(expected);
});

test.each(['', ':', 'a b', 'a:', 'é', 'a\0'])('%j is malformed, also when it is asked again', (sent) => {
  expect(readHeaderName(sent)).toBeUndefined();
  expect(readHeaderName(sent)).toBeUndefined();
});

test('any number of names, and long ones, are read right', () => {
  for (const round of [1, 2]) {
    for (let index = 0; index < 3_000; index++) {
      const sent = `X-Name_${index}-${'y'.repeat(index % 100)}`;
      expect(readHeaderName(sent)?.name, `round ${round}`).toBe(sent.toLowerCase());
    }
  }
});
