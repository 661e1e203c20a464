import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maxPathBytes, maxQueryBytes, readTarget, type Target } from '../../../src/access/read-target.ts';
import { Refusal } from '../../../src/access/refusal.ts';

function accepted(raw: string): Target {
  const target = readTarget(raw);
  if (target instanceof Refusal) throw new Error(`${raw} was refused: ${target.message}`);
  return target;
}

describe('a target that is read', () => {
  test.each([
    ['a plain path', '/api/rest/v1/products', ['api', 'rest', 'v1', 'products']],
    ['the root', '/', ['']],
    ['a code with slashes', '/api/rest/v1/products/a/b', ['api', 'rest', 'v1', 'products', 'a', 'b']],
    ['an escaped percent sign', '/products/50%25', ['products', '50%']],
    ['an escaped percent sign before letters that are no escape', '/a/%25zz', ['a', '%zz']],
    ['UTF-8 and an escaped space', '/products/caf%C3%A9%20noir', ['products', 'café noir']],
    ['an escaped question mark and hash', '/products/a%3Fb%23c', ['products', 'a?b#c']],
    ['every character that a path may hold', "/-._~!$&'()*+,=:@aZ9", ["-._~!$&'()*+,=:@aZ9"]],
    ['more than two dots', '/.../..a/a..', ['...', '..a', 'a..']],
    ['an escaped letter', '/%61pi', ['api']],
  ])('splits and decodes %s', (_, raw, segments) => {
    expect(accepted(raw)).toEqual({ path: raw, query: '', segments, trailing: false });
  });

  test('keeps a slash at its end, and says so', () => {
    expect(accepted('/api/rest/v1/products/')).toMatchObject({
      segments: ['api', 'rest', 'v1', 'products', ''],
      trailing: true,
    });
  });

  test.each(['//api/oauth/v1/token', '////api/oauth/v1/token'])('makes the slashes at the start of %s one', (raw) => {
    expect(accepted(raw)).toMatchObject({ path: '/api/oauth/v1/token', segments: ['api', 'oauth', 'v1', 'token'] });
  });

  test('turns //host/path into a path on the upstream, never into another host', () => {
    expect(accepted('//evil.example/x')).toMatchObject({ path: '/evil.example/x', segments: ['evil.example', 'x'] });
  });

  test.each([
    '?',
    '?&page=1',
    '?a=b?c=d',
    '?x=:,+=',
    '?search={"a":[{"operator":"="}]}',
    '?%zz',
    '?a=..%2f..',
    '?\\;|^`',
  ])('keeps the query %s byte for byte', (query) => {
    expect(accepted(`/p${query}`)).toMatchObject({ path: '/p', query });
  });

  test('has as many bytes as the limits allow', () => {
    const path = `/${'a'.repeat(maxPathBytes - 1)}`;
    const query = `?${'q'.repeat(maxQueryBytes)}`;
    expect(accepted(path + query)).toMatchObject({ path, query });
  });
});

describe('a target that is refused', () => {
  test.each([
    ['nothing', ''],
    ['absolute form', 'http://evil/x'],
    ['absolute form with our own host', 'https://gateway/api/rest/v1'],
    ['a scheme without slashes', 'javascript:x'],
    ['asterisk form', '*'],
    ['authority form', 'evil:443'],
    ['a path that begins with a backslash', '\\evil'],
    ['a query alone', '?a=b'],
    ['a segment ".."', '/x/..'],
    ['a segment ".." in the middle', '/api/rest/v1/media-files/../products'],
    ['a segment "."', '/./x'],
    ['a segment "." at the end', '/x/.'],
    ['".." before a slash at the end', '/x/../'],
    ['encoded dots', '/api/rest/v1/products/%2e%2e/families'],
    ['encoded dots in capitals', '/x/%2E%2E/y'],
    ['one of two dots encoded', '/x/.%2e/y'],
    ['the other of two dots encoded', '/x/%2e./y'],
    ['one encoded dot', '/x/%2e/y'],
    ['dots encoded twice', '/%252e%252e/x'],
    ['a percent sign encoded as digits', '/%25%32%65'],
    ['overlong dots', '/%c0%ae%c0%ae/x'],
    ['an encoded slash', '/a%2fb'],
    ['an encoded slash in capitals', '/a%2Fb'],
    ['dots and an encoded slash', '/api/rest/v1/products/..%2ffamilies'],
    ['an overlong slash', '/a%c0%afb'],
    ['a backslash', '/api/rest/v1/products/..\\families'],
    ['an encoded backslash', '/x/%5c..%5cy'],
    ['a path parameter', '/x/..;/y'],
    ['a path parameter at the end', '/x;jsessionid=1'],
    ['an encoded semicolon', '/x/..%3b/y'],
    ['an empty segment', '/api//rest'],
    ['two slashes at the end', '/api/rest//'],
    ['a fragment', '/x#y'],
    ['a fragment in the query', '/x?a#b'],
    ['a tab', '/x\t'],
    ['a line feed', '/x\ny'],
    ['an encoded line break', '/a%0d%0ab'],
    ['an encoded zero byte', '/%00'],
    ['an encoded DEL', '/%7f'],
    ['an encoded C1 control', '/%c2%85'],
    ['a space', '/a b'],
    ['a space in the query', '/x?a b'],
    ['a byte above ASCII', '/caf\xe9'],
    ['a byte above ASCII in the query', '/x?caf\xe9'],
    ['a character above one byte', '/\u2215'],
    ['quotes and angle brackets', '/"<>'],
    ['braces', '/{code}'],
    ['brackets', '/[x]'],
    ['a bar and a caret', '/a|b^c'],
    ['a percent sign alone', '/%'],
    ['a percent sign with one digit', '/%a'],
    ['a percent sign without hex digits', '/%zz'],
    ['cut UTF-8', '/x/%e2%81'],
    ['an encoded surrogate', '/%ed%a0%80'],
    ['an IIS escape', '/%u002e%u002e/x'],
    ['a path over the limit', `/${'a'.repeat(maxPathBytes)}`],
    ['a query over the limit', `/?${'q'.repeat(maxQueryBytes + 1)}`],
  ])('holds %s', (_, raw) => {
    expect(readTarget(raw)).toMatchObject({ status: 400 });
  });

  test('is not repeated in the answer', () => {
    expect(readTarget('/secret\\path?token=abc')).not.toMatchObject({ message: expect.stringMatching(/secret|abc/) });
  });
});

