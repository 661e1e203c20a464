import { beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from '../../src/api/generated/connection.ts';
import { rotationAnnotations as ask } from '../../src/api/names.ts';
import type { ConnectionDesk } from './connections/connection-desk.ts';
import { useOperator } from './connections/use-operator.ts';
import { eventually } from './control-plane/eventually.ts';
import { Fence, type Watched } from './gateway/fence.ts';
import { callStatus, login, openSession, type Texts, type Tokens } from './gateway/gateway-client.ts';
import { useGateways } from './gateway/use-gateways.ts';
import { createGroup, createRole, fullRole, openGroup, patchSpec } from './gateway/write-access.ts';

const path = '/api/rest/v1/categories';

interface Case {
  readonly change: (desk: ConnectionDesk, connection: Connection) => Promise<unknown>;
  readonly watched: Watched;
  readonly status: 401 | 403;
}

const annotate = (annotation: string): Case => ({
  change: (desk, { metadata }) => desk.annotate(metadata.name, { [annotation]: 'now' }),
  watched: 'Connection',
  status: 401,
});
const patchRole = (spec: object): Case => ({
  change: (_, { spec: { roleRef } }) => patchSpec('ConnectionRole', roleRef?.name ?? '', spec),
  watched: 'ConnectionRole',
  status: 403,
});
const patchConnection = (spec: object, status: 401 | 403): Case => ({
  change: (desk, { metadata }) => desk.patch(metadata.name, { spec }),
  watched: 'Connection',
  status,
});

const cases: Readonly<Record<string, Case>> = {
  revoke: annotate(ask.revoke),
  'rotate-client-secret': annotate(ask.rotateClientSecret),
  'rotate-password': annotate(ask.rotatePassword),
  rotate: annotate(ask.rotate),
  suspend: patchConnection({ suspend: true }, 401),
  delete: { change: (desk, { metadata }) => desk.delete(metadata.name), watched: 'Connection', status: 401 },
  'delete-held': { change: (desk, { metadata }) => desk.delete(metadata.name), watched: 'Connection', status: 401 },
  'other-role': patchConnection({ roleRef: { name: 'nobody-made-it' } }, 403),
  'other-group': patchConnection({ groupRef: { name: 'nobody-made-it' } }, 403),
  'role-loses-permissions': patchRole({ permissions: [] }),
  'role-loses-access': patchRole({ overallAccess: false }),
  'role-for-other-namespaces': patchRole({ namespaces: ['elsewhere'] }),
  'group-for-other-namespaces': {
    change: (_, { spec: { groupRef } }) =>
      patchSpec('ConnectionGroup', groupRef?.name ?? '', { namespaces: ['elsewhere'] }),
    watched: 'ConnectionGroup',
    status: 403,
  },
};

describe.each(['runs', 'is stopped'])('while the operator %s', (state) => {
  const scene = useOperator();
  const { gateways } = useGateways(scene, 2);
  const connections = new Map<string, { connection: Connection; texts: Texts; tokens: Tokens }>();
  let fence: Fence;

  beforeAll(async () => {
    const { desk } = scene;
    const issue = async (name: string): Promise<void> => {
      const [role, group] = [await createRole(fullRole), await createGroup(openGroup)];
      const finalizers = name === 'delete-held' ? ['example.com/held'] : [];
      const connection = await desk.issue(name, { roleRef: { name: role }, groupRef: { name: group } }, { finalizers });
      const texts = await desk.texts(`${name}-credentials`);
      const tokens = await eventually(() => openSession(gateways[0]?.origin ?? '', texts));
      connections.set(name, { connection, texts, tokens });
    };
    await Promise.all([...Object.keys(cases), 'comes-back'].map(issue));
    fence = await Fence.build(desk, gateways);
    await fence.pass('ConnectionRole');
    await fence.pass('ConnectionGroup');
    if (state === 'is stopped') await scene.stop();
    return async () => {
      await desk.patch('delete-held', { metadata: { finalizers: null } });
    };
  });

  const find = (name: string) => {
    const known = connections.get(name);
    if (known === undefined) throw new Error(`${name} was not issued`);
    return known;
  };
  /** Proxied and by /authz, on each gateway; one status when all agree. */
  const askEverywhere = async (token: string): Promise<readonly number[]> => {
    const calls = gateways.flatMap(({ origin }) => [
      callStatus(origin, path, token),
      callStatus(origin, `/authz${path}`, token),
    ]);
    return [...new Set(await Promise.all(calls))];
  };

  test.each(Object.entries(cases))('%s', async (name, { change, watched, status }) => {
    const { connection, tokens } = find(name);
    expect(await askEverywhere(tokens.access)).toEqual([200]);
    await change(scene.desk, connection);
    await fence.pass(watched);
    expect(await askEverywhere(tokens.access)).toEqual([status]);
  });

  test('tokens from before a suspend work again after it', async () => {
    const { texts, tokens } = find('comes-back');
    await scene.desk.patch('comes-back', { spec: { suspend: true } });
    await fence.pass('Connection');
    expect(await askEverywhere(tokens.access)).toEqual([401]);
    expect((await login(gateways[1]?.origin ?? '', texts)).status).toBe(422);
    await scene.desk.patch('comes-back', { spec: { suspend: false } });
    await fence.pass('Connection');
    expect(await askEverywhere(tokens.access)).toEqual([200]);
  });

  test.runIf(state === 'runs')('what was rotated is refused for good, and the new values work', async () => {
    for (const name of ['revoke', 'rotate-client-secret', 'rotate-password', 'rotate']) {
      const { texts, tokens } = find(name);
      await scene.desk.waitUntil(name, ({ status }) => expect(status?.rotation?.handled).toHaveLength(1));
      await fence.pass('Connection');
      expect((await login(gateways[0]?.origin ?? '', texts)).status).toBe(422);
      const fresh = await openSession(gateways[0]?.origin ?? '', await scene.desk.texts(`${name}-credentials`));
      expect(await askEverywhere(fresh.access)).toEqual([200]);
      expect(await askEverywhere(tokens.access)).toEqual([401]);
    }
  });
});

describe('with an operator', () => {
  const scene = useOperator();
  const { gateways } = useGateways(scene, 2);
  let fence: Fence;
  beforeAll(async () => {
    fence = await Fence.build(scene.desk, gateways);
  });
  const call = (token: string): Promise<readonly number[]> =>
    Promise.all(gateways.map(({ origin }) => callStatus(origin, path, token)));
  const firstOrigin = (): string => gateways[0]?.origin ?? '';

  test('an old value works until its end and not after', async () => {
    const { desk } = scene;
    await desk.issue('overlap', { rotation: { overlap: '6s' } });
    const old = await desk.texts('overlap-credentials');
    await fence.pass('Connection');
    const { access } = await openSession(firstOrigin(), old);
    const { status } = await desk.request('overlap', 'connect.pim.dev/rotate-client-secret', 'a');
    const end = Date.parse(status?.credentials?.clientSecret?.find(({ expires }) => expires)?.expires ?? '');
    const [before, after] = [new Set<string>(), new Set<string>()];
    while (Date.now() < end + 1_000) {
      const began = Date.now();
      const seen = `${await call(access)} ${(await login(firstOrigin(), old)).status}`;
      if (Date.now() < end) before.add(seen);
      else if (began >= end) after.add(seen);
    }
    expect([...before]).toEqual(['200,200 200']);
    expect([...after]).toEqual(['401,401 422']);
    const fresh = await openSession(firstOrigin(), await desk.texts('overlap-credentials'));
    expect(await call(fresh.access)).toEqual([200, 200]);
  });

  test.each([
    ['client', { annotation: ask.rotateClientSecret }],
    ['user', { annotation: ask.rotatePassword }],
    ['client', { suspend: true }],
    ['user', { suspend: true }],
    ['client', { deleted: true }],
    ['user', { deleted: true }],
  ] as const)('a pair ends with its %s: %o', async (side, how) => {
    const { desk } = scene;
    const kind = Object.keys(how)[0] ?? '';
    const names = { client: `c-${side}-${kind}`, user: `u-${side}-${kind}` };
    await Promise.all([desk.issue(names.client), desk.issue(names.user)]);
    const [client, user] = [
      await desk.texts(`${names.client}-credentials`),
      await desk.texts(`${names.user}-credentials`),
    ];
    await fence.pass('Connection');
    const { username = '', password = '' } = user;
    const { access } = await openSession(firstOrigin(), { ...client, username, password });
    expect(await call(access)).toEqual([200, 200]);
    if ('annotation' in how) await desk.annotate(names[side], { [how.annotation]: 'now' });
    else if ('suspend' in how) await desk.patch(names[side], { spec: { suspend: true } });
    else await desk.delete(names[side]);
    await fence.pass('Connection');
    expect(await call(access)).toEqual([401, 401]);
  });
});
