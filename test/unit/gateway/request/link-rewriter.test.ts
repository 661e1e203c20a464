import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findLinkPlace, type LinkKey, type LinkPlace } from '../../../../src/gateway/request/find-link-place.ts';
import { LinkRewriter } from '../../../../src/gateway/request/link-rewriter.ts';

const addresses = { upstreamOrigin: 'http://pim.internal', publicBase: 'https://api.example.com' };

/** What comes out when the text arrives in pieces that end at these bytes. */
function rewrite(text: string, cuts: readonly number[] = []): string {
  const rewriter = new LinkRewriter(addresses);
  const bytes = Buffer.from(text, 'utf8');
  const out: Uint8Array[] = [];
  let from = 0;
  for (const cut of [...cuts, bytes.length]) {
    if (cut <= from && cut !== bytes.length) continue;
    // Copied: the rewriter may not lean on a buffer that is used again.
    const chunk = Buffer.from(bytes.subarray(from, cut));
    out.push(Uint8Array.from(rewriter.write(chunk)));
    chunk.fill(0x21);
    from = cut;
  }
  out.push(rewriter.end());
  return Buffer.concat(out).toString('utf8');
}

const byteByByte = (text: string): string => rewrite(text, [...Buffer.from(text).keys()]);

describe('a link is made public', () => {
  test.each([
    [
      'at the root',
      '{"_links":{"self":{"href":"http://pim.internal/x"}}}',
      '{"_links":{"self":{"href":"https://api.example.com/x"}}}',
    ],
    [
      'in the items of a page',
      '{"_embedded":{"items":[{"_links":{"self":{"href":"http://pim.internal/a?b=c"}},"code":"a"}]}}',
      '{"_embedded":{"items":[{"_links":{"self":{"href":"https://api.example.com/a?b=c"}},"code":"a"}]}}',
    ],
    [
      'where PHP escapes slashes, the rest as it came',
      String.raw`{"_links":{"self":{"href":"http:\/\/pim.internal\/a\/caf\u00e9"}}}`,
      String.raw`{"_links":{"self":{"href":"https://api.example.com\/a\/caf\u00e9"}}}`,
    ],
    [
      'where letters are escaped',
      String.raw`{"_links":{"self":{"href":"\u0068ttp://pim.internal/x"}}}`,
      '{"_links":{"self":{"href":"https://api.example.com/x"}}}',
    ],
    [
      'where keys are escaped',
      String.raw`{"\u005flinks":{"self":{"\u0068ref":"http://pim.internal/x"}}}`,
      String.raw`{"\u005flinks":{"self":{"\u0068ref":"https://api.example.com/x"}}}`,
    ],
    [
      'with the default port',
      '{"_links":{"a":{"href":"http://pim.internal:80/x"}}}',
      '{"_links":{"a":{"href":"https://api.example.com/x"}}}',
    ],
    [
      'in capitals',
      '{"_links":{"a":{"href":"HTTP://PIM.Internal/X"}}}',
      '{"_links":{"a":{"href":"https://api.example.com/X"}}}',
    ],
    [
      'when it is the origin alone',
      '{"_links":{"a":{"href":"http://pim.internal"}}}',
      '{"_links":{"a":{"href":"https://api.example.com"}}}',
    ],
    [
      'when it is relative to the root',
      '{"_links":{"a":{"href":"/api/rest/v1/x"}}}',
      '{"_links":{"a":{"href":"https://api.example.com/api/rest/v1/x"}}}',
    ],
    [
      'when it is the root',
      String.raw`{"_links":{"a":{"href":"\/"}}}`,
      String.raw`{"_links":{"a":{"href":"https://api.example.com\/"}}}`,
    ],
    [
      'in a list of links',
      '{"_links":{"a":[{"href":"http://pim.internal/1"},{"href":"/2"}]}}',
      '{"_links":{"a":[{"href":"https://api.example.com/1"},{"href":"https://api.example.com/2"}]}}',
    ],
    [
      'beside other properties of a link',
      '{"_links":{"a":{"title":"http://pim.internal/t","href":"/x","n":1}}}',
      '{"_links":{"a":{"title":"http://pim.internal/t","href":"https://api.example.com/x","n":1}}}',
    ],
    [
      'beside the data of a media value',
      '{"values":{"picture":[{"locale":null,"data":"a/b.jpg","_links":{"download":{"href":"http://pim.internal/d"}}}]}}',
      '{"values":{"picture":[{"locale":null,"data":"a/b.jpg","_links":{"download":{"href":"https://api.example.com/d"}}}]}}',
    ],
    [
      'on every line of a collection',
      '{"_links":{"a":{"href":"/1"}}}\n{"_links":{"a":{"href":"/2"}}}',
      '{"_links":{"a":{"href":"https://api.example.com/1"}}}\n{"_links":{"a":{"href":"https://api.example.com/2"}}}',
    ],
    [
      'between any spaces',
      '{ "_links" :\r\n{ "a" : { "href"\t: "/1" } } }\n',
      '{ "_links" :\r\n{ "a" : { "href"\t: "https://api.example.com/1" } } }\n',
    ],
    [
      'behind containers of every kind',
      '[{},[],{"a":[],"b":{"c":[{}]}},{"x":[[1]],"_links":{"a":{"href":"/1"},"b":{}}}]',
      '[{},[],{"a":[],"b":{"c":[{}]}},{"x":[[1]],"_links":{"a":{"href":"https://api.example.com/1"},"b":{}}}]',
    ],
    [
      'behind a backslash outside strings, in text that is no JSON',
      String.raw`{"a":\1,"b":[]}{"_links":{"a":{"href":"/1"}}}`,
      String.raw`{"a":\1,"b":[]}{"_links":{"a":{"href":"https://api.example.com/1"}}}`,
    ],
    [
      'behind a string with escaped quotes',
      String.raw`{"x":"\\\"_links\":{","_links":{"a":{"href":"/1"}}}`,
      String.raw`{"x":"\\\"_links\":{","_links":{"a":{"href":"https://api.example.com/1"}}}`,
    ],
  ])('%s', (_, text, expected) => {
    expect(rewrite(text)).toBe(expected);
    expect(byteByByte(text)).toBe(expected);
  });
});

