import { describe, expect, test } from 'vitest';
import { type Part, parts } from '../../../../src/api/names.ts';
import { verifiersOf } from '../../../../src/credentials/accepted-verifiers.ts';
import { countOf } from '../../../../src/credentials/version.ts';
import type { Judge } from './judge.ts';
import { begin, both, immutable, newKeys, overlap, request, type Scenario, scenarios, stopsOf } from './scenarios.ts';
import { settleWorld } from './settle-world.ts';
import { minute, type World } from './world.ts';

describe.each(scenarios)('$name, stopped before every single call', (scenario) => {
  test('and started anew', async () => {
    for (const stop of await stopsOf(scenario)) {
      await finishAlone(scenario, stop, async (world) => world.first.restart());
    }
  });

  test('while another operator does all of it and the first one goes on', async () => {
    for (const stop of await stopsOf(scenario)) {
      await finishAlone(scenario, stop, async (world) => {
        const second = world.operators[1];
        second?.restart();
        await second?.finish();
        while (world.first.isRunning) await world.first.step();
      });
    }
  });

  test('while another operator does a part of it, and each call meets the other', async () => {
    for (const stop of await stopsOf(scenario)) {
      await finishAlone(scenario, stop, async (world) => {
        const second = world.operators[1];
        second?.restart();
        for (let i = 0; i < 30; i++) {
          await second?.step();
          if (world.first.isRunning) await world.first.step();
        }
      });
    }
  });

  test('and its last answer lost', async () => {
    for (const stop of await stopsOf(scenario)) {
      await finishAlone(scenario, stop, async (world) => {
        world.first.loseAnswer();
        while (world.first.isRunning) await world.first.step();
      });
    }
  });
});

test.each(scenarios.filter(({ stopsTwice }) => stopsTwice))(
  '$name, stopped before every single call, started anew, and stopped again before every one',
  async (scenario) => {
    const stops = await stopsOf(scenario);
    for (const stop of stops) {
      for (const again of stops.slice(1)) {
        await finishAlone(scenario, stop, async (world) => {
          world.first.restart();
          for (let i = 0; i < again; i++) await world.first.step();
        });
      }
    }
  },
);

test.each(scenarios.filter(({ stopsTwice }) => stopsTwice))(
  '$name, stopped before every single call, gone on with in the middle of another operator',
  async (scenario) => {
    const stops = await stopsOf(scenario);
    for (const stop of stops) {
      for (const meanwhile of stops) {
        await finishAlone(scenario, stop, async (world) => {
          const second = world.operators[1];
          second?.restart();
          for (let i = 0; i < meanwhile; i++) await second?.step();
          while (world.first.isRunning) await world.first.step();
          while (second?.isRunning) await second.step();
        });
      }
    }
  },
);

test('keys that are lost again half way through the repair cost nobody a value', async () => {
  const scenario: Scenario = {
    name: '',
    prepare: (world, judge) => {
      judge.keysLost = true;
      newKeys(() => world.loseKeys())(world);
    },
    counts: both(1),
    accepted: 1,
    events: ['CredentialsRehashed'],
  };
  for (const stop of await stopsOf(scenario)) {
    await finishAlone(scenario, stop, async (world) => {
      world.server.now += minute;
      world.loseKeys();
      world.first.restart();
    });
  }
});

test.each(['rotateClientSecret', 'rotatePassword', 'rotate'] as const)(
  'keys that are lost half way through %s cost nobody a second value, and nothing is left undone',
  async (annotation) => {
    const rotated = {
      clientSecret: annotation === 'rotatePassword' ? 1 : 2,
      password: annotation === 'rotateClientSecret' ? 1 : 2,
    };
    const scenario: Scenario = {
      name: '',
      prepare: request(annotation),
      counts: rotated,
      accepted: 1,
      events: ['CredentialsRehashed'],
    };
    for (const stop of await stopsOf(scenario)) {
      await finishAlone(scenario, stop, async (world, judge) => {
        judge.keysLost = true;
        newKeys(() => world.loseKeys())(world);
        world.first.restart();
      });
    }
  },
);

