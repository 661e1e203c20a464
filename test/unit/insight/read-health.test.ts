import { expect, test } from 'vitest';
import type { Condition } from '../../../src/api/generated/connection.ts';
import { type Reason, reasons } from '../../../src/api/reasons.ts';
import { type HealthState, readHealth } from '../../../src/insight/read-health.ts';
import { connectionOf } from './connection-of.ts';

function conditionsFor(reason: Reason): Condition[] {
  const { status, beside } = reasons[reason];
  const condition = { reason, message: `about ${reason}`, lastTransitionTime: '2026-01-01T00:00:00Z' };
  return [
    { ...condition, type: 'Ready', status },
    ...(beside ? [{ ...condition, type: beside, status: 'True' as const }] : []),
  ];
}

const expected: Readonly<Record<Reason, HealthState>> = {
  Issued: 'ready',
  Pending: 'pending',
  Suspended: 'suspended',
  SecretConflict: 'failed',
  SecretContested: 'failed',
  SecretRefused: 'waiting',
  CodeConflict: 'failed',
  IdentityConflict: 'failed',
  InvalidTemplate: 'failed',
  ConnectionLimitReached: 'waiting',
  RoleNotFound: 'waiting',
  GroupNotFound: 'waiting',
  RoleNotAllowed: 'waiting',
  GroupNotAllowed: 'waiting',
};

test.each(Object.entries(expected) as [Reason, HealthState][])('%s is %s', (reason, state) => {
  const connection = connectionOf({}, { conditions: conditionsFor(reason) });
  expect(readHealth(connection)).toEqual({ state, reason, message: `about ${reason}` });
});

test('without a condition nobody has looked', () => {
  expect(readHealth(connectionOf())).toMatchObject({ state: 'pending', reason: 'Pending' });
});

test('a suspension counts before the operator has seen it', () => {
  const connection = connectionOf({ suspend: true }, { conditions: conditionsFor('Issued') });
  expect(readHealth(connection)).toMatchObject({ state: 'suspended', reason: 'Suspended' });
});

test('so does a deletion', () => {
  const connection = connectionOf(
    {},
    { conditions: conditionsFor('Issued') },
    { deletionTimestamp: '2026-01-02T00:00:00Z' },
  );
  expect(readHealth(connection)).toMatchObject({ state: 'waiting', reason: 'Deleting' });
});