describe('every byte stays', () => {
  test.each([
    ['of another origin', '{"_links":{"a":{"href":"http://evil.example/x"}}}'],
    ['of a longer host', '{"_links":{"a":{"href":"http://pim.internal.evil.example/x"}}}'],
    ['of another port', '{"_links":{"a":{"href":"http://pim.internal:8080/x"}}}'],
    ['of another scheme', '{"_links":{"a":{"href":"https://pim.internal/x"}}}'],
    ['of a user in front of a host', '{"_links":{"a":{"href":"http://pim.internal@evil.example/x"}}}'],
    ['of a link without a scheme', '{"_links":{"a":{"href":"//evil.example/x"}}}'],
    ['of a link with a backslash', String.raw`{"_links":{"a":{"href":"/\\evil.example/x"}}}`],
    ['of a relative link', '{"_links":{"a":{"href":"x"}}}'],
    ['of an empty link', '{"_links":{"a":{"href":""}}}'],
    [
      'of an address outside of links',
      '{"href":"http://pim.internal/x","a":{"href":"/x"},"host":"http://pim.internal"}',
    ],
    ['of an href directly in _links', '{"_links":{"href":"http://pim.internal/x"}}'],
    ['of an href too deep in _links', '{"_links":{"a":{"b":{"href":"http://pim.internal/x"}}}}'],
    ['of another key of a link', '{"_links":{"a":{"hrefs":"/x","hre":"/x","name":"/x"}}}'],
    ['of a key that ends like another', String.raw`{"a\"_links":{"a":{"href":"/x"}},"_links\\":{"a":{"href":"/x"}}}`],
    [
      'of a longer key that ends like another',
      '{"my_links":{"a":{"href":"/x"}},"a long name of _links":{"a":{"href":"/x"}}}',
    ],
    ['of a list in href', '{"_links":{"a":{"href":["/x"]}}}'],
    ['of _links that are a list', '{"_links":[{"a":{"href":"/x"}}]}'],
    ['of a text that looks like a link', String.raw`{"a":"{\"_links\":{\"a\":{\"href\":\"http://pim.internal/x\"}}}"}`],
    ['of a product value', '{"values":{"url":[{"data":"http://pim.internal/x"}]}}'],
    ['of what is in the data of a value', '{"values":{"t":[{"data":{"_links":{"a":{"href":"/x"}}}}]}}'],
    [
      'of what is deep in the data of a value',
      '{"values":{"t":[{"data":[[{"c":{"values":{},"_links":{"a":[{"href":"/x"}]}}}]]}]}}',
    ],
    ['of a list among the values of an attribute', '{"values":{"t":[[{"_links":{"a":{"href":"/x"}}}]]}}'],
    ['of a list of links without names', '{"_links":[{"href":"/x"}]}'],
    ['of an attribute named _links', '{"values":{"_links":[{"data":{"href":"/x"},"href":"/x","locale":null}]}}'],
    ['of an attribute named href', '{"values":{"href":[{"data":"/x"}]}}'],
    ['of an association named _links', '{"associations":{"_links":{"products":["/x"],"groups":[]}}}'],
    ['of numbers', '{"a":[1.0,1e5,1E+05,-0,0.10,12345678901234567890,1.7976931348623157e309]}'],
    ['of spaces, order and repeated keys', '{ "b":1 ,\t"a" : 2,"a":3 }\r\n\n'],
    ['of text above ASCII', '{"ü€😀":"é\\u00e9"}'],
    ['of a document without objects', '"http://pim.internal/x"'],
    ['of an empty body', ''],
    ['of what is no JSON', '<a href="http://pim.internal/x">_links</a>'],
    ['of brackets that close nothing', ']}]}{"_links":{"a":{"href":"http://other/x"}}}]]'],
    ['of a body that is cut in a link', '{"_links":{"a":{"href":"http://pim.int'],
    ['of a body that is cut in an escape', String.raw`{"_links":{"a":{"href":"http:\u002`],
  ])('%s', (_, text) => {
    expect(rewrite(text)).toBe(text);
    expect(byteByByte(text)).toBe(text);
  });

  test('of a chunk without links, which is not even copied', () => {
    const chunk = Buffer.from('{"a":"b","c":[1,2,3]}');
    expect(new LinkRewriter(addresses).write(chunk)).toBe(chunk);
  });

  test('below 128 containers, where nothing is read any more; links beside them still are', () => {
    const deep = `${'['.repeat(200)}{"_links":{"a":{"href":"/x"}}}${']'.repeat(200)}`;
    expect(rewrite(`[${deep},{"_links":{"a":{"href":"/y"}}}]`)).toBe(
      `[${deep},{"_links":{"a":{"href":"https://api.example.com/y"}}}]`,
    );
  });
});

