import { expect, test } from 'vitest';
import { systemRandom } from '../../../src/credentials/random-source.ts';
import { countOf, makeVersion, renewVersion } from '../../../src/credentials/version.ts';

test('the first version counts 1 and has 6 random characters', () => {
  expect(makeVersion(undefined, systemRandom)).toMatch(/^1-[0-9a-z]{6}$/);
});

test('each version counts one more than the one before', () => {
  expect(makeVersion('7-k3x9q2', systemRandom)).toMatch(/^8-[0-9a-z]{6}$/);
  expect(makeVersion('99-aaaaaa', systemRandom)).toMatch(/^100-[0-9a-z]{6}$/);
});

test('a renewed version has the same count and is another one', () => {
  const renewed = renewVersion('7-k3x9q2', systemRandom);
  expect(renewed).toMatch(/^7-[0-9a-z]{6}$/);
  expect(renewed).not.toBe('7-k3x9q2');
});

test('the same count twice is two versions', () => {
  const versions = Array.from({ length: 1000 }, () => makeVersion('1-aaaaaa', systemRandom));
  expect(new Set(versions).size).toBe(versions.length);
});

test.each([undefined, '', '-', 'x-aaaaaa', '0-aaaaaa', '-3-aaaaaa', '1.5-aaaaaa', '9007199254740993-a'])(
  'the count of %j is 0',
  (version) => {
    expect(countOf(version)).toBe(0);
  },
);
