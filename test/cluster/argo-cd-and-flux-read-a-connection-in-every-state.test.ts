import { load } from 'js-yaml';
import { beforeAll, expect, test } from 'vitest';
import type { Connection } from '../../src/api/generated/connection.ts';
import { type Reason, reasons } from '../../src/api/reasons.ts';
import { askGitops, findGitops, type Judgement, type Question } from '../../tools/gitops/ask-gitops.ts';
import { ConnectionDesk, readyOf } from './connections/connection-desk.ts';
import { refuseSecrets } from './connections/refuse-secrets.ts';
import { useOperator } from './connections/use-operator.ts';
import { createReference } from './connections/write-reference.ts';
import { createNamespace } from './control-plane/create-namespace.ts';
import { eventually } from './control-plane/eventually.ts';
import { readManifests, readText } from './manifests/read-manifests.ts';

const minute = 60_000;
const limit = 20;
const scene = useOperator({ namespaces: 3, args: ['--connection-limit', String(limit)] });

const { data } = load(readText('gitops/argocd/argocd-cm.yaml')) as { data: Record<string, string> };
const [flux] = readManifests('gitops/flux/kustomization.yaml') as unknown as [
  { spec: { healthCheckExprs: (Question['healthCheckExprs'] & { kind: string })[] } },
];

const ask = (objects: readonly Connection[], action?: string): Promise<readonly Judgement[]> =>
  askGitops({
    health: data['resource.customizations.health.connect.pim.dev_Connection'] ?? '',
    actions: data['resource.customizations.actions.connect.pim.dev_Connection'] ?? '',
    healthCheckExprs: flux.spec.healthCheckExprs.find(({ kind }) => kind === 'Connection') ?? { current: '' },
    objects,
    ...(action === undefined ? {} : { action }),
  });

async function askOne(connection: Connection, action?: string): Promise<Judgement> {
  const [judgement] = await ask([connection], action);
  if (judgement === undefined) throw new Error('no answer');
  return judgement;
}

beforeAll(() => findGitops((line) => process.stderr.write(`${line}\n`)), 20 * minute);

/** How a Connection of this name gets to each state that an operator writes. */
const makers: Readonly<Record<Exclude<Reason, 'Pending'>, (desk: ConnectionDesk, name: string) => Promise<unknown>>> = {
  Issued: (desk, name) => desk.create(name),
  Suspended: (desk, name) => desk.create(name, { suspend: true }),
  SecretConflict: async (desk, name) => {
    await desk.createSecret({ metadata: { name: 'foreign' }, stringData: { a: 'b' } });
    await desk.create(name, { secret: { name: 'foreign' } });
  },
  SecretContested: async (desk, name) => {
    await desk.issue(name);
    for (let n = 0; n < 3; n++) {
      const { uid } = (await eventually(() => desk.secret(`${name}-credentials`))).metadata as { uid?: string };
      await desk.deleteSecret(`${name}-credentials`);
      if (n === 2) return;
      await eventually(async () => {
        expect((await desk.secret(`${name}-credentials`)).metadata).not.toMatchObject({ uid });
      });
      await desk.waitFor(name, 'Issued');
    }
  },
  SecretRefused: (desk, name) => desk.create(name),
  CodeConflict: async (desk, name) => {
    await desk.issue('first', { code: 'same_code' });
    await desk.create(name, { code: 'same_code' });
  },
  IdentityConflict: async (desk, name) => {
    const { status } = await desk.issue('holder');
    const metadata = { name: `${name}-credentials`, annotations: { 'connect.pim.dev/adopt': name } };
    await desk.createSecret({ metadata, stringData: { 'client-id': status?.clientId, password: 'x' } });
    await desk.create(name);
  },
  InvalidTemplate: (desk, name) => desk.create(name, { secret: { data: { DSN: '{{nobody}}' } } }),
  ConnectionLimitReached: async (desk, name) => {
    await Promise.all(Array.from({ length: limit }, (_, n) => desk.issue(`place-${n}`)));
    await desk.create(name);
  },
  RoleNotFound: (desk, name) => desk.create(name, { roleRef: { name: 'nobody-made-it' } }),
  GroupNotFound: (desk, name) => desk.create(name, { groupRef: { name: 'nobody-made-it' } }),
  RoleNotAllowed: (desk, name) => closeLater(desk, name, 'ConnectionRole', 'roleRef'),
  GroupNotAllowed: (desk, name) => closeLater(desk, name, 'ConnectionGroup', 'groupRef'),
};

/** Admission refuses what may not be used here; what does not exist yet is the operator's to report, and closed later. */
async function closeLater(
  desk: ConnectionDesk,
  name: string,
  kind: 'ConnectionRole' | 'ConnectionGroup',
  field: 'roleRef' | 'groupRef',
): Promise<void> {
  const reference = `${name}-${desk.namespace}`;
  await desk.create(name, { [field]: { name: reference } });
  await desk.waitFor(name, kind === 'ConnectionRole' ? 'RoleNotFound' : 'GroupNotFound');
  await createReference(kind, reference, ['somewhere-else']);
}

