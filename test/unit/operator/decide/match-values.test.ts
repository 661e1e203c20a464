import { describe, expect, test } from 'vitest';
import type { Verifier } from '../../../../src/api/generated/connection.ts';
import { makeValue } from '../../../../src/credentials/generated-value.ts';
import { hashValue } from '../../../../src/credentials/hash-value.ts';
import { buildKeyRing, type KeyRing } from '../../../../src/credentials/key-ring.ts';
import { systemRandom } from '../../../../src/credentials/random-source.ts';
import { matchValues } from '../../../../src/operator/decide/match-values.ts';
import { readSecret } from '../../../../src/operator/decide/read-secret.ts';
import { at, buildConnection, buildVerifier, issued } from '../../credentials/build-connection.ts';
import { quickHash } from '../model/world.ts';
import { buildObserved, buildSecret, buildTools, markOf, metadataOf, ourTexts, ring } from './build-observed.ts';

const subject = { uid: 'uid-1', clientId: 'erp_abc', username: 'erp_0001' };
const newer = buildKeyRing(
  new Map([
    ['k1', Buffer.alloc(32, 1)],
    ['k2', Buffer.alloc(32, 2)],
  ]),
);
const other = buildKeyRing(new Map([['k2', Buffer.alloc(32, 2)]]));
const generated = makeValue('password', systemRandom);

/** A verifier of version `1-bbbbbb` under key k1. */
function verifierOf(value: string, more: Partial<Verifier> = {}): Verifier {
  const key = ring.get('k1');
  if (!key) throw new Error('k1 is in the ring');
  const keyed = hashValue(key, subject, 'password', '1-bbbbbb', value);
  const hash = more.alg === 'bcrypt' ? quickHash(keyed) : keyed;
  return { version: '1-bbbbbb', key: 'k1', alg: 'hmac-sha256', hash, issued: at(0), ...more };
}

interface Case {
  readonly verifier: Verifier;
  /** The password in the Secret; absent: none. */
  readonly value?: string;
  /** What the mark says of it; absent: the mark is right and of version 1-bbbbbb. */
  readonly mark?: { readonly version?: string; readonly password?: string };
  readonly keys?: KeyRing;
}

/** How the password stands to its verifier, and how often the slow hash was asked. */
async function match({ verifier, value, mark = {}, keys = ring }: Case) {
  let slow = 0;
  const compare = async (text: string, hashed: string): Promise<boolean> => {
    slow++;
    return quickHash(text) === hashed;
  };
  const bcrypt = { ...buildTools().bcrypt, compare };
  const { password: _password, ...rest } = ourTexts;
  const texts = { ...rest, ...(value !== undefined && { password: value }) };
  const versions = { clientSecret: '1-aaaaaa', password: mark.version ?? '1-bbbbbb' };
  const annotations = markOf({ password: mark.password ?? value ?? '', versions });
  const secret = buildSecret(texts, { metadata: metadataOf({ annotations }) });
  const connection = buildConnection({ status: issued([buildVerifier('1-aaaaaa')], [verifier]) });
  const content = readSecret(secret, 'erp', keys);
  const { password } = await matchValues(buildObserved({ connection, keys }), content, subject, bcrypt);
  return { password, slow };
}

describe('the value in the Secret is', () => {
  test.each<[string, Case, string]>([
    ['the one that was hashed', { verifier: verifierOf('x'), value: 'x' }, 'same'],
    [
      'the one that was hashed, whatever the mark says',
      { verifier: verifierOf('x'), value: 'x', mark: { password: 'y' } },
      'same',
    ],
    ['another one', { verifier: verifierOf('x'), value: 'y', mark: { password: 'x' } }, 'other'],
    [
      'another one with a right mark of that version: nobody else can have written it twice',
      { verifier: verifierOf('x'), value: 'y' },
      'other',
    ],
    ['missing', { verifier: verifierOf('x') }, 'other'],
    ['to be hashed with the newest key', { verifier: verifierOf('x'), value: 'x', keys: newer }, 'rehash'],
    ['another one under an old key', { verifier: verifierOf('x'), value: 'y', keys: newer }, 'other'],
  ])('%s', async (_, given, expected) => {
    expect(await match(given)).toMatchObject({ password: expected });
  });

  test.each<[string, Case, string]>([
    [
      'followed: a former leader wrote this version first',
      { verifier: verifierOf('x', { pending: true }), value: 'y' },
      'follow',
    ],
    [
      'not followed when it is of another version',
      { verifier: verifierOf('x', { pending: true }), value: 'y', mark: { version: '9-zzzzzz' } },
      'other',
    ],
    [
      'not followed when the mark is wrong',
      { verifier: verifierOf('x', { pending: true }), value: 'y', mark: { password: 'z' } },
      'other',
    ],
  ])('while a rotation is pending, %s', async (_, given, expected) => {
    expect(await match(given)).toMatchObject({ password: expected });
  });

  test.each<[string, Case, string]>([
    [
      'believed when it has its form and checksum',
      { verifier: verifierOf(generated), value: generated, keys: other },
      'rehash',
    ],
    ['edited when it has lost them', { verifier: verifierOf(generated), value: 'hunter2', keys: other }, 'other'],
    [
      'believed when it was adopted, whatever it is',
      { verifier: verifierOf('x', { alg: 'bcrypt' }), value: 'hunter2', keys: other },
      'rehash',
    ],
    [
      'not believed when it was about to be replaced',
      { verifier: verifierOf(generated, { pending: true }), value: generated, mark: { version: '0-old' }, keys: other },
      'other',
    ],
    [
      'believed when the replacement had arrived',
      { verifier: verifierOf('x', { pending: true }), value: generated, keys: other },
      'rehash',
    ],
    ['missing when it is missing', { verifier: verifierOf(generated), keys: other }, 'other'],
  ])('when the key is lost, %s', async (_, given, expected) => {
    expect(await match(given)).toMatchObject({ password: expected });
  });

  test.each<[string, Case, string, number]>([
    ['known by the mark without bcrypt', { verifier: verifierOf('x', { alg: 'bcrypt' }), value: 'x' }, 'same', 0],
    [
      'asked of bcrypt when the mark is wrong',
      { verifier: verifierOf('x', { alg: 'bcrypt' }), value: 'x', mark: { password: 'y' } },
      'same',
      1,
    ],
    [
      'asked of bcrypt when the mark is of another version',
      { verifier: verifierOf('x', { alg: 'bcrypt' }), value: 'x', mark: { version: '9-zzzzzz' } },
      'same',
      1,
    ],
    [
      'another one when bcrypt says so',
      { verifier: verifierOf('x', { alg: 'bcrypt' }), value: 'y', mark: { password: 'x' } },
      'other',
      1,
    ],
  ])('when it was adopted, %s', async (_, given, expected, slow) => {
    expect(await match(given)).toEqual({ password: expected, slow });
  });
});
