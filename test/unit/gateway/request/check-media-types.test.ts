import { describe, expect, test } from 'vitest';
import type { Refusal } from '../../../../src/access/refusal.ts';
import { checkMediaTypes } from '../../../../src/gateway/request/check-media-types.ts';
import { requestOf } from './request-of.ts';

const route = { known: true, files: false };
const fileRoute = { known: true, files: true };

function check(
  method: string,
  path: string,
  headers: readonly (readonly [string, string])[],
  of = route,
): Refusal | undefined {
  const request = requestOf(method, path, headers);
  return checkMediaTypes(request.method, request.target, request.headers, of);
}

describe('the type of a body under /api/rest/', () => {
  test.each([
    ['POST', 'application/json'],
    ['POST', 'application/json; charset=utf-8'],
    ['PATCH', 'Application/JSON;charset=UTF-8'],
    ['PUT', 'application/json'],
    ['PATCH', 'application/vnd.akeneo.collection+json'],
  ])('of %s may be %s', (method, type) => {
    expect(check(method, '/api/rest/v1/products', [['Content-Type', type]])).toBeUndefined();
  });

  test.each(['POST', 'PUT', 'PATCH'])('of %s may be missing', (method) => {
    expect(check(method, '/api/rest/v1/products/x', [])).toBeUndefined();
  });

  test.each(['POST', 'PUT', 'PATCH'])('of %s may not be a form', (method) => {
    const refusal = check(method, '/api/rest/v1/products', [['Content-Type', 'application/x-www-form-urlencoded']]);
    expect(refusal).toMatchObject({
      status: 415,
      message:
        '"application/x-www-form-urlencoded" in "Content-Type" header is not valid. Only "application/json" is allowed.',
    });
  });

  test.each([
    'multipart/form-data; boundary=x',
    'text/plain',
    'application/xml',
    'application/json, application/x-www-form-urlencoded',
    'application/x-www-form-urlencoded; application/json',
    'application/jsonp',
    '',
    ' ; application/json',
    'application/json application/x-www-form-urlencoded',
  ])('is 415 when it is %j', (type) => {
    expect(check('POST', '/api/rest/v1/products', [['Content-Type', type]])).toMatchObject({ status: 415 });
  });

  test('may be multipart where files go', () => {
    expect(
      check('POST', '/api/rest/v1/media-files', [['Content-Type', 'multipart/form-data; boundary=x']], fileRoute),
    ).toBeUndefined();
  });

  test('may not be a form where files go either', () => {
    expect(
      check('POST', '/api/rest/v1/media-files', [['Content-Type', 'application/x-www-form-urlencoded']], fileRoute),
    ).toMatchObject({
      status: 415,
      message:
        '"application/x-www-form-urlencoded" in "Content-Type" header is not valid. Only "application/json" or "multipart/form-data" are allowed.',
    });
  });

  test.each(['DELETE', 'GET'])('does not matter on %s', (method) => {
    expect(check(method, '/api/rest/v1/products/x', [['Content-Type', 'text/plain']])).toBeUndefined();
  });
});

test('any type passes outside /api/rest/', () => {
  expect(check('POST', '/orders', [['Content-Type', 'application/x-www-form-urlencoded']])).toBeUndefined();
});

describe('Accept of a GET under /api/rest/', () => {
  test.each([
    'application/json',
    '*/*',
    '*/*; q=0.2',
    'text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2',
    'application/json, text/plain, */*',
    'text/html, application/json;q=0.9',
    'application/*',
    'Application/JSON',
    '',
  ])('may be %j', (accept) => {
    expect(check('GET', '/api/rest/v1/products', [['Accept', accept]])).toBeUndefined();
  });

  test('may be missing', () => {
    expect(check('GET', '/api/rest/v1/products', [])).toBeUndefined();
  });

  test.each(['GET', 'HEAD'])('is 406 on %s when it is something else', (method) => {
    expect(check(method, '/api/rest/v1/products', [['Accept', 'text/html']])).toMatchObject({
      status: 406,
      message: '"text/html" in "Accept" header is not valid. Only "application/json" is allowed.',
    });
  });

  test('may be anything where bytes of a file come back, and on routes that only a rule names', () => {
    expect(check('GET', '/api/rest/v1/media-files/x/download', [['Accept', 'image/png']], fileRoute)).toBeUndefined();
    expect(
      check('GET', '/api/rest/v1/new-thing', [['Accept', 'image/png']], { known: false, files: false }),
    ).toBeUndefined();
  });
});
