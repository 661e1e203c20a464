import { describe, expect, test } from 'vitest';
import { methods, readJudgedMethod, readMethod } from '../../../../src/access/read-method.ts';
import { checkQueryOverride, hasOverrideHeader } from '../../../../src/gateway/request/check-method-override.ts';
import { headersOf } from './request-of.ts';

test.each(methods)('%s is a method', (method) => {
  expect(readMethod(method)).toBe(method);
});

test.each(['TRACE', 'PROPFIND', 'PURGE', 'get', 'Post', '', 'GET ', 'X-HTTP', 'QUERY'])(
  '%j is 405 and says what is allowed',
  (method) => {
    expect(readMethod(method)).toMatchObject({ status: 405, allow: 'GET, HEAD, POST, PUT, PATCH, DELETE' });
  },
);

test('CONNECT is 400', () => {
  expect(readMethod('CONNECT')).toMatchObject({ status: 400 });
});

test('HEAD is judged as GET, every other method as itself', () => {
  expect(methods.map(readJudgedMethod)).toEqual(['GET', 'GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);
});

describe('the query of a POST that would make it another method', () => {
  test.each([
    ['by name', '?_method=DELETE'],
    ['after another parameter', '?a=b&_method=PATCH'],
    ['after a semicolon', '?a=b;_method=PATCH'],
    ['without a value', '?_method'],
    ['in another case', '?_METHOD=DELETE'],
    ['with an escaped underscore', '?%5Fmethod=DELETE'],
    ['with every letter escaped', '?%5f%6d%65%74%68%6f%64=DELETE'],
    ['with a dot, as PHP reads it', '?.method=DELETE'],
    ['with an escaped dot', '?%2emethod=DELETE'],
    ['with a space before it', '?+_method=DELETE'],
    ['with an escaped space before it', '?%20%20_method=DELETE'],
    ['with an escaped space after a dot', '?%20.method=DELETE'],
    ['cut by a zero byte', '?_method%00x=DELETE'],
    ['as a list', '?_method[]=DELETE'],
    ['as an escaped list', '?_method%5Bx%5D=DELETE'],
    ['with an open bracket in place of the underscore', '?[method=DELETE'],
    ['with a question mark too many', '?a=1&&_method=DELETE'],
  ])('is refused %s', (_, query) => {
    expect(checkQueryOverride('POST', query)).toMatchObject({ status: 400 });
  });

  test.each([
    '',
    '?',
    '?method=x',
    '?a=_method',
    '?my_method=1',
    '?_method2=1',
    '?a[_method]=1',
    '?search={"_method":1}',
    '?a=%26_method%3DDELETE',
  ])('is not found in %j', (query) => {
    expect(checkQueryOverride('POST', query)).toBeUndefined();
  });

  test.each(methods.filter((method) => method !== 'POST'))('means nothing on %s', (method) => {
    expect(checkQueryOverride(method, '?_method=DELETE')).toBeUndefined();
  });
});

test.each(['x-http-method-override', 'x_http_method_override', 'x.http.method', 'x-method-override'])(
  '%s is an override header',
  (name) => {
    expect(hasOverrideHeader(headersOf([[name, 'DELETE']]).lines)).toBe(true);
  },
);

test('other headers are no override headers', () => {
  expect(hasOverrideHeader(headersOf([['x-http-methods', 'DELETE']]).lines)).toBe(false);
});
