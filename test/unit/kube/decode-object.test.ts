import { expect, test } from 'vitest';
import { decodeObject } from '../../../src/kube/decode-object.ts';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

test('what nobody reads is taken out, everything else stays', () => {
  const raw = {
    apiVersion: 'connect.pim.dev/v1beta1',
    kind: 'Connection',
    metadata: {
      name: 'erp',
      namespace: 'team',
      uid: 'u',
      resourceVersion: '7',
      annotations: { [lastApplied]: '{}', 'connect.pim.dev/rotate': 'x' },
      managedFields: [{}],
    },
    spec: { label: 'ERP', image: 'data:image/png;base64,AAAA', tracked: false },
    status: { code: 'erp' },
  };
  expect(decodeObject(raw)).toEqual({
    apiVersion: 'connect.pim.dev/v1beta1',
    kind: 'Connection',
    metadata: {
      name: 'erp',
      namespace: 'team',
      uid: 'u',
      resourceVersion: '7',
      annotations: { 'connect.pim.dev/rotate': 'x' },
    },
    spec: { label: 'ERP', tracked: false },
    status: { code: 'erp' },
  });
});

test('only a Connection has an image that is none of our business', () => {
  const raw = { kind: 'Other', metadata: { name: 'a', resourceVersion: '1' }, spec: { image: 'nginx' } };
  expect(decodeObject(raw)).toMatchObject({ spec: { image: 'nginx' } });
});

test.each([null, undefined, 'x', {}, { metadata: {} }, { metadata: { name: 'a' } }])('%j is no object', (raw) => {
  expect(() => decodeObject(raw)).toThrow(TypeError);
});
