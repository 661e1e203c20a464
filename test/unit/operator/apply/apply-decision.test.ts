import { expect, test } from 'vitest';
import type { Connection } from '../../../../src/api/generated/connection.ts';
import type { SecretDraft } from '../../../../src/api/secret.ts';
import type { KubeClient } from '../../../../src/kube/kube-client.ts';
import { KubeError, type KubeErrorCode } from '../../../../src/kube/kube-error.ts';
import { applyDecision } from '../../../../src/operator/apply/apply-decision.ts';

const metadata = { namespace: 'shop', name: 'erp', uid: 'u', resourceVersion: '7' };
const connection = { metadata, spec: { label: 'ERP', flowType: 'Source' } } as unknown as Connection;
const secret = { metadata: { ...metadata, name: 'erp-credentials' }, data: {} } as unknown as SecretDraft;

/** What becomes of a rehearsal and a status write, and the calls that it took. */
async function apply(code: KubeErrorCode, sentence: string) {
  const calls: string[] = [];
  const client = {
    replace: async (path: string, body: object, options: { dryRun?: boolean } = {}) => {
      calls.push(path);
      if (options.dryRun) throw new KubeError({ code, status: 400, sentence });
      return body;
    },
  } as unknown as KubeClient;
  const applier = { client, observe: () => {}, recordEvents: () => {} };
  const writes = [
    { kind: 'rehearseSecret', secret, succeeds: false },
    { kind: 'writeStatus', status: {} },
  ] as const;
  return { calls, applied: await applyDecision(applier, connection, { writes }).catch((error: unknown) => error) };
}

test('a rehearsal that is refused ends it before anything is written', async () => {
  const { calls, applied } = await apply('Forbidden', 'no Secrets here');
  expect(applied).toEqual({ kind: 'refused', sentence: 'no Secrets here' });
  expect(calls).toHaveLength(1);
});

test('a webhook that knows no dry run has refused nothing', async () => {
  const { calls, applied } = await apply('BadRequest', 'admission webhook "a.example.com" does not support dry run');
  expect(applied).toEqual({ kind: 'done' });
  expect(calls.at(-1)).toContain('/connections/erp/status');
});

test('admission that has not begun is tried again, and refuses nothing', async () => {
  const { calls, applied } = await apply('Unavailable', 'not yet ready to handle request');
  expect(applied).toMatchObject({ code: 'Unavailable' });
  expect(calls).toHaveLength(1);
});
