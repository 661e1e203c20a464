import { expect } from 'vitest';
import { type Part, rotationAnnotations } from '../../../../src/api/names.ts';
import { Judge } from './judge.ts';
import { minute, World, type WorldOptions } from './world.ts';

/** One thing that an operator does to a Connection, and what the world is like when it is done. */
export interface Scenario {
  readonly name: string;
  readonly options?: WorldOptions;
  /** Brings an issued world to the moment before; absent: the Connection is new. */
  readonly prepare?: (world: World, judge: Judge) => void;
  /** The count in the newest versions at the end. */
  readonly counts: Readonly<Record<Part, number>>;
  /** How many values of each part are accepted at the end. */
  readonly accepted: number;
  /** Warnings that may be told. */
  readonly events?: readonly string[];
  /** Whether it is worth the time to stop it a second time. */
  readonly stopsTwice?: boolean;
}

export const overlap: WorldOptions = { spec: { rotation: { overlap: '1h' } } };
const given = { 'client-id': '1_abc', 'client-secret': 'given-secret', username: 'u', password: 'given-password' };

export const scenarios: readonly Scenario[] = [
  { name: 'a first issue', counts: both(1), accepted: 1 },
  { name: 'a first issue with tokens', options: { annotations: ask('rotate') }, counts: both(1), accepted: 1 },
  { name: 'an adoption', stopsTwice: true, options: { given }, counts: both(1), accepted: 1 },
  {
    name: 'an adoption with a revoke',
    options: { given, annotations: ask('revoke') },
    counts: both(2),
    accepted: 1,
  },
  {
    name: 'a revoke of adopted values',
    options: { given, annotations: ask('revoke') },
    prepare: () => {},
    counts: both(2),
    accepted: 1,
  },
  { name: 'a rotation without overlap', prepare: request('rotate'), counts: both(2), accepted: 1 },
  {
    name: 'a rotation with overlap',
    stopsTwice: true,
    options: overlap,
    prepare: request('rotate'),
    counts: both(2),
    accepted: 2,
  },
  {
    name: 'a rotation of the password alone',
    options: overlap,
    prepare: request('rotatePassword'),
    counts: { clientSecret: 1, password: 2 },
    accepted: 2,
  },
  { name: 'a revoke', options: overlap, prepare: request('revoke'), counts: both(2), accepted: 1 },
  {
    name: 'a rotation by schedule',
    options: { spec: { rotation: { interval: '2h', overlap: '1h' } } },
    prepare: (world) => {
      world.server.now += 121 * minute;
    },
    counts: both(2),
    accepted: 2,
  },
  {
    name: 'a reissue',
    stopsTwice: true,
    prepare: (world) => world.server.deleteSecret('person', world.secretKey),
    counts: both(2),
    accepted: 1,
    events: ['CredentialsReissued'],
  },
  {
    name: 'the replacement of an edited value',
    options: overlap,
    prepare: (world) =>
      world.editSecret((secret) => Object.assign(secret, { data: { ...secret.data, password: 'eA==' } })),
    counts: both(2),
    accepted: 1,
    events: ['CredentialsTampered'],
  },
  {
    name: 'new hashes after rotate-keys',
    prepare: newKeys((world) => world.rotateKeys()),
    counts: both(1),
    accepted: 1,
  },
  {
    name: 'new hashes after the keys were lost',
    stopsTwice: true,
    prepare: (world, judge) => {
      judge.keysLost = true;
      newKeys(() => world.loseKeys())(world);
    },
    counts: both(1),
    accepted: 1,
    events: ['CredentialsRehashed'],
  },
  {
    name: 'new hashes of adopted values',
    options: { given },
    prepare: (world, judge) => {
      judge.keysLost = true;
      newKeys(() => world.loseKeys())(world);
    },
    counts: both(1),
    accepted: 1,
    events: ['CredentialsRehashed'],
  },
  {
    name: 'a rotation of an immutable Secret',
    stopsTwice: true,
    prepare: immutable(request('rotate')),
    counts: both(2),
    accepted: 1,
  },
  {
    name: 'a revoke of an immutable Secret',
    options: overlap,
    prepare: immutable(request('revoke')),
    counts: both(2),
    accepted: 1,
  },
];

/** A world at the moment before. */
export async function begin({
  options = {},
  prepare,
}: Scenario): Promise<{ readonly world: World; readonly judge: Judge }> {
  const world = new World(options);
  const judge = new Judge(world);
  if (prepare) {
    await world.first.finish();
    expect(world.connection.status?.clientId).toBeDefined();
    prepare(world, judge);
    for (const operator of world.operators) operator.deliver();
  }
  return { world, judge };
}

/** The numbers of calls after which a pass can be stopped. */
export async function stopsOf(scenario: Scenario): Promise<readonly number[]> {
  const { world } = await begin(scenario);
  let calls = 0;
  do {
    await world.first.step();
    calls++;
  } while (world.first.isRunning);
  return Array.from({ length: calls + 1 }, (_, i) => i);
}

export function both(count: number): Record<Part, number> {
  return { clientSecret: count, password: count };
}

function ask(name: keyof typeof rotationAnnotations): Record<string, string> {
  return { [rotationAnnotations[name]]: 'monday' };
}

export function request(name: keyof typeof rotationAnnotations): (world: World) => void {
  return (world) =>
    world.server.editConnection(world.key, ({ metadata }) => {
      metadata.annotations = { ...metadata.annotations, ...ask(name) };
    });
}

export function newKeys(change: (world: World) => void): (world: World) => void {
  return (world) => {
    world.server.now += minute;
    change(world);
    for (const operator of world.operators) operator.ring = world.ring;
  };
}

export function immutable(then: (world: World) => void): (world: World) => void {
  return (world) => {
    world.editSecret((secret) => Object.assign(secret, { immutable: true }));
    then(world);
  };
}
