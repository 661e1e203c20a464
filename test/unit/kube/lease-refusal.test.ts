import { expect, test } from 'vitest';
import { KubeError, type KubeErrorCode } from '../../../src/kube/kube-error.ts';
import { countRefusal, LeaseRefusedError } from '../../../src/kube/lease-refusal.ts';

const error = (code: KubeErrorCode, status: number): KubeError => new KubeError({ code, status, sentence: 'no' });

test('a few refusals in a row are waited for, then a sentence says what to do', () => {
  let count = 0;
  for (let i = 0; i < 5; i++) count = countRefusal(error('Forbidden', 403), count, 'connection-system');
  expect(count).toBe(5);
  expect(() => countRefusal(error('NotFound', 404), count, 'connection-system')).toThrow(LeaseRefusedError);
  expect(() => countRefusal(error('NotFound', 404), count, 'connection-system')).toThrow(/install the manifests first/);
});

test('an API server that is away begins the count anew', () => {
  expect(countRefusal(error('Unavailable', 503), 5, 'connection-system')).toBe(0);
});
