import fc from 'fast-check';
import { expect, test } from 'vitest';
import { proposeCode } from '../../../src/insight/propose-code.ts';

test.each([
  ['ERP', 'ERP'],
  ['  Magento 2 – Süd ', 'Magento_2___S_d'],
  ['a', 'a__'],
  ['🙂 shop', '__shop'],
  ['x'.repeat(120), 'x'.repeat(100)],
  ['   ', ''],
  ['', ''],
])('%j becomes %j', (label, code) => {
  expect(proposeCode(label)).toBe(code);
});

test('whatever is typed, the proposal is a code or nothing', () => {
  const form = /^(?:[A-Za-z0-9_]{3,100})?$/;
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 130 }), (label) => form.test(proposeCode(label))),
    { numRuns: 50 },
  );
});
