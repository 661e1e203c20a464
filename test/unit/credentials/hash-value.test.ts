import { createHmac, createSecretKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { equalHashes, hashValue } from '../../../src/credentials/hash-value.ts';

const bytes = Buffer.alloc(32, 7);
const key = createSecretKey(bytes);
const subject = { uid: 'uid-1', clientId: 'erp_abc', username: 'erp_0001' };
const hash = hashValue(key, subject, 'clientSecret', '1-aaaaaa', 'value');

describe('the hash of a value', () => {
  test('is base64url of HMAC-SHA-256 over a JSON array, so that gateways of other releases make the same', () => {
    const text = '["connect.pim.dev/verifier/v1","uid-1","erp_abc","erp_0001","clientSecret","1-aaaaaa","value"]';
    expect(hash).toBe(createHmac('sha256', bytes).update(text, 'utf8').digest('base64url'));
  });

  test.each([
    ['key', hashValue(createSecretKey(Buffer.alloc(32, 8)), subject, 'clientSecret', '1-aaaaaa', 'value')],
    ['uid', hashValue(key, { ...subject, uid: 'uid-2' }, 'clientSecret', '1-aaaaaa', 'value')],
    ['client id', hashValue(key, { ...subject, clientId: 'erp_abd' }, 'clientSecret', '1-aaaaaa', 'value')],
    ['username', hashValue(key, { ...subject, username: 'erp_0002' }, 'clientSecret', '1-aaaaaa', 'value')],
    ['part', hashValue(key, subject, 'password', '1-aaaaaa', 'value')],
    ['version', hashValue(key, subject, 'clientSecret', '2-aaaaaa', 'value')],
    ['value', hashValue(key, subject, 'clientSecret', '1-aaaaaa', 'valuE')],
    ['border between version and value', hashValue(key, subject, 'clientSecret', '1-aaaaaav', 'alue')],
    ['quotes that a value holds', hashValue(key, subject, 'clientSecret', '1-aaaaaa","value', '')],
  ])('is another one with another %s', (_, other) => {
    expect(other).not.toBe(hash);
  });

  test('equals itself, and nothing longer or shorter', () => {
    expect(equalHashes(hash, `${hash}`)).toBe(true);
    expect(equalHashes(hash, `${hash}=`)).toBe(false);
    expect(equalHashes(hash, '')).toBe(false);
    expect(equalHashes(hash, hash.replace(/.$/, hash.endsWith('A') ? 'B' : 'A'))).toBe(false);
  });
});
