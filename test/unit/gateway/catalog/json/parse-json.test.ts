import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonDocument, JsonNode } from '../../../../../src/gateway/catalog/json/json-document.ts';
import { JsonWriter } from '../../../../../src/gateway/catalog/json/json-writer.ts';
import { maxJsonDepth, parseJson } from '../../../../../src/gateway/catalog/json/parse-json.ts';

function read(text: string | Buffer): JsonDocument {
  const doc = parseJson(Buffer.from(text));
  if (typeof doc === 'string') throw new Error(doc);
  return doc;
}

/** What the document says, by way of its nodes. */
function toValue(doc: JsonDocument, node: JsonNode): unknown {
  switch (doc.kind(node)) {
    case 'object':
      return Object.fromEntries(doc.members(node).map(({ key, value }) => [key, toValue(doc, value)]));
    case 'array':
      return doc.items(node).map((item) => toValue(doc, item));
    case 'string':
      return doc.string(node);
    default:
      return JSON.parse(doc.slice(node).toString());
  }
}

const anyJson = fc.jsonValue({ maxDepth: 6, noUnicodeString: false });

describe('what JSON.parse reads', () => {
  test('is read the same', () => {
    fc.assert(
      fc.property(anyJson, fc.constantFrom(undefined, 1, '\t'), (value, space) => {
        const text = JSON.stringify(value, null, space);
        fc.pre(!/\\ud[89a-f]/i.test(text) && !text.includes('"__proto__"'));
        const doc = read(text);
        expect(toValue(doc, doc.root)).toEqual(JSON.parse(text));
      }),
      { numRuns: 300 },
    );
  });

  test('and nothing that it does not', () => {
    const byte = fc.constantFrom(...'{}[]",:\\ \n\t0129-+.eEtrufalsn\u0000\u001fé/');
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 14 }), (bytes) => {
        const text = bytes.join('');
        let isJson = true;
        try {
          JSON.parse(text);
        } catch {
          isJson = false;
        }
        const read = parseJson(Buffer.from(text));
        if (!isJson) expect(typeof read).toBe('string');
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('not taken', () => {
  test.each([
    ['', 'not JSON'],
    [' ', 'not JSON'],
    ['\ufeff{}', 'not JSON'],
    ['{}{}', 'not JSON'],
    ['{"a":1,}', 'not JSON'],
    ["{'a':1}", 'not JSON'],
    ['{a:1}', 'not JSON'],
    ['[01]', 'not JSON'],
    ['[.5]', 'not JSON'],
    ['[1.]', 'not JSON'],
    ['[+1]', 'not JSON'],
    ['[NaN]', 'not JSON'],
    ['"\n"', 'not JSON'],
    ['"\\x41"', 'not JSON'],
    ['"\\ud800"', 'not JSON'],
    ['"\\udc00"', 'not JSON'],
    ['"\\ud800\\u0041"', 'not JSON'],
    ['{"a":1,"a":2}', 'key twice'],
    ['{"a":1,"b":{"c":1,"c":1}}', 'key twice'],
    ['{"a":1,"\\u0061":2}', 'key twice'],
    ['{"é":1,"\\u00e9":2}', 'key twice'],
    ['{"__proto__":1,"__proto__":2}', 'key twice'],
    ['['.repeat(maxJsonDepth + 1) + ']'.repeat(maxJsonDepth + 1), 'not JSON'],
  ])('%j: %s', (text, problem) => {
    expect(parseJson(Buffer.from(text))).toBe(problem);
  });

  test('what is no UTF-8', () => {
    expect(parseJson(Buffer.from([0x22, 0xff, 0x22]))).toBe('not JSON');
    expect(parseJson(Buffer.from([0x22, 0xc0, 0xaf, 0x22]))).toBe('not JSON');
  });
});

describe('taken', () => {
  test.each([
    ['"\\ud83d\\ude00"', '😀'],
    ['"\\u00e9\\/\\n"', 'é/\n'],
    ['{"__proto__":"x"}', undefined],
    ['['.repeat(maxJsonDepth) + ']'.repeat(maxJsonDepth), undefined],
    ['{"a":1,"A":2}', undefined],
  ])('%j', (text, string) => {
    expect(read(text).string(0)).toBe(string);
  });
});

test('what is kept is kept byte for byte', () => {
  const text = '{ "a" : 1.0000000000000000001 , "b":[ 1E400 ,-0.0 ], "\\u0063":"\\u00e9\\/" ,"d":12345678901234567890}';
  const doc = read(text);
  const writer = new JsonWriter();
  writer.object(doc, 0, (key) => (key === 'd' ? 'drop' : 'keep'));
  expect(writer.finish().toString()).toBe('{"a":1.0000000000000000001,"b":[ 1E400 ,-0.0 ],"\\u0063":"\\u00e9\\/"}');
});
