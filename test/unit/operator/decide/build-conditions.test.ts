import { describe, expect, test } from 'vitest';
import type { Connection } from '../../../../src/api/generated/connection.ts';
import { type Reason, reasons } from '../../../../src/api/reasons.ts';
import { buildConditions, stateOf } from '../../../../src/operator/decide/build-conditions.ts';
import { buildConnection, now } from '../../credentials/build-connection.ts';

const kinds: readonly [Reason, string, string[]][] = [
  ['Issued', 'True', []],
  ['Pending', 'Unknown', []],
  ['Suspended', 'False', []],
  ['SecretConflict', 'False', ['Stalled']],
  ['SecretContested', 'False', ['Stalled']],
  ['CodeConflict', 'False', ['Stalled']],
  ['IdentityConflict', 'False', ['Stalled']],
  ['InvalidTemplate', 'False', ['Stalled']],
  ['SecretRefused', 'False', ['Reconciling']],
  ['ConnectionLimitReached', 'False', ['Reconciling']],
  ['RoleNotFound', 'False', ['Reconciling']],
  ['GroupNotFound', 'False', ['Reconciling']],
  ['RoleNotAllowed', 'False', ['Reconciling']],
  ['GroupNotAllowed', 'False', ['Reconciling']],
];

function turn(before: Connection, reason: Reason, moment: number = now) {
  const conditions = buildConditions(before, { reason, message: 'said' }, moment);
  return { ...before, status: { ...before.status, conditions } };
}

describe('the conditions of a reason', () => {
  test('are known for every reason', () => {
    expect(kinds.map(([reason]) => reason).sort()).toEqual(Object.keys(reasons).sort());
  });

  test.each(kinds)('%s: Ready is %s, beside it %j', (reason, status, beside) => {
    const { conditions } = turn(buildConnection(), reason).status;
    expect(conditions[0]).toMatchObject({ type: 'Ready', status, reason, message: 'said' });
    expect(conditions.slice(1).map(({ type }) => type)).toEqual(beside);
    for (const condition of conditions.slice(1)) expect(condition).toMatchObject({ status: 'True', reason });
  });

  test('each say the generation that they were decided on', () => {
    const connection = buildConnection({ metadata: { generation: 7 } });
    const { conditions } = turn(connection, 'RoleNotFound').status;
    expect(conditions.map(({ observedGeneration }) => observedGeneration)).toEqual([7, 7]);
  });
});

describe('the transition time', () => {
  const first = turn(buildConnection(), 'RoleNotFound');

  test('is now in whole seconds when a condition is new', () => {
    const { conditions } = turn(buildConnection(), 'RoleNotFound', now + 1999).status;
    expect(conditions.map(({ lastTransitionTime }) => lastTransitionTime)).toEqual([
      '2026-03-01T00:00:01Z',
      '2026-03-01T00:00:01Z',
    ]);
  });

  test('stays while the status stays, whatever the reason becomes', () => {
    const { conditions } = turn(first, 'GroupNotFound', now + 60_000).status;
    expect(conditions.map(({ lastTransitionTime }) => lastTransitionTime)).toEqual([
      '2026-03-01T00:00:00Z',
      '2026-03-01T00:00:00Z',
    ]);
  });

  test('changes with the status', () => {
    const ready = turn(first, 'Issued', now + 60_000);
    expect(ready.status.conditions).toMatchObject([{ type: 'Ready', lastTransitionTime: '2026-03-01T00:01:00Z' }]);
    const again = turn(ready, 'RoleNotFound', now + 120_000);
    expect(again.status.conditions).toMatchObject([
      { type: 'Ready', lastTransitionTime: '2026-03-01T00:02:00Z' },
      { type: 'Reconciling', lastTransitionTime: '2026-03-01T00:02:00Z' },
    ]);
  });

  test('of the condition beside begins anew when another one takes its place', () => {
    const { conditions } = turn(first, 'CodeConflict', now + 60_000).status;
    expect(conditions).toMatchObject([
      { type: 'Ready', lastTransitionTime: '2026-03-01T00:00:00Z' },
      { type: 'Stalled', lastTransitionTime: '2026-03-01T00:01:00Z' },
    ]);
  });
});

describe('what Ready says', () => {
  const problem = { reason: 'RoleNotFound', message: 'no role' } as const;

  test('names the Secret when all is well, and adds the hints', () => {
    const state = stateOf(buildConnection(), 'erp-credentials', undefined, ['Look here.', 'And there.']);
    expect(state).toEqual({
      reason: 'Issued',
      message: 'Credentials are in Secret erp-credentials. Look here. And there.',
    });
  });

  test('is Suspended while spec.suspend is true', () => {
    const state = stateOf(buildConnection({ spec: { suspend: true } }), 'erp-credentials', undefined, []);
    expect(state.reason).toBe('Suspended');
    expect(state.message).toContain('spec.suspend');
  });

  test('is the problem, also while suspended', () => {
    expect(stateOf(buildConnection({ spec: { suspend: true } }), 's', problem, [])).toBe(problem);
  });
});
