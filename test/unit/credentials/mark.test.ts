import { describe, expect, test } from 'vitest';
import { buildKeyRing } from '../../../src/credentials/key-ring.ts';
import {
  buildMark,
  isMarkRight,
  type Mark,
  type MarkedContent,
  type MarkFacts,
  parseMark,
} from '../../../src/credentials/mark.ts';

const old = buildKeyRing(new Map([['k1', Buffer.alloc(32, 1)]]));
const both = buildKeyRing(
  new Map([
    ['k1', Buffer.alloc(32, 1)],
    ['k2', Buffer.alloc(32, 2)],
  ]),
);
const content: MarkedContent = {
  namespace: 'shop',
  secret: 'erp-credentials',
  connection: 'erp',
  clientId: 'erp_abc',
  username: 'erp_0001',
  clientSecret: 'plain-secret',
  password: 'plain-password',
  auth: 'erp_0001:hash',
};
const facts: MarkFacts = {
  versions: { clientSecret: '1-aaaaaa', password: '2-bbbbbb' },
  handled: [{ annotation: 'connect.pim.dev/rotate', token: 'a' }],
  kept: ['note'],
  metadata: ['label team'],
};
const text = buildMark(old, content, facts);
const mark = parseMark(text) as Mark;

describe('a mark', () => {
  test('is right for what was written, and the same text each time', () => {
    expect(isMarkRight(old, mark, content)).toBe(true);
    expect(buildMark(old, content, facts)).toBe(text);
  });

  test.each(Object.keys(content) as (keyof MarkedContent)[])('is wrong when the %s is another one', (key) => {
    expect(isMarkRight(old, mark, { ...content, [key]: 'another' })).toBe(false);
  });

  test('is wrong when auth came or went', () => {
    expect(isMarkRight(old, mark, { ...content, auth: undefined })).toBe(false);
    const without = parseMark(buildMark(old, { ...content, auth: undefined }, facts)) as Mark;
    expect(isMarkRight(old, without, { ...content, auth: undefined })).toBe(true);
    expect(isMarkRight(old, without, { ...content, auth: '' })).toBe(false);
  });

  test.each<[string, Partial<MarkFacts>]>([
    ['version of the client secret', { versions: { clientSecret: '9-aaaaaa', password: '2-bbbbbb' } }],
    ['version of the password', { versions: { clientSecret: '1-aaaaaa', password: '9-bbbbbb' } }],
    ['handled token', { handled: [{ annotation: 'connect.pim.dev/rotate', token: 'b' }] }],
    [
      'token that was not handled',
      { handled: [...facts.handled, { annotation: 'connect.pim.dev/revoke', token: 'b' }] },
    ],
    ['token that is left out', { handled: [] }],
    ['kept key', { kept: ['note', 'client-secret'] }],
    ['key of metadata', { metadata: [] }],
  ])('is wrong with another %s in it', (_, changed) => {
    expect(isMarkRight(old, { ...mark, ...changed }, content)).toBe(false);
  });

  test('cannot move values between keys', () => {
    const swapped = { ...content, clientSecret: content.password, password: content.clientSecret };
    expect(isMarkRight(old, mark, swapped)).toBe(false);
  });

  test('is made with the newest key, and right under any key of the ring', () => {
    expect(parseMark(buildMark(both, content, facts))?.key).toBe('k2');
    expect(isMarkRight(both, mark, content)).toBe(true);
  });

  test('of a key that is gone is not right', () => {
    const ring = buildKeyRing(new Map([['k2', Buffer.alloc(32, 2)]]));
    expect(isMarkRight(ring, mark, content)).toBe(false);
  });

  test('under the same id with another key is not right', () => {
    const forged = buildKeyRing(new Map([['k1', Buffer.alloc(32, 9)]]));
    expect(isMarkRight(old, parseMark(buildMark(forged, content, facts)) as Mark, content)).toBe(false);
  });

  test('holds no value', () => {
    for (const value of [content.clientSecret, content.password, content.auth ?? '']) expect(text).not.toContain(value);
  });
});

describe('a text that is no mark', () => {
  test.each([
    undefined,
    '',
    'null',
    '[]',
    '"mark"',
    '{',
    '{}',
    JSON.stringify({ ...mark, mac: 1 }),
    JSON.stringify({ ...mark, versions: { clientSecret: '1-aaaaaa' } }),
    JSON.stringify({ ...mark, versions: null }),
    JSON.stringify({ ...mark, handled: [{ annotation: 'x' }] }),
    JSON.stringify({ ...mark, handled: [null] }),
    JSON.stringify({ ...mark, handled: {} }),
    JSON.stringify({ ...mark, kept: 'note' }),
    JSON.stringify({ ...mark, metadata: [1] }),
  ])('%s', (nothing) => {
    expect(parseMark(nothing)).toBeUndefined();
  });
});