/** A Connection in each state, by reason. */
const found = new Map<Reason, Connection>();

beforeAll(async () => {
  const [desk, refusing, full] = scene.desks as [ConnectionDesk, ConnectionDesk, ConnectionDesk];
  const allow = await refuseSecrets(refusing.namespace, "'not in this namespace'");
  const places: Partial<Record<Reason, ConnectionDesk>> = { SecretRefused: refusing, ConnectionLimitReached: full };
  await Promise.all(
    Object.entries(makers).map(async ([reason, make]) => {
      const place = places[reason as Reason] ?? desk;
      const name = reason.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).slice(1);
      await make(place, name);
      found.set(reason as Reason, await place.waitFor(name, reason, { within: minute / 2 }));
    }),
  );
  const unwatched = new ConnectionDesk(await createNamespace());
  found.set('Pending', await unwatched.create('pending'));
  await allow();
}, 2 * minute);

/** What the conditions beside `Ready` ask for: `Stalled` waits for a person, everything else is still on its way. */
function expected(reason: Reason): { Argo: string; Flux: string; Kstatus: string } {
  if (reason === 'Issued') return { Argo: 'Healthy', Flux: 'Current', Kstatus: 'Current' };
  if (reason === 'Suspended') return { Argo: 'Suspended', Flux: 'Current', Kstatus: 'InProgress' };
  if (reasons[reason].beside === 'Stalled') return { Argo: 'Degraded', Flux: 'Failed', Kstatus: 'Failed' };
  return { Argo: 'Progressing', Flux: 'InProgress', Kstatus: 'InProgress' };
}

test('Argo CD and Flux say of every reason what its conditions mean, and Argo CD shows the message', async () => {
  const states = [...found];
  expect(states.map(([reason]) => reason).sort()).toEqual(Object.keys(reasons).sort());
  const judgements = await ask(states.map(([, connection]) => connection));
  const seen = states.map(([reason], i) => [reason, judgements[i]] as const);
  for (const [reason, judgement] of seen)
    expect([reason, judgement]).toEqual([reason, expect.objectContaining(expected(reason))]);
  for (const [i, [reason, connection]] of states.entries()) {
    if (reason !== 'Pending') expect(judgements[i]?.ArgoMessage).toBe(readyOf(connection).message);
  }
});

test('a change that the operator has not seen is under way, whatever the conditions of before say', async () => {
  for (const reason of ['Issued', 'SecretConflict', 'Suspended'] as const) {
    const connection = structuredClone(get(reason)) as { metadata: { generation: number } } & Connection;
    connection.metadata.generation += 1;
    expect(await askOne(connection)).toMatchObject({ Argo: 'Progressing', Flux: 'InProgress', Kstatus: 'InProgress' });
  }
});

test('one that is being deleted is under way too, and offers no action', async () => {
  const { desk } = scene;
  await desk.issue('held', {}, { finalizers: ['example.com/held'] });
  await desk.delete('held');
  const judgement = await askOne(await desk.read('held'));
  expect(judgement).toMatchObject({
    Argo: 'Progressing',
    ArgoMessage: 'Being deleted: its credentials are refused already',
    Kstatus: 'Terminating',
    Actions: { rotate: false, revoke: false },
  });
  await desk.patch('held', { metadata: { finalizers: null } });
});

test('actions are offered where there is something to rotate', async () => {
  for (const reason of ['Issued', 'Suspended'] as const) {
    expect((await askOne(get(reason))).Actions).toEqual({ rotate: true, revoke: true });
  }
  for (const reason of ['Pending', 'SecretConflict', 'RoleNotFound'] as const) {
    expect((await askOne(get(reason))).Actions).toEqual({ rotate: false, revoke: false });
  }
});

test.each(['rotate', 'revoke'])(
  'the action %s sets its annotation, nothing else, and the operator acts on it once',
  async (action) => {
    const { desk } = scene;
    const before = await desk.issue(`action-${action}`);
    const { Result } = await askOne(before, action);
    const annotations = (Result as unknown as Connection).metadata.annotations ?? {};
    const token = annotations[`connect.pim.dev/${action}`] ?? '';
    expect(token).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(annotations).toEqual({ ...before.metadata.annotations, [`connect.pim.dev/${action}`]: token });
    expect({ ...Result, metadata: before.metadata }).toEqual(before);
    const old = await desk.texts(`action-${action}-credentials`);
    await desk.request(`action-${action}`, `connect.pim.dev/${action}`, token);
    expect(await desk.texts(`action-${action}-credentials`)).not.toMatchObject({ password: old.password });
    const { status } = await desk.read(`action-${action}`);
    expect(status?.rotation?.history?.map(({ part }) => part).sort()).toEqual(['clientSecret', 'password']);
  },
);

function get(reason: Reason): Connection {
  const connection = found.get(reason);
  if (connection === undefined) throw new Error(`no Connection is ${reason}`);
  return connection;
}
