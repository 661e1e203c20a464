import { describe, expect, test } from 'vitest';
import {
  checkLimit,
  findProblem,
  identityChecks,
  permissionChecks,
} from '../../../../src/operator/decide/check-connection.ts';
import { decide } from '../../../../src/operator/decide/decide.ts';
import type { ObservedConnection } from '../../../../src/operator/observe/observed-connection.ts';
import { buildConnection } from '../../credentials/build-connection.ts';
import { buildObserved, buildTools } from './build-observed.ts';

const rival = { namespace: 'shop', name: 'other' };
const stranger = { namespace: 'secret-team', name: 'hidden' };

/** Everything that can be wrong, in the order in which it is told. */
const wrong: readonly [string, Partial<ObservedConnection>][] = [
  ['CodeConflict', { rivals: { code: rival } }],
  ['IdentityConflict', { rivals: { clientId: rival } }],
  ['ConnectionLimitReached', { limitReached: 50 }],
  ['RoleNotFound', { role: 'notFound' }],
  ['GroupNotFound', { group: 'notFound' }],
  ['RoleNotAllowed', { role: 'notAllowed' }],
  ['GroupNotAllowed', { group: 'notAllowed' }],
];

async function readyOf(observed: ObservedConnection) {
  const { writes } = await decide(observed, buildTools());
  expect(writes.map(({ kind }) => kind)).toEqual(['writeStatus']);
  const [write] = writes;
  return write?.kind === 'writeStatus' ? write.status.conditions?.[0] : undefined;
}

describe('a first issue waits', () => {
  test.each(wrong)('for %s, and writes only why', async (reason, observed) => {
    expect(await readyOf(buildObserved(observed))).toMatchObject({ reason, status: 'False' });
  });

  test('for a template that cannot be rendered', async () => {
    const connection = buildConnection({ spec: { secret: { data: { DSN: '{{nothing}}' } } } });
    expect(await readyOf(buildObserved({ connection }))).toMatchObject({ reason: 'InvalidTemplate' });
  });

  test('for the first of several things, in a fixed order', async () => {
    const connection = buildConnection({ spec: { secret: { data: { DSN: '{{nothing}}' } } } });
    const all = { rivals: { code: rival, clientId: rival }, connection, limitReached: 50 } as const;
    const order: readonly [string, Partial<ObservedConnection>][] = [
      ['CodeConflict', all],
      ['IdentityConflict', { ...all, rivals: { clientId: rival } }],
      ['InvalidTemplate', { connection, limitReached: 50 }],
      ['ConnectionLimitReached', { limitReached: 50 }],
      ['RoleNotFound', {}],
    ];
    for (const [reason, observed] of order) {
      const missing = { role: 'notFound', group: 'notFound' } as const;
      expect(await readyOf(buildObserved({ ...missing, ...observed }))).toMatchObject({ reason });
    }
    expect(await readyOf(buildObserved({ role: 'notAllowed', group: 'notFound' }))).toMatchObject({
      reason: 'GroupNotFound',
    });
    expect(await readyOf(buildObserved({ role: 'notAllowed', group: 'notAllowed' }))).toMatchObject({
      reason: 'RoleNotAllowed',
    });
  });

  test('not for suspend to end', async () => {
    const observed = buildObserved({ connection: buildConnection({ spec: { suspend: true } }) });
    const { writes } = await decide(observed, buildTools());
    expect(writes.map(({ kind }) => kind)).toEqual(['createSecret', 'writeStatus']);
    expect(writes[1]).toMatchObject({ status: { conditions: [{ reason: 'Suspended', status: 'False' }] } });
  });
});

describe('messages say what to do', () => {
  const message = (observed: Partial<ObservedConnection>): string =>
    findProblem(buildObserved(observed), [...identityChecks, checkLimit, ...permissionChecks])?.message ?? '';

  test('"set spec.code", and name the other Connection only inside the same namespace', () => {
    expect(message({ rivals: { code: rival } })).toBe(
      'The code erp belongs to Connection other: set spec.code to one of its own.',
    );
    for (const rivals of [{ code: stranger }, { clientId: stranger }, { username: stranger }]) {
      const text = message({ rivals });
      expect(text).toContain('set spec.code');
      expect(text).toContain('a Connection in another namespace');
      expect(text).not.toContain('hidden');
      expect(text).not.toContain('secret-team');
    }
  });

  test.each<[string, Partial<ObservedConnection>, string]>([
    ['username', { rivals: { username: rival } }, 'The username belongs to Connection other'],
    ['client id', { rivals: { clientId: rival, username: stranger } }, 'The client id belongs to Connection other'],
    ['limit', { limitReached: 50 }, 'Namespace shop has 50 connections, the limit: delete one'],
    ['role', { role: 'notFound' }, 'There is no ConnectionRole user: create it, or change spec.roleRef.'],
    ['group', { group: 'notFound' }, 'There is no ConnectionGroup all: create it, or change spec.groupRef.'],
    ['namespaces of a role', { role: 'notAllowed' }, 'ConnectionRole user may not be used in namespace shop'],
    ['namespaces of a group', { group: 'notAllowed' }, 'add the namespace to its spec.namespaces'],
  ])('about the %s', (_, observed, sentence) => {
    expect(message(observed)).toContain(sentence);
  });

  test('about a type of Secret that nobody gets by a spec', () => {
    const connection = buildConnection({ spec: { secret: { type: 'kubernetes.io/service-account-token' } } });
    expect(findProblem(buildObserved({ connection }), permissionChecks)).toMatchObject({ reason: 'SecretRefused' });
  });
});
