import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Refusal } from '../../../../src/access/refusal.ts';
import { readRequest } from '../../../../src/gateway/request/read-request.ts';
import { rawRequest } from './request-of.ts';

test('a request is read as method, target and headers', () => {
  expect(
    readRequest(rawRequest('PATCH', '/api/rest/v1/products/x?a=b', [['Authorization', 'Bearer t']])),
  ).toMatchObject({
    method: 'PATCH',
    target: { path: '/api/rest/v1/products/x', query: '?a=b' },
    headers: { authorization: 'Bearer t' },
  });
});

test.each<[string, number, Parameters<typeof rawRequest>]>([
  ['an absolute target', 400, ['GET', 'http://pim.internal/api/rest/v1/products']],
  ['CONNECT', 400, ['CONNECT', '/']],
  ['CONNECT to a host', 400, ['CONNECT', 'pim.internal:443']],
  ['an asterisk', 400, ['OPTIONS', '*']],
  [
    'two Host lines',
    400,
    [
      'GET',
      '/',
      [
        ['Host', 'a'],
        ['Host', 'b'],
      ],
    ],
  ],
  [
    'two Authorization lines',
    400,
    [
      'GET',
      '/',
      [
        ['Authorization', 'Bearer a'],
        ['Authorization', 'Bearer b'],
      ],
    ],
  ],
  ['another method by the query', 400, ['POST', '/api/rest/v1/products?_method=DELETE']],
  ['dots', 400, ['GET', '/api/rest/v1/media-files/../products']],
  ['a method that is not served', 405, ['TRACE', '/']],
])('a request with %s is %i', (_, status, parts) => {
  expect(readRequest(rawRequest(...parts))).toMatchObject({ status });
});

test('whatever comes, the answer is a request or a refusal with a documented status', () => {
  const text = fc.string({ unit: 'binary-ascii', maxLength: 20 });
  fc.assert(
    fc.property(
      text,
      text,
      fc.array(fc.tuple(text, text)),
      fc.constantFrom('1.0', '1.1', '2.0'),
      (method, target, lines, version) => {
        const request = readRequest(rawRequest(method, `/${target}`, lines, version));
        if (request instanceof Refusal) expect([400, 405]).toContain(request.status);
        else expect(request.target.path.startsWith('/')).toBe(true);
      },
    ),
    { numRuns: 3000 },
  );
});
