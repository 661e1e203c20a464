import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CredentialsStatus, Verifier } from '../../../../src/api/generated/connection.ts';
import { isOver } from '../../../../src/credentials/accepted-verifiers.ts';
import {
  recordRotation,
  renameRotation,
  replaceUndelivered,
  replaceVerifier,
  retireEnded,
} from '../../../../src/operator/decide/replace-verifier.ts';
import { at, buildVerifier, day, hour, minute, now } from '../../credentials/build-connection.ts';

const base = { uid: 'uid-1', issuedAt: at(-day) };
const v1 = buildVerifier('1-aaaaaa');
const v2 = buildVerifier('2-bbbbbb', { pending: true });
const v3 = buildVerifier('3-cccccc', { pending: true });
const delivered = { overlap: hour, undelivered: false, now };

function withSecrets(...clientSecret: readonly Verifier[]): CredentialsStatus {
  return { ...base, clientSecret };
}

describe('a value that is replaced', () => {
  test('works on for the overlap', () => {
    const { clientSecret, retired } = replaceVerifier(withSecrets(v1), 'clientSecret', v2, delivered);
    expect(clientSecret).toEqual([{ ...v1, expires: at(hour) }, v2]);
    expect(retired).toBeUndefined();
  });

  test('without overlap ends at once, and is only recognised from then on', () => {
    const how = { ...delivered, overlap: 0 };
    const { clientSecret, retired } = replaceVerifier(withSecrets(v1), 'clientSecret', v2, how);
    expect(clientSecret).toEqual([v2]);
    expect(retired).toEqual({ clientSecret: [{ ...v1, ended: at(0) }] });
  });

  test('without overlap takes every older one with it, whatever end that had', () => {
    const older = { ...v1, expires: at(day) };
    const how = { ...delivered, overlap: 0 };
    const { pending: _pending, ...newest } = v2;
    expect(replaceVerifier(withSecrets(older, newest), 'clientSecret', v3, how).clientSecret).toEqual([v3]);
  });

  test('without overlap takes every older one with it, also when it was never delivered itself', () => {
    const older = { ...v1, expires: at(day) };
    const how = { overlap: 0, undelivered: true, now };
    const { clientSecret, retired } = replaceVerifier(withSecrets(older, v2), 'clientSecret', v3, how);
    expect(clientSecret).toEqual([v3]);
    expect(retired?.clientSecret?.map(({ version }) => version)).toEqual(['1-aaaaaa']);
  });

  test('that was never delivered is forgotten, and the one before keeps its own end', () => {
    const older = { ...v1, expires: at(minute) };
    const how = { ...delivered, undelivered: true };
    const { clientSecret, retired } = replaceVerifier(withSecrets(older, v2), 'clientSecret', v3, how);
    expect(clientSecret).toEqual([older, v3]);
    expect(retired).toBeUndefined();
  });

  test('keeps a sooner end that it had', () => {
    const ending = { ...v1, expires: at(minute) };
    expect(replaceVerifier(withSecrets(ending), 'clientSecret', v2, delivered).clientSecret).toEqual([ending, v2]);
  });

  test('is no longer pending: somebody received it', () => {
    const [old] = replaceVerifier(withSecrets(v2), 'clientSecret', v3, delivered).clientSecret ?? [];
    expect(old).not.toHaveProperty('pending');
  });

  test('leaves the other part alone', () => {
    const before = { ...withSecrets(v1), password: [v1] };
    expect(replaceVerifier(before, 'clientSecret', v2, { ...delivered, overlap: 0 }).password).toEqual([v1]);
  });

  test('and one whose rotation is taken up again: the older ones keep their ends', () => {
    const older = { ...v1, expires: at(minute) };
    const again = { ...v2, hash: 'another' };
    expect(replaceUndelivered(withSecrets(older, v2), 'clientSecret', again).clientSecret).toEqual([older, again]);
  });
});

