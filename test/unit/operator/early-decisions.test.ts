import { expect, test } from 'vitest';
import { EarlyDecisions } from '../../../src/operator/early-decisions.ts';
import { observeConnection } from '../../../src/operator/observe/observe-connection.ts';
import { edit, issue } from './decide/issued-world.ts';
import { hour, type World } from './model/world.ts';

async function lookEarly(world: World): Promise<EarlyDecisions> {
  const early = new EarlyDecisions(() => world.first.reconciler());
  early.add([world.key]);
  // A look waits for nothing but promises.
  await new Promise((resolve) => setImmediate(resolve));
  return early;
}

async function find(world: World, early: EarlyDecisions, later = 0) {
  const { sources } = world.first.reconciler();
  const observed = await observeConnection(sources, world.path, { live: false, refusal: undefined });
  return observed && early.find(observed, world.server.now + later);
}

test('whoever observes the very same later need not decide again', async () => {
  const world = await issue();
  const early = await lookEarly(world);
  expect(await find(world, early)).toMatchObject({ writes: [] });
  early.clear();
  expect(await find(world, early)).toBeUndefined();
});

test('a change of the Connection, of its Secret or of the keys, or a role that went, asks for a new decision', async () => {
  const changes: ((world: World) => void)[] = [
    (world) =>
      world.server.editConnection(world.key, ({ metadata }) => Object.assign(metadata, { labels: { a: 'b' } })),
    (world) => edit(world, 'password'),
    (world) => world.server.deleteSecret('person', world.secretKey),
    (world) => {
      world.first.ring = { ...world.ring };
    },
  ];
  for (const change of changes) {
    const world = await issue();
    const early = await lookEarly(world);
    change(world);
    world.first.deliver();
    expect(await find(world, early)).toBeUndefined();
  }
  const world = await issue();
  const early = await lookEarly(world);
  world.hasRole = false;
  world.first.restart();
  expect(await find(world, early)).toBeUndefined();
});

test('a moment that was still to come and has passed asks for a new decision', async () => {
  const world = await issue({ spec: { rotation: { interval: '2h', overlap: '0s' } } });
  const early = await lookEarly(world);
  expect(await find(world, early, hour)).toBeDefined();
  expect(await find(world, early, 3 * hour)).toBeUndefined();
});

test('whatever has something to write is left to the time when everything is there', async () => {
  const world = await issue();
  edit(world, 'password');
  world.first.deliver();
  const writes = world.server.operatorWrites;
  const early = await lookEarly(world);
  expect(await find(world, early)).toBeUndefined();
  expect(world.server.operatorWrites).toBe(writes);
});

test('nothing is hashed slowly', async () => {
  const world = await issue({ given: { password: 'given-password' } });
  world.editSecret(({ metadata }) => {
    metadata.annotations = {};
  });
  world.first.deliver();
  const hashes = world.slowHashes;
  const early = await lookEarly(world);
  expect(world.slowHashes).toBe(hashes);
  expect(await find(world, early)).toBeUndefined();
});