describe('a rotation with overlap, stopped before every single call', () => {
  const scenario = { name: '', options: overlap, prepare: request('rotate'), counts: both(0), accepted: 0 };

  test('leaves nothing older to a revoke', async () => {
    for (const stop of await stopsOf(scenario)) {
      const { world, judge } = await begin(scenario);
      for (let i = 0; i < stop; i++) await world.first.step();
      request('revoke')(world);
      expect(await settleWorld(world, judge), `stopped before call ${stop}`).toEqual([]);
      for (const part of parts) expect(verifiersOf(world.connection, part)).toHaveLength(1);
    }
  });

  test.each(['deleted', 'edited'])('gives no version to two values when the Secret is %s then', async (how) => {
    for (const stop of await stopsOf(scenario)) {
      const { world, judge } = await begin(scenario);
      for (let i = 0; i < stop; i++) await world.first.step();
      if (how === 'deleted') world.server.deleteSecret('person', world.secretKey);
      else world.editSecret((secret) => Object.assign(secret, { data: { ...secret.data, password: 'eA==' } }));
      world.first.restart();
      expect(await settleWorld(world, judge), `stopped before call ${stop}`).toEqual([]);
    }
  });
});

/** When a rotation of one value has deleted an immutable Secret, the other value is lost with it: it keeps its overlap. */
test('a rotation of one value of an immutable Secret, stopped before every single call', async () => {
  const scenario = { options: overlap, prepare: immutable(request('rotateClientSecret')) };
  for (const stop of await stopsOf({ ...scenario, name: '', counts: both(0), accepted: 0 })) {
    const { world, judge } = await begin({ ...scenario, name: '', counts: both(0), accepted: 0 });
    for (let i = 0; i < stop; i++) await world.first.step();
    const wasDeleted = world.secret === undefined;
    world.first.restart();
    expect(await settleWorld(world, judge), `stopped before call ${stop}`).toEqual([]);
    expect(countsOf(world)).toEqual({ clientSecret: 2, password: wasDeleted ? 2 : 1 });
    const { connection } = world;
    expect(verifiersOf(connection, 'clientSecret')).toHaveLength(2);
    expect(verifiersOf(connection, 'password')).toHaveLength(wasDeleted ? 2 : 1);
    expect(world.events.filter(({ type }) => type === 'Warning')).toEqual([]);
  }
});

/** Stops before this many calls, lets `trouble` happen, and looks at the world when it has come to rest. */
async function finishAlone(
  scenario: Scenario,
  stop: number,
  trouble: (world: World, judge: Judge) => Promise<void>,
): Promise<void> {
  const { world, judge } = await begin(scenario);
  for (let i = 0; i < stop; i++) await world.first.step();
  await trouble(world, judge);
  const where = `stopped before call ${stop}`;
  expect(await settleWorld(world, judge), where).toEqual([]);
  expect(world.failures, where).toEqual([]);
  expect(countsOf(world), where).toEqual(scenario.counts);
  for (const part of parts) {
    const rotated = scenario.counts[part] > 1 ? scenario.accepted : 1;
    expect(verifiersOf(world.connection, part), where).toHaveLength(rotated);
  }
  const { history = [] } = world.connection.status?.rotation ?? {};
  expect(history, where).toHaveLength(parts.filter((part) => scenario.counts[part] > 1).length);
  const warnings = world.events.filter(({ type }) => type === 'Warning').map(({ reason }) => reason);
  for (const warning of warnings) expect(scenario.events ?? [], where).toContain(warning);
}

function countsOf({ connection }: World): Record<Part, number> {
  const count = (part: Part): number => countOf(verifiersOf(connection, part).at(-1)?.version);
  return { clientSecret: count('clientSecret'), password: count('password') };
}
