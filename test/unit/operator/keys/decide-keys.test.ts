import { describe, expect, test } from 'vitest';
import { keyAnnotations } from '../../../../src/api/names.ts';
import type { Secret } from '../../../../src/api/secret.ts';
import { keyKinds, readKeys } from '../../../../src/credentials/key-secret.ts';
import { systemRandom } from '../../../../src/credentials/random-source.ts';
import { decideKeys, type WantedKeys } from '../../../../src/operator/keys/decide-keys.ts';
import { day, hour, minute, now } from '../../credentials/build-connection.ts';

const interval = 30 * day;
const metadata = { namespace: 's', name: 'keys', uid: 'u', resourceVersion: '1', creationTimestamp: '' };

interface Moment {
  readonly annotations?: Record<string, string>;
  readonly named?: readonly string[] | 'unknown';
  readonly at?: number;
}

/** What becomes of this key Secret; of none when it is absent. */
function decide(data: Readonly<Record<string, string>> | undefined, moment: Moment = {}): WantedKeys {
  const { annotations = {}, named = [], at = now } = moment;
  const secret: Secret | undefined = data && { data, metadata: { ...metadata, annotations } };
  const ids = named === 'unknown' ? undefined : new Set(named);
  return decideKeys({ secret, named: ids, signingKeyInterval: interval }, at, systemRandom);
}

const fresh = decide(undefined).data;
const idsOf = (data: Readonly<Record<string, string>>) => keyKinds.map((kind) => [...readKeys(data)[kind].keys()]);
const countsOf = (data: Readonly<Record<string, string>>) => idsOf(data).map((ids) => ids.length);
const rotate = { [keyAnnotations.rotate]: 'a' };
const revoke = { [keyAnnotations.revoke]: 'a' };
const [firstVerifier = ''] = idsOf(fresh)[0] ?? [];

describe('the key Secret', () => {
  test('begins with one key of each kind', () => {
    const { data, done, handled } = decide(undefined);
    expect(countsOf(data)).toEqual([1, 1, 1]);
    expect(done).toHaveLength(3);
    expect(handled).toBeUndefined();
  });

  test('is left as it is when nothing has to be done', () => {
    expect(decide(fresh)).toEqual({ data: fresh, done: [], handled: undefined });
  });

  test('gets what is missing of it, and keeps what is not ours', () => {
    const [verifier = ''] = Object.keys(fresh);
    const { data } = decide({ [verifier]: fresh[verifier] ?? '', note: 'eA==' });
    expect(countsOf(data)).toEqual([1, 1, 1]);
    expect(data.note).toBe('eA==');
  });

  test('gets a signing key when the newest one is older than the interval, and no other', () => {
    expect(decide(fresh, { at: now + interval }).done).toEqual([]);
    expect(countsOf(decide(fresh, { at: now + interval + 1000 }).data)).toEqual([1, 2, 1]);
  });
});

describe('rotate-keys', () => {
  test('adds a new key of each kind, which is the newest, and keeps the old ones', () => {
    const { data, handled } = decide(fresh, { annotations: rotate, at: now + hour, named: [firstVerifier] });
    expect(countsOf(data)).toEqual([2, 2, 2]);
    for (const [i, ids] of idsOf(data).entries()) expect(ids[0]).toBe(idsOf(fresh)[i]?.[0]);
    expect(JSON.parse(handled ?? '')).toEqual({ rotate: 'a' });
  });

  test('adds the newest also when the clock went back', () => {
    const { data } = decide(fresh, { annotations: rotate, at: now - day });
    for (const [i, ids] of idsOf(data).entries()) expect(ids[0]).toBe(idsOf(fresh)[i]?.[0]);
  });

  test('adds the newest also beside keys that people named', () => {
    const byHand = { 'verifier-main': fresh[`verifier-${firstVerifier}`] ?? '' };
    const { data } = decide(byHand, { annotations: rotate, named: ['main'] });
    expect(idsOf(data)[0]?.[0]).toBe('main');
    expect(idsOf(data)[0]).toHaveLength(2);
  });

  test.each([
    ['that was handled', { ...rotate, [keyAnnotations.handled]: '{"rotate":"a"}' }],
    ['without a value', { [keyAnnotations.rotate]: '' }],
  ])('does nothing for a token %s', (_, annotations) => {
    expect(decide(fresh, { annotations }).done).toEqual([]);
  });

  test('acts although what was handled cannot be read', () => {
    const annotations = { ...rotate, [keyAnnotations.handled]: 'broken{' };
    expect(countsOf(decide(fresh, { annotations, named: 'unknown' }).data)).toEqual([2, 2, 2]);
  });

  test('keeps what was handled of revoke-keys', () => {
    const annotations = { ...rotate, [keyAnnotations.handled]: '{"revoke":"x"}' };
    expect(JSON.parse(decide(fresh, { annotations }).handled ?? '')).toEqual({ revoke: 'x', rotate: 'a' });
  });
});

