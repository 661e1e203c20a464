import { expect, test } from 'vitest';
import { buildKubeError, buildNetworkError, isKubeError, KubeError } from '../../../src/kube/kube-error.ts';

const status = (code: number, reason?: string, message = 'no'): object => ({ kind: 'Status', code, reason, message });

test.each([
  [400, 'BadRequest', 'BadRequest', false],
  [401, 'Unauthorized', 'Unauthorized', true],
  [403, 'Forbidden', 'Forbidden', false],
  [404, 'NotFound', 'NotFound', false],
  [409, 'AlreadyExists', 'AlreadyExists', false],
  [409, 'Conflict', 'Conflict', true],
  [410, 'Gone', 'Gone', true],
  [410, 'Expired', 'Gone', true],
  [413, 'RequestEntityTooLarge', 'BadRequest', false],
  [422, 'Invalid', 'Invalid', false],
  [429, 'TooManyRequests', 'TooManyRequests', true],
  [500, 'InternalError', 'Unavailable', true],
  [500, 'ServerTimeout', 'Timeout', true],
  [503, 'ServiceUnavailable', 'Unavailable', true],
  [504, 'Timeout', 'Timeout', true],
] as const)('status %i with reason %s is %s (worth trying again: %s)', (code, reason, expected, retry) => {
  const error = buildKubeError({ status: code, answer: status(code, reason) });
  expect(error).toMatchObject({ code: expected, status: code, retry });
  expect(isKubeError(error, expected)).toBe(true);
  expect(isKubeError(error, 'Unknown')).toBe(false);
});

test.each([
  [409, 'Conflict'],
  [410, 'Gone'],
  [502, 'Unavailable'],
  [418, 'Unknown'],
] as const)('an answer that is no Status counts by its number: %i is %s', (code, expected) => {
  const error = buildKubeError({ status: code, answer: { secret: 'hunter2' } });
  expect(error).toMatchObject({ code: expected, sentence: `the API server answered with status ${code}` });
  expect(JSON.stringify(error) + String(error) + error.stack).not.toContain('hunter2');
});

test('the ERROR event of a watch brings its number in the Status', () => {
  expect(buildKubeError({ status: 0, answer: status(410) })).toMatchObject({ code: 'Gone', status: 410 });
});

test('a quota is told apart from a missing right', () => {
  const message =
    'secrets "a" is forbidden: exceeded quota: small, requested: secrets=1, used: secrets=5, limited: secrets=5';
  expect(buildKubeError({ status: 403, answer: status(403, 'Forbidden', message) }).exceededQuota).toBe(true);
  expect(buildKubeError({ status: 403, answer: status(403, 'Forbidden') }).exceededQuota).toBe(false);
  expect(buildKubeError({ status: 403, answer: status(403, 'Forbidden', message) }).missingRight).toBe(false);
});

test.each([
  ['secrets is forbidden: User "u" cannot create resource "secrets" in API group "" in the namespace "n"', true],
  ['secrets "a" is forbidden: User "u" cannot get resource "secrets" in API group "" in the namespace "n"', true],
  ['secrets "a" is forbidden: unable to create new content in namespace n because it is being terminated', false],
  ["secrets \"a\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no Secrets here", false],
  ['secrets "a" is forbidden: cannot set blockOwnerDeletion if an ownerReference refers to a resource', false],
])('what authorization says is told apart from what admission says: %s', (message, isMissing) => {
  expect(buildKubeError({ status: 403, answer: status(403, 'Forbidden', message) }).missingRight).toBe(isMissing);
});

test.each([
  [
    422,
    'Invalid',
    `secrets "a" is forbidden: ValidatingAdmissionPolicy 'p' denied request: failed to configure policy: failed to find resource referenced by paramKind: 'example.com/v1, Kind=Widget'`,
  ],
  [
    422,
    'Invalid',
    `secrets "a" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: failed to configure binding: paramKind kind 'Widget' not known`,
  ],
  [403, 'Forbidden', 'secrets "a" is forbidden: not yet ready to handle request'],
])('admission that has not begun is trouble that passes: %i %s %s', (code, reason, message) => {
  expect(buildKubeError({ status: code, answer: status(code, reason, message) })).toMatchObject({
    code: 'Unavailable',
    retry: true,
    sentence: message,
  });
});

test('Retry-After is milliseconds, from the header or the details', () => {
  expect(buildKubeError({ status: 429, retryAfter: '2' }).retryAfter).toBe(2_000);
  const details = { ...status(500, 'ServerTimeout'), details: { retryAfterSeconds: 5 } };
  expect(buildKubeError({ status: 500, answer: details }).retryAfter).toBe(5_000);
  for (const retryAfter of ['', '0', '-1', 'Fri, 31 Dec 1999 23:59:59 GMT']) {
    expect(buildKubeError({ status: 429, retryAfter }).retryAfter).toBeUndefined();
  }
});

test.each([
  [
    Object.assign(new Error('connect to https://token:hunter2@x'), { code: 'ECONNREFUSED' }),
    'Unavailable',
    'ECONNREFUSED',
  ],
  [
    new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNRESET' }) }),
    'Unavailable',
    'ECONNRESET',
  ],
  [Object.assign(new Error(), { code: 'UND_ERR_CONNECT_TIMEOUT' }), 'Timeout', 'UND_ERR_CONNECT_TIMEOUT'],
  [AbortSignal.timeout(0).reason ?? new DOMException('', 'TimeoutError'), 'Timeout', ''],
  ['hunter2', 'Unavailable', ''],
])('no answer: %s', (cause, code, shown) => {
  const error = buildNetworkError(cause);
  expect(error).toMatchObject({ code, status: 0, retry: true });
  expect(error.message).toContain(shown);
  expect(error.message).not.toContain('hunter2');
});

test('what is no KubeError is none', () => {
  expect(isKubeError(new Error('x'))).toBe(false);
  expect(isKubeError(undefined)).toBe(false);
  expect(isKubeError(new KubeError({ code: 'Gone', status: 410, sentence: '' }))).toBe(true);
});

test('a refusal names its fields, without the values that it quotes', () => {
  const causes = [
    {
      reason: 'FieldValueInvalid',
      message: 'Invalid value: "hunter2": should be at least 3 chars long',
      field: 'spec.code',
    },
    { message: 'without a field' },
  ];
  const answer = { ...status(422, 'Invalid'), details: { causes } };
  const error = buildKubeError({ status: 422, answer });
  expect(error.causes).toEqual([{ field: 'spec.code', sentence: 'Invalid value: should be at least 3 chars long' }]);
  const named = { ...status(422, 'Invalid'), details: { causes: [{ field: 'data[hunter2hunter2]', message: 'no' }] } };
  const body = { stringData: { hunter2hunter2: 'hunter2hunter2' } };
  expect(buildKubeError({ status: 422, answer: named, body }).causes).toEqual([{ field: 'data[…]', sentence: 'no' }]);
  expect(buildKubeError({ status: 409, answer: status(409, 'Conflict') }).causes).toEqual([]);
});
