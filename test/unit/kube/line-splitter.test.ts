import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineSplitter } from '../../../src/kube/line-splitter.ts';

function splitInto(text: string, sizes: readonly number[]): string[] {
  const splitter = new LineSplitter();
  const bytes = Buffer.from(text);
  const lines: string[] = [];
  for (let at = 0, index = 0; at < bytes.length; index += 1) {
    const size = sizes[index % sizes.length] ?? 1;
    lines.push(...splitter.push(bytes.subarray(at, at + size)));
    at += size;
  }
  return lines;
}

test('characters of several bytes survive any border between chunks', () => {
  const text = '{"a":"ü€𝄞"}\n{"b":"Zürich"}\n';
  for (let size = 1; size < 40; size += 1) expect(splitInto(text, [size])).toEqual(['{"a":"ü€𝄞"}', '{"b":"Zürich"}']);
});

test('how the bytes are cut makes no difference', () => {
  const line = fc
    .string({ unit: 'binary' })
    .filter((text) => text !== '' && !text.includes('\n') && text.isWellFormed());
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (lines, sizes) => {
      expect(splitInto(lines.map((text) => `${text}\n`).join(''), sizes)).toEqual(lines);
    }),
  );
});

test('a line without its end is not given out', () => {
  const splitter = new LineSplitter();
  expect(splitter.push(Buffer.from('{"a":1}\n{"b"'))).toEqual(['{"a":1}']);
  expect(splitter.push(Buffer.from(':2}'))).toEqual([]);
  expect(splitter.push(Buffer.from('\n\n'))).toEqual(['{"b":2}']);
});

test('a line of many megabytes in small chunks takes no quadratic time', () => {
  const splitter = new LineSplitter();
  const chunk = Buffer.alloc(1_024, 'x');
  const began = performance.now();
  for (let count = 0; count < 32 * 1_024; count += 1) splitter.push(chunk);
  expect(splitter.push(Buffer.from('\n'))[0]).toHaveLength(32 * 1_024 * 1_024);
  expect(performance.now() - began).toBeLessThan(2_000);
});