describe('of many values', () => {
  const four = [1, 2, 3].map((n) => buildVerifier(`${n}-aaaaaa`, { expires: at(n * hour) }));
  const newest = buildVerifier('4-aaaaaa');
  const next = buildVerifier('5-aaaaaa', { pending: true });

  test.each([
    ['a long overlap', day],
    ['a short overlap', minute],
  ])('at most 4 are accepted, and the oldest goes, with %s', (_, overlap) => {
    const before = withSecrets(...four, newest);
    const { clientSecret, retired } = replaceVerifier(before, 'clientSecret', next, { ...delivered, overlap });
    expect(clientSecret?.map(({ version }) => version)).toEqual(['2-aaaaaa', '3-aaaaaa', '4-aaaaaa', '5-aaaaaa']);
    expect(retired?.clientSecret).toMatchObject([{ version: '1-aaaaaa', ended: at(0) }]);
  });

  test('each keeps its own end through any rotations, none is extended, the newest has none', () => {
    const rotation = fc.record({
      overlap: fc.integer({ min: 0, max: 100 }),
      later: fc.integer({ min: -50, max: 200 }),
    });
    fc.assert(
      fc.property(fc.array(rotation, { maxLength: 20 }), (rotations) => {
        let [credentials, moment] = [withSecrets(v1), now];
        const ends = new Map<string, number>();
        for (const [i, { overlap, later }] of rotations.entries()) {
          moment += later * minute;
          const how = { overlap: overlap * minute, undelivered: false, now: moment };
          credentials = replaceVerifier(credentials, 'clientSecret', buildVerifier(`${i + 2}-aaaaaa`), how);
          const entries = credentials.clientSecret ?? [];
          expect(entries.length).toBeLessThanOrEqual(4);
          expect(entries.at(-1)?.expires).toBeUndefined();
          for (const { version, expires = '' } of entries.slice(0, -1)) {
            const end = Date.parse(expires);
            expect(end).toBeLessThanOrEqual(ends.get(version) ?? moment + overlap * minute);
            ends.set(version, end);
          }
          expect((credentials.retired?.clientSecret ?? []).length).toBeLessThanOrEqual(2);
        }
      }),
    );
  });
});

describe('a value whose overlap is over', () => {
  const ended = { ...v1, expires: at(0) };

  test('is moved to the retired ones, with the end that it had', () => {
    const { clientSecret, retired } = retireEnded(withSecrets(ended, v2), 'clientSecret', now + minute);
    expect(clientSecret).toEqual([v2]);
    expect(retired?.clientSecret).toMatchObject([{ version: '1-aaaaaa', ended: at(0) }]);
    expect(isOver(ended, now)).toBe(true);
  });

  test('stays until then', () => {
    const before = withSecrets(ended, v2);
    expect(retireEnded(before, 'clientSecret', now - 1)).toBe(before);
  });

  test('stays when it is the newest one', () => {
    const before = withSecrets(ended);
    expect(retireEnded(before, 'clientSecret', now + day)).toBe(before);
  });
});

describe('retired values', () => {
  const retire = (credentials: CredentialsStatus, version: string, moment: number) =>
    replaceVerifier(credentials, 'clientSecret', buildVerifier(version), {
      overlap: 0,
      undelivered: false,
      now: moment,
    });

  test('are the last two', () => {
    const third = retire(retire(retire(withSecrets(v1), '2-bbbbbb', now), '3-cccccc', now), '4-dddddd', now);
    expect(third.retired?.clientSecret?.map(({ version }) => version)).toEqual(['2-bbbbbb', '3-cccccc']);
  });

  test('ended within 30 days', () => {
    const second = retire(retire(withSecrets(v1), '2-bbbbbb', now), '3-cccccc', now + 30 * day + 1);
    expect(second.retired?.clientSecret?.map(({ version }) => version)).toEqual(['2-bbbbbb']);
  });
});

describe('what is recorded of a rotation', () => {
  const what = { version: '2-bbbbbb', cause: 'Requested', token: 'monday', now } as const;

  test('is the token, the time, and one more entry of history', () => {
    expect(recordRotation({}, 'password', what)).toEqual({
      password: { lastHandledRequest: 'monday', lastRotated: at(0) },
      lastRotated: at(0),
      history: [{ time: at(0), part: 'password', version: '2-bbbbbb', cause: 'Requested' }],
    });
  });

  test('keeps the last token when there was none', () => {
    const before = recordRotation({}, 'password', what);
    const after = recordRotation(before, 'password', {
      ...what,
      token: undefined,
      cause: 'Scheduled',
      now: now + hour,
    });
    expect(after.password).toEqual({ lastHandledRequest: 'monday', lastRotated: at(hour) });
  });

  test('is the last ten', () => {
    let rotation = {};
    for (let i = 1; i <= 12; i++) rotation = recordRotation(rotation, 'password', { ...what, version: `${i}-aaaaaa` });
    expect(rotation).toMatchObject({
      history: { length: 10, 0: { version: '3-aaaaaa' }, 9: { version: '12-aaaaaa' } },
    });
  });

  test('stays one entry when its version gets another name', () => {
    const before = recordRotation(recordRotation({}, 'clientSecret', what), 'password', what);
    const { history } = renameRotation(before, 'password', '2-bbbbbb', '2-cccccc');
    expect(history?.map(({ part, version }) => `${part} ${version}`)).toEqual([
      'clientSecret 2-bbbbbb',
      'password 2-cccccc',
    ]);
    expect(renameRotation({}, 'password', 'a', 'b')).toEqual({});
  });
});
