import { expect, test } from 'vitest';
import { describeRotation } from '../../../../src/dashboard/page/connection/describe-effects.ts';
import { connectionOf } from '../../insight/connection-of.ts';

const now = Date.parse('2026-11-28T10:00:00Z');
const format = (at: number): string => new Date(at).toISOString().slice(11, 16);

test('without overlap the old value stops at once', () => {
  const [end] = describeRotation(connectionOf(), ['clientSecret'], now, format);
  expect(end).toContain('The present client secret stops at once');
});

test('with overlap it says until when the old value works', () => {
  const [end] = describeRotation(
    connectionOf({ rotation: { overlap: '90m' } }),
    ['clientSecret', 'password'],
    now,
    format,
  );
  expect(end).toContain('The present client secret and password work on until 11:30 (overlap 90m)');
});

test('while suspended nothing works either way, and that comes first', () => {
  const [first] = describeRotation(connectionOf({ suspend: true }), ['password'], now, format);
  expect(first).toContain('suspended');
});
