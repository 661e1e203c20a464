import { expect, test } from 'vitest';
import { findNamedKeys } from '../../../../src/operator/keys/find-named-keys.ts';
import { buildConnection, buildVerifier, issued } from '../../credentials/build-connection.ts';
import { buildSecret, markOf, metadataOf, ourTexts } from '../decide/build-observed.ts';
import { buildCache } from '../observe/build-cache.ts';

test('a key is named by accepted and retired verifiers of both parts, and by marks', () => {
  const status = issued(
    [buildVerifier('1-aaaaaa', { key: 'old' }), buildVerifier('2-bbbbbb', { key: 'new' })],
    [buildVerifier('1-cccccc', { key: 'password' })],
  );
  const credentials = status.credentials && {
    ...status.credentials,
    retired: { password: [buildVerifier('0-dddddd', { key: 'retired' })] },
  };
  const connection = buildConnection({ status: { ...status, ...(credentials && { credentials }) } });
  const secret = buildSecret(ourTexts, { metadata: metadataOf({ annotations: markOf() }) });
  expect([...findNamedKeys(buildCache([connection], [secret]))].sort()).toEqual([
    'k1',
    'new',
    'old',
    'password',
    'retired',
  ]);
});

test('nothing is named where there is nothing, or a mark cannot be read', () => {
  const secret = buildSecret({}, { metadata: metadataOf({ annotations: { 'connect.pim.dev/issued': '{}' } }) });
  expect(findNamedKeys(buildCache([buildConnection()], [secret])).size).toBe(0);
});
