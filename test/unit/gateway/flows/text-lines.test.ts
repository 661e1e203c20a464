import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TextLines } from '../../../../src/gateway/flows/text-lines.ts';

function split(text: string, cuts: readonly number[], longest = 1_000_000): string[] {
  const lines: string[] = [];
  const splitter = new TextLines(longest, (line) => void lines.push(Buffer.from(line, 'latin1').toString('utf8')));
  const bytes = Buffer.from(text);
  let from = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    splitter.write(bytes.subarray(from, cut));
    from = Math.max(from, Math.min(cut, bytes.length));
  }
  splitter.write(bytes.subarray(from));
  splitter.end();
  return lines;
}

test('lines come out whole, however their bytes arrive', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'ö', '😀', '\n', '"'), maxLength: 40 });
  fc.assert(
    fc.property(text, fc.array(fc.nat(100)), (given, cuts) => {
      expect(split(given, cuts)).toEqual(given.split('\n').filter((line) => line !== ''));
    }),
  );
});

test('a line that is too long is cut, and the next one is whole', () => {
  expect(split(`${'x'.repeat(100)}\nnext`, [3, 50], 10)).toEqual(['xxxxxxxxxx', 'next']);
});