describe('whatever the target', () => {
  const atoms = [
    ...[
      '/',
      '/',
      '/',
      '.',
      '..',
      '%2e',
      '%2E',
      '%2f',
      '%2F',
      '%5c',
      '%25',
      '%',
      '2e',
      '2f',
      '5c',
      ';',
      '%3b',
      '\\',
      '?',
      '#',
      ' ',
    ],
    ...[
      'a',
      'api',
      'rest',
      'products',
      '%c3%a9',
      '%c3',
      '%a9',
      '%c0%ae',
      '%00',
      '%0a',
      '%7e',
      '~',
      ':',
      '@',
      '%3F',
      '%23',
      '\t',
      '\xe9',
    ],
  ];
  const targets = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.array(fc.constantFrom(...atoms), { maxLength: 12 }).map((parts) => `/${parts.join('')}`),
    },
    { weight: 1, arbitrary: fc.string({ unit: 'binary-ascii', maxLength: 40 }).map((text) => `/${text}`) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
    { weight: 1, arbitrary: fc.webUrl({ withQueryParameters: true }) },
  );
  const holds = (check: (target: Target, raw: string) => void): void => {
    let passed = 0;
    fc.assert(
      fc.property(targets, (raw) => {
        const target = readTarget(raw);
        if (target instanceof Refusal) {
          expect(target.status).toBe(400);
          return;
        }
        passed++;
        check(target, raw);
      }),
      { numRuns: 20_000 },
    );
    expect(passed).toBeGreaterThan(1000);
  };
  const hasDots = (path: string): boolean => path.split(/[/\\]/).some((segment) => segment === '.' || segment === '..');

  test('what is forwarded is what was sent, slashes at the start aside', () => {
    holds((target, raw) => expect(target.path + target.query).toBe(raw.replace(/^\/+/, '/')));
  });

  test("the WHATWG URL parser neither changes the path nor finds another host in it, with Node's URL as judge", () => {
    holds((target) => {
      const url = new URL(`http://upstream${target.path}${target.query}`);
      expect(url.pathname).toBe(target.path);
      expect(new URL(target.path + target.query, 'http://upstream').host).toBe('upstream');
    });
  });

  test('decoding twice finds the segments that decoding once found, and no dots', () => {
    holds((target) => {
      const once = decodeURIComponent(target.path);
      expect(once.slice(1).split('/')).toEqual(target.segments);
      let twice = once;
      try {
        twice = decodeURIComponent(once);
      } catch {
        // a percent sign of its own stays one
      }
      expect(twice).toBe(once);
      expect(hasDots(once)).toBe(false);
    });
  });

  test('reading what was read changes nothing', () => {
    holds((target) => expect(readTarget(target.path + target.query)).toEqual(target));
  });

  test('two targets with the same segments differ at most in how they are escaped', () => {
    holds((target) => {
      const plain = `/${target.segments.map(encodeURIComponent).join('/')}`;
      expect(accepted(plain).segments).toEqual(target.segments);
    });
  });
});
