import { describe, expect, test } from 'vitest';
import type { ManagedFieldsEntry } from '../../../../src/api/object-meta.ts';
import { contestedProblem, nextReissueAt, readReissues } from '../../../../src/operator/decide/contest.ts';
import { at, hour, minute, now } from '../../credentials/build-connection.ts';
import { buildSecret, metadataOf } from './build-observed.ts';

/** Minutes that the next reissue waits after this many, the last of them just now. */
function waitAfter(count: number): number {
  const status = { credentials: { uid: 'u', issuedAt: at(0), reissues: { count, last: at(0) } } };
  return (nextReissueAt(readReissues(status, now)) - now) / minute;
}

describe('a Secret that is replaced again and again', () => {
  test.each([
    [1, 0],
    [2, 1],
    [3, 2],
    [4, 4],
    [5, 8],
    [6, 16],
    [7, 32],
    [8, 60],
    [9, 60],
    [1000, 60],
  ])('after %i in a row the next one waits %i minutes', (count, minutes) => {
    expect(waitAfter(count)).toBe(minutes);
  });

  test('the first one is never waited for', () => {
    expect(nextReissueAt(readReissues(undefined, now))).toBeLessThanOrEqual(now);
    expect(nextReissueAt(readReissues({ credentials: { uid: 'u', issuedAt: at(0) } }, now))).toBeLessThanOrEqual(now);
  });

  test.each([
    ['goes on within an hour', 2, hour, 2],
    ['goes on within an hour after the wait was over', 2, hour + minute, 2],
    ['is over after an hour of peace', 2, hour + minute + 1, 0],
    ['that waited an hour goes on for another one', 9, 2 * hour, 9],
    ['that waited an hour is over then', 9, 2 * hour + 1, 0],
    ['whose last one is in the future says nothing: a clock was wrong', 5, -1, 0],
  ])('a row %s', (_, count, ago, left) => {
    const status = { credentials: { uid: 'u', issuedAt: at(0), reissues: { count, last: at(-ago) } } };
    expect(readReissues(status, now).count).toBe(left);
  });
});

describe('what a contested Secret is told', () => {
  const managed = (...managedFields: ManagedFieldsEntry[]) =>
    buildSecret({}, { metadata: metadataOf({ managedFields }) });

  test.each([
    [
      'the field manager that wrote last',
      managed({ manager: 'sealed-secrets', time: at(0) }, { manager: 'kubectl', time: at(-hour) }),
      'Field manager "sealed-secrets" keeps',
    ],
    [
      'not ourselves',
      managed({ manager: 'connection-operator', time: at(0) }, { manager: 'argocd', time: at(-hour) }),
      'Field manager "argocd" keeps',
    ],
    ['somebody where none is known', buildSecret({}), 'Somebody keeps writing'],
    ['deletions', undefined, 'Somebody keeps deleting'],
  ])('names %s', (_, secret, sentence) => {
    const { reason, message } = contestedProblem(secret, now + minute);
    expect(reason).toBe('SecretContested');
    expect(message).toContain(sentence);
    expect(message).toContain('2026-03-01T00:01:00.000Z');
    expect(message).toContain('stay valid');
  });
});
