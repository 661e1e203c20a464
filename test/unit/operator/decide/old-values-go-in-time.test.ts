import { describe, expect, test } from 'vitest';
import { replaceVerifier, retireEnded } from '../../../../src/operator/decide/replace-verifier.ts';
import { settle } from '../../../../src/operator/decide/settle.ts';
import {
  at,
  buildConnection,
  buildVerifier,
  day,
  hour,
  issued,
  minute,
  now,
} from '../../credentials/build-connection.ts';
import { buildObserved } from './build-observed.ts';

const base = { uid: 'uid-1', issuedAt: at(-day) };

test('of more than four values the oldest goes, also when a newer one would end sooner: it was in use just now', () => {
  const old = [1, 2, 3].map((n) => buildVerifier(`${n}-aaaaaa`, { expires: at((10 - n) * hour) }));
  const before = { ...base, clientSecret: [...old, buildVerifier('4-aaaaaa')] };
  const how = { overlap: minute, undelivered: false, now };
  const { clientSecret, retired } = replaceVerifier(before, 'clientSecret', buildVerifier('5-aaaaaa'), how);
  expect(clientSecret?.map(({ version }) => version)).toEqual(['2-aaaaaa', '3-aaaaaa', '4-aaaaaa', '5-aaaaaa']);
  expect(retired?.clientSecret).toMatchObject([{ version: '1-aaaaaa', ended: at(0) }]);
});

describe('a retired value', () => {
  const newest = buildVerifier('2-bbbbbb');
  const retired = { ...buildVerifier('1-aaaaaa', { key: 'old' }), ended: at(0) };
  const credentials = { ...base, clientSecret: [newest], password: [newest], retired: { clientSecret: [retired] } };

  test('is recognised for 30 days, and then forgotten although nothing else happened: its key may go', () => {
    expect(retireEnded(credentials, 'clientSecret', now + 30 * day - 1)).toBe(credentials);
    expect(retireEnded(credentials, 'clientSecret', now + 30 * day).retired?.clientSecret).toEqual([]);
  });

  test('is looked at when its time has come', () => {
    const status = { ...issued([newest]), credentials };
    const observed = buildObserved({ connection: buildConnection({ status }) });
    expect(settle(observed, { status, problem: undefined }, now).recheckAt).toBe(now + 30 * day);
  });
});

test('a Secret that is not ours is looked at again within 10 seconds, the time that a look takes included', () => {
  const problem = { reason: 'SecretConflict', message: 'not ours' } as const;
  const { recheckAt = Number.POSITIVE_INFINITY } = settle(buildObserved(), { status: {}, problem }, now);
  expect(recheckAt).toBeGreaterThan(now);
  expect(recheckAt).toBeLessThan(now + 10_000);
});
