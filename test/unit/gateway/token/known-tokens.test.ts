import { expect, test } from 'vitest';
import type { SignedClaims } from '../../../../src/gateway/token/access-token.ts';
import { buildKnownTokens } from '../../../../src/gateway/token/known-tokens.ts';

const signed = (sub: string): SignedClaims => ({ claims: { sub }, key: {} }) as unknown as SignedClaims;

test('a token is known by all of its text, not by its signature alone', () => {
  const known = buildKnownTokens();
  const claims = signed('a');
  known.set('header.payload.signature', claims);
  expect(known.get('header.payload.signature')).toBe(claims);
  expect(known.get('header.another.signature')).toBeUndefined();
  expect(known.get('other.payload.signature')).toBeUndefined();
  expect(known.get('signature')).toBeUndefined();
});

test('of too many the one is forgotten that was not used for longest', () => {
  const known = buildKnownTokens();
  for (let index = 0; index <= 20_000; index++) known.set(`a.b.${index}`, signed(String(index)));
  expect(known.get('a.b.0')).toBeUndefined();
  expect(known.get('a.b.1')).toBeDefined();
  expect(known.get('a.b.20000')).toBeDefined();
});
