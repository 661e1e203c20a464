import { expect, test } from 'vitest';
import type { AdoptedItem, ConnectionSpec } from '../../../src/api/generated/connection.ts';
import { findHints } from '../../../src/insight/find-hints.ts';
import { connectionOf } from './connection-of.ts';

const own = { roleRef: { name: 'erp' }, groupRef: { name: 'erp' } };

test.each<[Partial<ConnectionSpec>, AdoptedItem[], string[]]>([
  [own, [], []],
  [{ roleRef: { name: 'user' }, groupRef: { name: 'all' } }, [], ['default role user', 'default group all']],
  [{ ...own, roleRef: {} }, [], ['default role user']],
  [{ ...own, groupRef: {} }, [], ['default group all']],
  [own, ['clientId', 'username'], []],
  [own, ['clientId', 'password'], ['The password was adopted, not generated: rotate it']],
  [own, ['clientSecret', 'password'], ['The client secret and password were adopted, not generated: rotate them']],
])('%j with adopted %j', (spec, adopted, words) => {
  const sentences = findHints(connectionOf(spec, { credentials: { uid: 'u1', adopted } })).map(
    ({ sentence }) => sentence,
  );
  expect(sentences).toEqual(words.map((word) => expect.stringContaining(word)));
});