test('a string ends where it ends, however long it is and whatever it ends with', () => {
  for (let length = 0; length < 60; length++) {
    for (const end of ['', '\\', '\\\\', '"', '\\"', '"\\', '""', '\\\\"\\']) {
      const text = `{"x":${JSON.stringify('a'.repeat(length) + end)},"_links":{"a":{"href":"/1"}}}`;
      const expected = text.replace('"/1"', '"https://api.example.com/1"');
      expect(rewrite(text)).toBe(expected);
      expect(rewrite(text, [length + 6])).toBe(expected);
      expect(rewrite(text, [length + 7])).toBe(expected);
    }
  }
});

/** A document as a tree that knows its own spelling. */
type Tree =
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'string'; readonly text: string; readonly spell: number }
  | { readonly kind: 'list'; readonly items: readonly Tree[]; readonly space: string }
  | { readonly kind: 'object'; readonly entries: readonly (readonly [string, number, Tree])[]; readonly space: string };

/** A JSON string spelled in one of several ways. */
function spellString(text: string, spell: number): string {
  const plain = JSON.stringify(text);
  if (spell === 0) return plain;
  if (spell === 1) return plain.replaceAll('/', '\\/');
  return `"${[...text].flatMap((char) => [...Array(char.length).keys()].map((at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`)).join('')}"`;
}

