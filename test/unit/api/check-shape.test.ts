import { expect, test } from 'vitest';
import { checkShape } from '../../../src/api/check-shape.ts';

const verifier = { version: '1-k3x9q2', key: 'k', alg: 'hmac-sha256', hash: 'aGFzaA', issued: '2026-01-01T00:00:00Z' };
const issued = {
  observedGeneration: 1,
  conditions: [{ type: 'Ready', status: 'True', reason: 'Issued', message: 'm', observedGeneration: 1 }],
  code: 'erp',
  clientId: 'erp_1',
  username: 'erp_0001',
  binding: { name: 'erp-credentials' },
  credentials: {
    uid: 'u',
    issuedAt: '2026-01-01T00:00:00Z',
    adopted: ['password'],
    clientSecret: [
      { ...verifier, expires: '2026-01-02T00:00:00Z' },
      { ...verifier, pending: true },
    ],
    password: [verifier],
    retired: { password: [{ ...verifier, ended: '2026-01-02T00:00:00Z' }] },
    reissues: { count: 1, last: '2026-01-01T00:00:00Z' },
    ofALaterRelease: { anything: 1 },
  },
  rotation: {
    clientSecret: {
      lastHandledRequest: 'a',
      lastRotated: '2026-01-01T00:00:00Z',
      nextRotation: '2026-02-01T00:00:00Z',
    },
    handled: [{ annotation: 'connect.pim.dev/rotate', token: 'a' }],
    history: [{ time: '2026-01-01T00:00:00Z', part: 'password', version: '2-abcdef', cause: 'Requested' }],
  },
};
const spec = {
  label: 'ERP',
  flowType: 'Source',
  code: 'erp',
  suspend: false,
  tracked: true,
  roleRef: { name: 'user' },
  groupRef: { name: 'all' },
  secret: { name: 's', type: 'Opaque', labels: { a: 'b' }, annotations: {}, data: { KEY: '{{code}}' }, htpasswd: true },
  rotation: { interval: '720h', overlap: '0s' },
};

test.each([
  ['the least', { spec: {} }],
  ['everything', { spec, status: issued }],
  ['the status that the CRD gives it', { spec, status: { conditions: issued.conditions } }],
  ['fields of a later release', { spec: { ...spec, colour: { of: ['a', 1] } }, status: { ...issued, more: 1 } }],
])('a Connection with %s', (_what, fields) => {
  expect(checkShape({ kind: 'Connection', ...fields })).toBe(true);
});

test.each([
  ['no spec', {}],
  ['null for a spec', { spec: null }],
  ['a list for a spec', { spec: [] }],
  ['a number for a code', { spec: { code: 7 } }],
  ['text for a role', { spec: { roleRef: 'user' } }],
  ['null for a template', { spec: { secret: { data: { KEY: null } } } }],
  ['a list of templates', { spec: { secret: { data: ['a'] } } }],
  ['numbers for durations', { spec: { rotation: { interval: 1 } } }],
  ['text for credentials', { spec, status: { credentials: 'x' } }],
  ['text for conditions', { spec, status: { conditions: 'x' } }],
  ['a verifier without a hash', { spec, status: { credentials: { password: [{ ...verifier, hash: undefined }] } } }],
  ['one verifier for a list', { spec, status: { credentials: { password: verifier } } }],
  ['a request without a token', { spec, status: { rotation: { handled: [{ annotation: 'a' }] } } }],
])('not a Connection with %s', (_what, fields) => {
  expect(checkShape({ kind: 'Connection', ...fields })).toBe(false);
});

test('roles and groups need a spec, and namespaces are a list of names', () => {
  for (const kind of ['ConnectionRole', 'ConnectionGroup']) {
    expect(checkShape({ kind, spec: { namespaces: ['a'] } } as { kind: string })).toBe(true);
    expect(checkShape({ kind, spec: {} } as { kind: string })).toBe(true);
    expect(checkShape({ kind })).toBe(false);
    expect(checkShape({ kind, spec: { namespaces: 'a' } } as { kind: string })).toBe(false);
    expect(checkShape({ kind, spec: { namespaces: [1] } } as { kind: string })).toBe(false);
  }
});

test('nobody else is looked at', () => {
  expect(checkShape({ kind: 'Secret' })).toBe(true);
  expect(checkShape({})).toBe(true);
});
