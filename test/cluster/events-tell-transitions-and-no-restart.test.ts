import { expect, test } from 'vitest';
import { rotationAnnotations, secretAnnotations } from '../../src/api/names.ts';
import { eventually } from './control-plane/eventually.ts';
import { type RunningOperator, startOperator } from './control-plane/start-operator.ts';
import { connectionsAt, readWorlds, secretsAt, succeed } from './failure/read-world.ts';
import { createFor, type Place } from './failure/scenarios.ts';
import { argumentsFor, buildStage, type Stage } from './failure/stage.ts';

/** What is wrong with each of them, told by one event. */
const problems = {
  fine: 'Issued',
  suspended: 'Suspended',
  'without-role': 'RoleNotFound',
  'without-group': 'GroupNotFound',
  template: 'InvalidTemplate',
  foreign: 'SecretConflict',
  'foreign-later': 'SecretConflict',
  'same-code': 'CodeConflict',
} as const;

async function readEvents({ cluster, namespace }: Stage): Promise<Record<string, Readonly<Record<string, number>>>> {
  return Object.fromEntries([...(await readWorlds(cluster, namespace))].map(([name, { events }]) => [name, events]));
}

/** Starts the operator and waits until every Connection has the reason that it should have. */
async function start(stage: Stage): Promise<RunningOperator> {
  const operator = await startOperator({ namespaces: [stage.namespace], args: argumentsFor(stage) });
  await eventually(async () => {
    expect(operator.lines.join('\n')).toContain('"synced"');
    const worlds = await readWorlds(stage.cluster, stage.namespace);
    const reasons = [...worlds].map(([name, { connection }]) => [name, connection.status?.conditions?.[0]?.reason]);
    expect(Object.fromEntries(reasons)).toEqual(problems);
  });
  return operator;
}

async function createForeign({ cluster, namespace, name }: Place): Promise<void> {
  const metadata = { name: `${name}-credentials`, annotations: { [secretAnnotations.adopt]: 'somebody-else' } };
  const body = { apiVersion: 'v1', kind: 'Secret', metadata };
  await succeed(cluster, { method: 'POST', path: secretsAt(namespace), body });
}

test('each transition is one event, and three restarts add none', async () => {
  const stage = await buildStage();
  const { cluster, namespace } = stage;
  const place = (name: string): Place => ({ cluster, namespace, name });
  await createFor(place('fine'), undefined);
  await createFor(place('suspended'), { suspend: true });
  await createFor(place('without-role'), { roleRef: { name: 'nobody-made-this' } });
  await createFor(place('without-group'), { groupRef: { name: 'nobody-made-this' } });
  await createFor(place('template'), { secret: { data: { KEY: '{{nothing}}' } } });
  await createForeign(place('foreign'));
  await createFor(place('foreign'), undefined);
  await createFor(place('foreign-later'), undefined);
  await createFor(place('same-code'), { code: 'fine' });
  let operator = await startOperator({ namespaces: [namespace], args: argumentsFor(stage) });
  await eventually(async () => {
    const { connection } = (await readWorlds(cluster, namespace)).get('foreign-later') ?? {};
    expect(connection?.status?.credentials).toBeDefined();
  });
  // Its Secret turns into somebody else's.
  const path = secretsAt(namespace, 'foreign-later-credentials');
  await operator.stop();
  await succeed(cluster, { method: 'DELETE', path });
  await createForeign(place('foreign-later'));

  operator = await start(stage);
  expect(await operator.stop()).toEqual({ code: 0, signal: null });
  const events = await readEvents(stage);
  expect(events).toEqual({
    fine: { Issued: 1 },
    suspended: { Issued: 1, Suspended: 1 },
    'without-role': { RoleNotFound: 1 },
    'without-group': { GroupNotFound: 1 },
    template: { InvalidTemplate: 1 },
    foreign: { SecretConflict: 1 },
    'foreign-later': { Issued: 1, SecretConflict: 1 },
    'same-code': { CodeConflict: 1 },
  });

  for (let restart = 1; restart <= 3; restart++) {
    operator = await start(stage);
    expect(await operator.stop()).toEqual({ code: 0, signal: null });
    expect(await readEvents(stage)).toEqual(events);
  }

  operator = await start(stage);
  // A new generation is written to every status, and nothing else has changed.
  const edits = [...(await readWorlds(cluster, namespace)).keys()].map((name) => {
    const body = { spec: { label: 'Another label' } };
    return succeed(cluster, { method: 'PATCH', path: connectionsAt(namespace, name), body });
  });
  await Promise.all(edits);
  await eventually(async () => {
    for (const { connection } of (await readWorlds(cluster, namespace)).values())
      expect(connection.status?.observedGeneration).toBe(2);
  });
  const annotations = { [rotationAnnotations.rotateClientSecret]: 'a' };
  await succeed(cluster, {
    method: 'PATCH',
    path: connectionsAt(namespace, 'fine'),
    body: { metadata: { annotations } },
  });
  await eventually(async () => {
    const { connection } = (await readWorlds(cluster, namespace)).get('fine') ?? {};
    expect(connection?.status?.rotation?.history).toHaveLength(1);
  });
  await operator.stop();
  expect(await readEvents(stage)).toEqual({ ...events, fine: { Issued: 1, CredentialsRotated: 1 } });
});