const special: ReadonlySet<string> = new Set(['_links', 'href', 'values', 'data']);
const keyOf = (key: string): LinkKey => (special.has(key) ? (key as LinkKey) : 'other');

/** The document as it comes and as it should go, printed in one walk. */
function print(tree: Tree, place: LinkPlace, key: LinkKey): readonly [sent: string, expected: string] {
  if (tree.kind === 'word') return [tree.text, tree.text];
  if (tree.kind === 'string') {
    const sent = spellString(tree.text, tree.spell);
    const change =
      place === 'link' && key === 'href'
        ? /^(?:http:\/\/pim\.internal(?::80)?(?=[/?#]|$)|(?=\/(?![/\\])))/i.exec(tree.text)
        : null;
    if (change === null) return [sent, sent];
    return [sent, `"${addresses.publicBase}${spellString(tree.text.slice(change[0].length), tree.spell).slice(1)}`];
  }
  const inner = findLinkPlace(place, key, tree.kind === 'object');
  const parts =
    tree.kind === 'list'
      ? tree.items.map((item) => print(item, inner, 'other'))
      : tree.entries.map(([name, spell, value]) => {
          const [sent, expected] = print(value, inner, keyOf(name));
          const start = `${spellString(name, spell)}${tree.space}:${tree.space}`;
          return [start + sent, start + expected] as const;
        });
  const [open, close] = tree.kind === 'list' ? '[]' : '{}';
  const join = (side: 0 | 1): string =>
    `${open}${tree.space}${parts.map((part) => part[side]).join(`,${tree.space}`)}${close}`;
  return [join(0), join(1)];
}

test('whatever the document, its spelling and its pieces, links change and no other byte does', () => {
  const text = fc.oneof(
    fc.constantFrom(
      'http://pim.internal/x',
      'http://pim.internal',
      'http://pim.internal:80/y',
      'http://pim.internal.evil/x',
      'HTTP://pim.internal?q',
      '/a/b',
      '/',
      '//x',
      '/\\x',
      'http://other/x',
      '',
      '"_links":{',
      'a\\',
    ),
    fc.string({ unit: 'grapheme' }),
  );
  const spell = fc.constantFrom(0, 0, 1, 2);
  const space = fc.constantFrom('', '', ' ', '\n\t');
  const key = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('_links', 'href', 'values', 'data', 'self') },
    { weight: 1, arbitrary: fc.string() },
  );
  const { tree } = fc.letrec<{ tree: Tree; links: Tree }>((tie) => ({
    links: fc.tuple(text, spell, space, tie('tree')).map(([address, how, between, beside]): Tree => {
      const href: Tree = { kind: 'string', text: address, spell: how };
      const link: Tree = { kind: 'object', space: between, entries: [['href', how, href]] };
      const self: Tree = {
        kind: 'object',
        space: between,
        entries: [
          ['self', how, link],
          ['next', 0, beside],
        ],
      };
      return { kind: 'object', space: between, entries: [['_links', how, self]] };
    }),
    tree: fc.oneof(
      { maxDepth: 7, depthSize: 'large' },
      fc.record({ kind: fc.constant('string' as const), text, spell }),
      fc.record({
        kind: fc.constant('word' as const),
        text: fc.constantFrom('1.0', '-0', '1E+05', 'true', 'null', '12345678901234567890'),
      }),
      fc.record({ kind: fc.constant('list' as const), items: fc.array(tie('tree'), { maxLength: 3 }), space }),
      fc.record({
        kind: fc.constant('object' as const),
        entries: fc.array(fc.oneof(fc.tuple(key, spell, tie('tree')), fc.tuple(key, spell, tie('links'))), {
          maxLength: 4,
        }),
        space,
      }),
    ),
  }));
  let changed = 0;
  fc.assert(
    fc.property(tree, fc.array(fc.nat(400), { maxLength: 6 }), (root, cuts) => {
      const [sent, expected] = print(root, 'plain', 'other');
      if (sent !== expected) changed++;
      const sorted = [...cuts].sort((a, b) => a - b).filter((cut) => cut < Buffer.byteLength(sent));
      expect(rewrite(sent, sorted)).toBe(expected);
      expect(byteByByte(sent)).toBe(expected);
    }),
    { numRuns: 3000 },
  );
  expect(changed).toBeGreaterThan(50);
});

test('any bytes at all come out, in pieces as in one', () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.constantFrom(
          '{',
          '}',
          '[',
          ']',
          '"',
          '\\',
          ':',
          ',',
          '_links',
          'href',
          'http://pim.internal/',
          'u',
          '\xe9',
          ' ',
        ),
      ),
      fc.array(fc.nat(60)),
      (parts, cuts) => {
        const text = parts.join('');
        const sorted = [...cuts].sort((a, b) => a - b).filter((cut) => cut < Buffer.byteLength(text));
        const whole = rewrite(text);
        expect(rewrite(text, sorted)).toBe(whole);
        expect(whole.replaceAll(addresses.publicBase, addresses.upstreamOrigin)).toBe(text);
      },
    ),
    { numRuns: 3000 },
  );
});

