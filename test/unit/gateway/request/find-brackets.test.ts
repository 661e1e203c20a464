import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  beginBrackets,
  bracketPlaces,
  findBrackets,
  pieceLength,
} from '../../../../src/gateway/request/find-brackets.ts';

interface StringState {
  readonly inString: boolean;
  readonly escaped: boolean;
}

const outside: StringState = { inString: false, escaped: false };

function find(text: Uint8Array, { inString, escaped } = outside): number[] | undefined {
  beginBrackets(inString, escaped);
  const places: number[] = [];
  for (let from = 0; from < text.length; from += pieceLength) {
    const count = findBrackets(text, from);
    if (count === undefined) return undefined;
    for (const place of bracketPlaces.subarray(0, count)) places.push(from + place);
  }
  return places;
}

/** The same, a byte at a time. */
function findSlowly(text: Uint8Array, state = outside): number[] | undefined {
  let { inString, escaped } = state;
  const places: number[] = [];
  for (const [at, byte] of text.entries()) {
    const char = String.fromCharCode(byte);
    if (escaped) escaped = false;
    else if (char === '"') inString = !inString;
    else if (char === '\\') {
      if (!inString) return undefined;
      escaped = true;
    } else if (!inString && '{}[]'.includes(char)) places.push(at);
  }
  return places;
}

const part = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom('{', '}', '[', ']', '"', '"a"', '"\\""', '":{"', ',', 'word', '\xfb', '\x5f'),
  },
  { weight: 1, arbitrary: fc.nat(130).map((count) => 'x'.repeat(count)) },
  { weight: 1, arbitrary: fc.nat(130).map((count) => `"${'\\\\'.repeat(count)}"`) },
  { weight: 1, arbitrary: fc.nat(130).map((count) => `"a${'\\"'.repeat(count)}"`) },
);
const texts = fc.array(part, { maxLength: 60 }).map((parts) => Buffer.from(parts.join(''), 'latin1'));

test('brackets outside strings are found, whatever is around them', () => {
  fc.assert(
    fc.property(texts, fc.boolean(), (text, inString) => {
      const state = { inString, escaped: false };
      expect(find(text, state)).toEqual(findSlowly(text, state));
    }),
    { numRuns: 3_000 },
  );
});

test('a text that begins behind a backslash in a string goes on there', () => {
  const state = { inString: true, escaped: true };
  expect(find(Buffer.from('"{"}'), state)).toEqual([3]);
  expect(find(Buffer.from('\\{"}'), state)).toEqual([3]);
});

test('strings and escapes go over the end of a piece and of a block of 64 bytes', () => {
  for (const border of [64, 128, pieceLength, 2 * pieceLength]) {
    for (let before = 0; before < 6; before++) {
      const start = `"${'x'.repeat(border - before - 1)}`;
      for (const middle of ['"{', '\\"{"}', '\\\\"{', '\\\\\\"{"}', '{"[', '\\u005c"]']) {
        const text = Buffer.from(`${start}${middle}${' '.repeat(before)}`);
        expect(find(text)).toEqual(findSlowly(text));
      }
    }
  }
});

test('a piece that is nothing but brackets', () => {
  const text = Buffer.alloc(pieceLength + 1, '[');
  expect(find(text)).toEqual([...text.keys()]);
});

test('what the piece before left behind is not found again', () => {
  find(Buffer.alloc(200, '{'));
  expect(find(Buffer.from(`[${' '.repeat(80)}`))).toEqual([0]);
});

test('a backslash outside strings is no JSON', () => {
  expect(find(Buffer.from('{"a":\\"{"}'))).toBeUndefined();
  expect(find(Buffer.from(`{"a":"b"}${' '.repeat(100)}\\`))).toBeUndefined();
});
