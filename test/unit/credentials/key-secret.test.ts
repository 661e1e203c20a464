import { createPrivateKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { compareKeyIds, keyTimeOf, makeKeyId } from '../../../src/credentials/key-id.ts';
import { buildKeyRing } from '../../../src/credentials/key-ring.ts';
import { keyKinds, makeKey, readKeyRing, readKeys } from '../../../src/credentials/key-secret.ts';
import { systemRandom } from '../../../src/credentials/random-source.ts';
import { now } from './build-connection.ts';

const bytes = (length: number, fill: number): string => Buffer.alloc(length, fill).toString('base64');

describe('a key', () => {
  test.each(keyKinds)('of kind %s is found again under its name', (kind) => {
    const [name, data] = makeKey(kind, now, systemRandom);
    expect(name).toMatch(new RegExp(`^${kind}-20260301t000000z-[0-9a-z]{4}$`));
    const [[id, found] = []] = readKeys({ [name]: data })[kind];
    expect(`${kind}-${id}`).toBe(name);
    expect(Buffer.from(found ?? []).toString('base64')).toBe(data);
  });

  test('for HMAC and refresh tokens has 256 bits of the random source', () => {
    const [, data] = makeKey('verifier', now, (length) => new Uint8Array(length).fill(9));
    expect(Buffer.from(data, 'base64')).toEqual(Buffer.alloc(32, 9));
  });

  test('for signing is an Ed25519 key in PKCS #8', () => {
    const [, data] = makeKey('signing', now, systemRandom);
    expect(createPrivateKey(Buffer.from(data, 'base64')).asymmetricKeyType).toBe('ed25519');
  });

  test('of an unknown kind, too short or without an id is none', () => {
    const data = {
      'verifier-': bytes(32, 1),
      'verifier-a': bytes(31, 1),
      'other-a': bytes(32, 1),
      'session-b': 'not base64!',
    };
    const { verifier, signing, session } = readKeys(data);
    expect([verifier.size, signing.size, session.size]).toEqual([0, 0, 0]);
    expect(readKeyRing(data)).toBeUndefined();
    expect(readKeyRing(undefined)).toBeUndefined();
  });
});

describe('the id of a key', () => {
  test('says when it was made', () => {
    expect(keyTimeOf(makeKeyId(now + 999, systemRandom))).toBe(now);
    expect(keyTimeOf('main')).toBe(0);
  });

  test('tells two keys of one second apart', () => {
    expect(makeKeyId(now, systemRandom)).not.toBe(makeKeyId(now, systemRandom));
  });

  test('sorts by age; ids that people chose are older than all of ours', () => {
    const [old, young] = [makeKeyId(now, systemRandom), makeKeyId(now + 1000, systemRandom)];
    expect([young, 'zzz', old, 'main'].sort(compareKeyIds)).toEqual(['main', 'zzz', old, young]);
    expect(compareKeyIds(old, old)).toBe(0);
  });
});

describe('the ring', () => {
  const ids = ['20260301t000000z-aaaa', '20260101t000000z-zzzz', 'zzz'];

  test('makes with the newest key, and knows all', () => {
    const ring = buildKeyRing(new Map(ids.map((id) => [id, Buffer.alloc(32, 1)])));
    expect(ring.newest).toBe('20260301t000000z-aaaa');
    expect(ring.ids).toEqual(['zzz', '20260101t000000z-zzzz', '20260301t000000z-aaaa']);
    expect(ring.get('zzz')?.symmetricKeySize).toBe(32);
    expect(ring.get('gone')).toBeUndefined();
    expect(ring.get('constructor')).toBeUndefined();
  });

  test('of a key Secret has its verifier keys alone', () => {
    const data = { 'verifier-b': bytes(32, 1), 'verifier-a': bytes(32, 2), 'session-c': bytes(32, 3) };
    expect(readKeyRing(data)?.ids).toEqual(['a', 'b']);
  });

  test('of no keys cannot be', () => {
    expect(() => buildKeyRing(new Map())).toThrow('at least one');
  });
});