test('a string of any length is held back for a few hundred bytes at most', () => {
  const rewriter = new LinkRewriter(addresses);
  rewriter.write(Buffer.from('{"_links":{"a":{"href":"'));
  let held = 0;
  for (let count = 0; count < 1000; count++) held += 1000 - rewriter.write(Buffer.alloc(1000, 'h')).length;
  expect(held).toBeLessThan(300);
});

describe('the items of a page are counted', () => {
  const count = (text: string, cuts: readonly number[] = []): number => {
    const rewriter = new LinkRewriter(addresses);
    const bytes = Buffer.from(text);
    let from = 0;
    for (const cut of [...cuts, bytes.length]) {
      rewriter.write(bytes.subarray(from, cut));
      from = cut;
    }
    rewriter.end();
    return rewriter.itemCount;
  };

  test.each([
    ['{"_embedded":{"items":[{"a":1},{"b":[{}]},{}]}}', 3],
    ['{ "_links" : {}, "_embedded" : { "items" : [ {"values":{"items":[{}]}} ] } }', 1],
    ['{"_embedded":{"items":[{"_embedded":{"items":[{},{}]}}]}}', 1],
    [String.raw`{"_embedded":{"\u0069tems":[{}],"other":[{},{}]}}`, 1],
    ['{"_embedded":{"items":[]}}', 0],
    ['{"_embedded":{"items":[1,"{",[{}]]}}', 0],
    ['{"items":[{}],"x":{"_embedded":{"items":[{}]}}}', 0],
    ['[{"_embedded":{"items":[{}]}}]', 0],
    ['{"data":"{\\"_embedded\\":{\\"items\\":[{}]}}"}', 0],
    ['no JSON {"items":[{}', 0],
    ['', 0],
  ])('%s: %i', (text, items) => {
    expect(count(text)).toBe(items);
    expect(count(text, [...Buffer.from(text).keys()])).toBe(items);
  });

  test('as a parser counts them, whatever is in them', () => {
    const key = fc.constantFrom('_embedded', 'items', '_links', 'values', 'data', 'x');
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        fc.string({ unit: fc.constantFrom('"', '{', '[', '\\\\', 'i') }),
        fc.dictionary(key, tie('value'), { maxKeys: 3 }),
        fc.array(tie('value'), { maxLength: 3 }),
      ),
    }));
    fc.assert(
      fc.property(value, fc.array(value, { maxLength: 4 }), fc.nat(), (around, items, cut) => {
        const page = JSON.stringify({ around, _embedded: { before: around, items, after: around } });
        const expected = items.filter((item) => typeof item === 'object' && !Array.isArray(item)).length;
        expect(count(page, [cut % page.length])).toBe(expected);
      }),
    );
  });
});
