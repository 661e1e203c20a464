import { expect, test } from 'vitest';
import { createNamespace } from './control-plane/create-namespace.ts';
import { eventually } from './control-plane/eventually.ts';
import { startOperator } from './control-plane/start-operator.ts';
import { createFor } from './failure/scenarios.ts';
import { argumentsFor, buildStage } from './failure/stage.ts';
import { waitForLine } from './failure/wait-for-line.ts';

test('every metric has its help, and says what happened', async () => {
  const stage = await buildStage();
  const { cluster, namespace } = stage;
  await createFor({ cluster, namespace, name: 'erp' }, undefined);
  await createFor({ cluster, namespace, name: 'dam' }, { roleRef: { name: 'nobody-made-this' } });
  const operator = await startOperator({ namespaces: [namespace], args: argumentsFor(stage) });
  await waitForLine(operator, '"synced"');
  const read = async () => (await fetch(`${operator.admin}/metrics`)).text();
  const text = await eventually(async () => {
    const now = await read();
    expect(now).toMatch(/^connection_operator_events_total\{reason="RoleNotFound"\} 1$/m);
    expect(now).toMatch(/^connection_operator_events_total\{reason="Issued"\} 1$/m);
    return now;
  });

  const samples = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const helped = new Set([...text.matchAll(/^# HELP (\S+) \S/gm)].map(([, name]) => name));
  const unhelped = samples
    .map((line) => line.split(/[{ ]/, 1)[0] ?? '')
    .filter((name) => !helped.has(name) && !helped.has(name.replace(/_(bucket|sum|count)$/, '')));
  expect(unhelped).toEqual([]);
  expect(samples.filter((line) => !line.startsWith('connection_operator_'))).toEqual([]);

  expect(text).toMatch(/^connection_operator_leader 1$/m);
  expect(text).toMatch(/^connection_operator_connections\{reason="Issued"\} 1$/m);
  expect(text).toMatch(/^connection_operator_connections\{reason="RoleNotFound"\} 1$/m);
  expect(text).toMatch(/^connection_operator_writes_total\{kind="secret"\} 1$/m);
  expect(text).toMatch(/^connection_operator_queue_depth 0$/m);
  expect(text).toMatch(/^connection_operator_clock_skew_seconds -?[0-9.]+$/m);
  expect(text).toMatch(/^connection_operator_policy_missing\{policy="connection-status"\} 0$/m);
  // A name would make a series for each Connection.
  expect(text).not.toMatch(/erp|dam/);
  await operator.stop();
});

test('it is alive from the start, ready when it has seen everything or waits for the Lease', async () => {
  const namespace = await createNamespace();
  const leader = await (await startOperator({ namespaces: [namespace] })).ready();
  await waitForLine(leader, '"synced"');
  const follower = await (await startOperator({ namespaces: [namespace] })).ready();
  for (const { admin } of [leader, follower]) {
    for (const path of ['/healthz', '/readyz']) expect((await fetch(admin + path)).status).toBe(200);
    expect((await fetch(`${admin}/elsewhere`)).status).toBe(404);
  }
  const leads = async (admin: string) =>
    /^connection_operator_leader (\d)$/m.exec(await (await fetch(`${admin}/metrics`)).text())?.[1];
  expect(await leads(leader.admin)).toBe('1');
  expect(await leads(follower.admin)).toBe('0');
  await Promise.all([leader.stop(), follower.stop()]);
});
