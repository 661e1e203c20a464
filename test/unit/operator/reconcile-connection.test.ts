import { describe, expect, test } from 'vitest';
import { labels as ourLabels, rotationAnnotations } from '../../../src/api/names.ts';
import type { Secret } from '../../../src/api/secret.ts';
import { ask, edit, issue, look, readyOf } from './decide/issued-world.ts';
import { World } from './model/world.ts';

/** What the first operator asks of the API server meanwhile. */
async function callsOf(world: World, act: () => Promise<unknown>): Promise<readonly string[]> {
  const before = world.first.calls.length;
  await act();
  return world.first.calls.slice(before);
}

const live = ['get connection', 'get secret'];
const rotation = ['rehearse replace', 'replace connection', 'replace secret', 'replace connection'];

describe('what a pass asks of the API server', () => {
  test('nothing at rest, nor after a restart: the caches say that nothing has to be done', async () => {
    const world = await issue();
    expect(await callsOf(world, () => look(world))).toEqual([]);
    world.first.restart();
    expect(await callsOf(world, () => look(world))).toEqual([]);
  });

  test('two writes for a new Connection: the create proves that there was no Secret', async () => {
    const world = new World();
    expect(await callsOf(world, () => world.first.finish())).toEqual(['create secret', 'replace connection']);
  });

  test('a live read before anything that changes an issued Connection', async () => {
    const world = await issue();
    expect(await callsOf(world, () => ask(world, 'rotate'))).toEqual([...live, ...rotation]);
  });

  test('a live read, and no write, when the caches alone say that the Secret is gone', async () => {
    const world = await issue();
    world.editSecret(({ metadata }) => {
      metadata.labels = {};
    });
    expect(await callsOf(world, () => look(world))).toEqual([...live, 'replace secret']);
  });

  test('a live read when the create finds a Secret, and the keys when its mark is of one that is not known', async () => {
    const world = new World({ given: { password: 'given-password' } });
    const calls = await callsOf(world, () => world.first.finish());
    expect(calls).toEqual(['create secret', ...live, 'replace secret', 'replace connection']);

    const lost = await issue();
    lost.loseKeys();
    expect(await callsOf(lost, () => ask(lost, 'rotate'))).toEqual([...live, ...rotation]);
    lost.first.ring = lost.ring;
    expect(await callsOf(lost, () => look(lost))).toEqual([
      ...live,
      'get keys',
      'replace connection',
      'replace secret',
    ]);
  });

  test('the same again when something changed meanwhile', async () => {
    const world = await issue();
    world.server.editConnection(world.key, ({ metadata }) => {
      metadata.annotations = { [rotationAnnotations.rotate]: 'a' };
    });
    world.first.deliver();
    for (let i = 0; i < 4; i++) await world.first.step();
    world.server.editConnection(world.key, ({ spec }) => {
      spec.label = 'Renamed';
    });
    const calls = await callsOf(world, () => world.first.finish());
    expect(calls).toEqual([...live, ...rotation]);
    expect(world.connection.status?.rotation?.history?.filter(({ cause }) => cause === 'Requested')).toHaveLength(2);
  });
});

describe('a pass ends', () => {
  test('with an error for the queue when it meets a conflict again and again', async () => {
    const world = await issue();
    world.server.editConnection(world.key, ({ metadata }) => {
      metadata.annotations = { [rotationAnnotations.rotate]: 'a' };
    });
    world.first.deliver();
    await world.first.step();
    for (let i = 0; world.first.isRunning; i++) {
      world.server.editConnection(world.key, ({ spec }) => {
        spec.label = `Name ${i}`;
      });
      await world.first.step();
    }
    expect(world.first.ended).toEqual({ kind: 'conflicts' });
  });

  test('and is begun again soon when the Secret was refused', async () => {
    const world = await issue();
    world.server.refusesSecrets = true;
    await ask(world, 'rotate');
    expect(readyOf(world)?.reason).toBe('SecretRefused');
    expect(world.first.ended).toEqual({ kind: 'done', recheckIn: 15_000 });
  });

  test('after a few writes when a webhook changes on the way what is written', async () => {
    const world = await issue();
    const store = world.server.replaceSecret.bind(world.server);
    world.server.replaceSecret = (by, draft, dryRun) => {
      const labels = { ...draft.metadata.labels, [ourLabels.managedBy]: 'somebody' };
      return store(by, { ...draft, metadata: { ...draft.metadata, labels } } as Secret, dryRun);
    };
    world.editSecret(({ metadata }) => {
      metadata.ownerReferences = [];
    });
    const calls = await callsOf(world, () => look(world));
    expect(world.first.ended).toEqual({ kind: 'done', recheckIn: undefined });
    expect(calls.filter((call) => call === 'replace secret')).toHaveLength(4);
  });

  test('with nothing when the Connection is gone', async () => {
    const world = await issue();
    edit(world, 'password');
    world.first.deliver();
    await world.first.step();
    world.server.deleteConnection(world.key);
    const writes = world.server.operatorWrites;
    await world.first.finish();
    expect(world.first.ended).toEqual({ kind: 'done', recheckIn: undefined });
    expect(world.server.operatorWrites).toBe(writes);
  });
});