describe('an old key is dropped', () => {
  const rotated = decide(fresh, { annotations: rotate, at: now + hour, named: [firstVerifier] }).data;
  const later = (after: number, named: Moment['named'] = []) =>
    countsOf(decide(rotated, { at: now + hour + after, named }).data);

  test('of verifiers when no verifier and no mark names it, a minute later', () => {
    expect(later(minute)).toEqual([2, 2, 2]);
    expect(later(minute + 1)).toEqual([1, 2, 2]);
    expect(later(day, [firstVerifier])).toEqual([2, 2, 2]);
  });

  test('of verifiers never by an operator that does not see all Connections', () => {
    expect(later(5 * day, 'unknown')).toEqual([2, 2, 2]);
  });

  test('of signing when every token made with it has expired', () => {
    expect(later(7 * day + 1)).toEqual([1, 1, 2]);
  });

  test('of sessions when every refresh token made with it has expired', () => {
    expect(later(29 * day)).toEqual([1, 1, 2]);
    expect(later(30 * day + 1)).toEqual([1, 2, 1]);
  });

  test('never when it is the newest', () => {
    expect(countsOf(decide(fresh, { at: now + 20 * day }).data)).toEqual([1, 1, 1]);
  });
});

describe('revoke-keys', () => {
  test('drops old signing and session keys at once; verifier keys when nothing names them', () => {
    const { data, handled, done } = decide(fresh, { annotations: revoke, at: now + hour, named: [firstVerifier] });
    expect(countsOf(data)).toEqual([2, 1, 1]);
    expect(idsOf(data)[1]).not.toEqual(idsOf(fresh)[1]);
    expect(done).toHaveLength(5);
    expect(JSON.parse(handled ?? '')).toEqual({ revoke: 'a' });
  });

  test('drops keys that people named, too', () => {
    const byHand = Object.fromEntries(Object.entries(fresh).map(([name, key]) => [name.replace(/-.*/, '-zzz'), key]));
    const { data } = decide(byHand, { annotations: revoke, named: ['zzz'] });
    expect(idsOf(data).map((ids) => ids.includes('zzz'))).toEqual([true, false, false]);
  });

  test('beside rotate-keys is one change', () => {
    const { data, handled } = decide(fresh, {
      annotations: { ...rotate, ...revoke },
      at: now + hour,
      named: [firstVerifier],
    });
    expect(countsOf(data)).toEqual([2, 1, 1]);
    expect(JSON.parse(handled ?? '')).toEqual({ rotate: 'a', revoke: 'a' });
  });

  test('that was handled does nothing', () => {
    expect(decide(fresh, { annotations: { ...revoke, [keyAnnotations.handled]: '{"revoke":"a"}' } }).done).toEqual([]);
  });
});

test('what is done is said without a byte of a key', () => {
  const { data, done } = decide(undefined);
  for (const bytes of Object.values(data)) expect(done.join()).not.toContain(bytes);
  expect(done.every((line) => /^added (verifier|signing|session)-\S+$/.test(line))).toBe(true);
});
